"""May the desk trust this server with customers' messages?"""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.exceptions import RedisError

from desk.errors import StoreUnavailable, StoreUnsuitable
from desk.store.link import Link

OLDEST = (7, 0)


async def check_server(link: Link, replica_acks: int | None = None) -> str:
    """What was found, in a few words. `replica_acks` None: 1 on a cluster.

    Raises StoreUnsuitable with one line that says what is wrong and what to do; StoreUnavailable.
    """
    try:
        infos = await link.infos()
    except (RedisError, OSError) as error:
        raise StoreUnavailable(f"Redis does not answer: {error}") from error
    for info in infos:
        check_info(info)
    names = " and ".join(sorted({" ".join(server_and_version(info)) for info in infos}))
    if not link.clustered:
        return names
    check_replicas(infos, 1 if replica_acks is None else replica_acks)
    masters = sum(info.get("role") == "master" for info in infos)
    return f"a cluster of {names}, {masters} masters and {len(infos) - masters} replicas answer"


def check_info(info: Mapping[str, Any]) -> None:
    """The same for what INFO answered."""
    name, version = server_and_version(info)
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise StoreUnsuitable(f"{name} {version} is too old: use Redis or Valkey 7.0 or newer")
    if not int(info.get("aof_enabled", 0)):
        raise StoreUnsuitable(f"{name} {version} keeps no append-only file: set `appendonly yes`")
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        raise StoreUnsuitable(f"{name} {version} may evict our data: set `maxmemory-policy noeviction`, it is {policy}")


def check_replicas(infos: Sequence[Mapping[str, Any]], replica_acks: int) -> None:
    """A cluster of which no master has replicas enough was never meant to have them; one that lost a few may start."""
    most = max(int(info.get("connected_slaves", 0)) for info in infos)
    if most < replica_acks:
        raise StoreUnsuitable(
            f"the cluster's masters have {most} replicas and REPLICA_ACKS is {replica_acks}: "
            "add replicas, or set REPLICA_ACKS=0 and lose the latest messages when a server is lost"
        )


def server_and_version(info: Mapping[str, Any]) -> tuple[str, str]:
    """Valkey reports the Redis version that it is compatible with beside its own."""
    if "valkey_version" in info:
        return "Valkey", str(info["valkey_version"])
    return "Redis", str(info.get("redis_version", "0.0"))
