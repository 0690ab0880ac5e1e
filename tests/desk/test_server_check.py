"""A server that could lose customers' messages is refused, in one clear line."""

import pytest

from desk import Desk, Settings, SettingsWrong, StoreUnavailable, StoreUnsuitable
from desk.store.connection import connect
from desk.store.server_check import check_info, check_server
from tests.redis_server import redis_server

GOOD = {"redis_version": "7.0.15", "aof_enabled": 1, "maxmemory_policy": "noeviction"}


def test_a_good_server_is_accepted():
    check_info(GOOD)
    check_info({**GOOD, "redis_version": "7.2.4", "valkey_version": "9.1.2"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"redis_version": "6.2.14"}, "Redis 6.2.14 is too old: use Redis or Valkey 7.0"),
        ({"aof_enabled": 0}, "appendonly yes"),
        ({"maxmemory_policy": "allkeys-lru"}, "set `maxmemory-policy noeviction`, it is allkeys-lru"),
    ],
)
def test_a_wrong_server_is_refused_with_what_to_do(wrong, said):
    with pytest.raises(StoreUnsuitable, match=said) as refusal:
        check_info({**GOOD, **wrong})
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--appendonly", "no"), "append-only"), (("--maxmemory-policy", "volatile-ttl"), "volatile-ttl")],
)
async def test_a_real_server_set_up_wrong_is_refused_at_start(options, said):
    with redis_server(*options) as url, pytest.raises(StoreUnsuitable, match=said):
        await Desk.connect(Settings(redis_url=url))


async def test_a_missing_server_is_unavailable(tmp_path):
    link = connect(f"unix://{tmp_path}/none")
    with pytest.raises(StoreUnavailable):
        await check_server(link)
    await link.aclose()
    with pytest.raises(StoreUnavailable):
        await Desk.connect(Settings(redis_url=f"unix://{tmp_path}/none"))


async def test_data_laid_out_otherwise_are_refused(settings, desk, redis):
    await redis.hset(desk.keys.meta, "partitions", "32")
    with pytest.raises(StoreUnsuitable, match="partitions 32, this version needs 64"):
        await Desk.connect(settings)


def test_settings_name_the_variable_and_what_would_be_right(tmp_path):
    for environ, named in (
        ({}, "REDIS_URL"),
        ({"REDIS_URL": "unix:///s", "NAMESPACE": "a b{"}, "NAMESPACE"),
        ({"REDIS_URL": "unix:///s", "REPLICA_ACKS": "one"}, "REPLICA_ACKS"),
        ({"REDIS_URL": "unix:///s", "WAITING_LIMIT": "-5"}, "WAITING_LIMIT"),
    ):
        with pytest.raises(SettingsWrong, match=named):
            Settings.from_environment(environ)
    read = Settings.from_environment({"REDIS_URL": "unix:///s", "REPLICA_ACKS": "2", "OPENING_HOURS": str(tmp_path)})
    assert (read.replica_acks, read.opening_hours, read.namespace) == (2, tmp_path, "zb")
