"""May the desk trust this server with customers' messages?"""

from typing import Any

from redis.asyncio import Redis, RedisCluster
from redis.exceptions import RedisError

from desk.errors import StoreUnavailable, StoreUnsuitable

OLDEST = (7, 0)


async def check_server(redis: "Redis | RedisCluster") -> None:
    """Raises StoreUnsuitable with one line that says what is wrong and what to do; StoreUnavailable."""
    try:
        for info in await _infos(redis):
            check_info(info)
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"Redis does not answer: {error}") from error


def check_info(info: dict[str, Any]) -> None:
    """The same for what INFO answered."""
    name, version = server_and_version(info)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise StoreUnsuitable(f"{name} {version} is too old: use Redis or Valkey 7.0 or newer")
    if not int(info.get("aof_enabled", 0)):
        raise StoreUnsuitable(f"{name} {version} keeps no append-only file: set `appendonly yes`")
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        raise StoreUnsuitable(f"{name} {version} may evict our data: set `maxmemory-policy noeviction`, it is {policy}")


def server_and_version(info: dict[str, Any]) -> tuple[str, str]:
    """Valkey reports the Redis version that it is compatible with beside its own."""
    if "valkey_version" in info:
        return "Valkey", str(info["valkey_version"])
    return "Redis", str(info.get("redis_version", "0.0"))


async def _infos(redis: "Redis | RedisCluster") -> list[dict[str, Any]]:
    if isinstance(redis, RedisCluster):
        answer = await redis.info(target_nodes=RedisCluster.PRIMARIES)
        # One node answers with its own facts, several with {node: facts}.
        return [answer] if "redis_version" in answer else list(answer.values())
    return [await redis.info()]
