"""The embedded server, for real: what it promises about the data, and who may touch its directory."""

import os
import signal

import pytest
from redis.asyncio import Redis

from tests.zhiban.programs import is_alive, until
from zhiban import embedded
from zhiban.backoff import Backoff
from zhiban.data_dir import held, is_held
from zhiban.problems import Problem
from zhiban.supervisor import Supervisor


@pytest.fixture
async def running(settings):
    """The supervised server with its lock, and a client."""
    with held(settings.data_dir) as lock:
        supervisor = Supervisor(settings.logs, print, make_backoff=lambda: Backoff(first=0.01))
        await supervisor.start([embedded.program(settings, lock)])
        async with Redis(unix_socket_path=str(embedded.socket_path(settings)), decode_responses=True) as client:
            yield supervisor.children["redis"], client
        await supervisor.stop()


async def test_everything_is_on_disk_before_it_is_acknowledged_and_nothing_is_evicted(running):
    _, client = running
    wanted = {
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-use-rdb-preamble": "no",
        "maxmemory-policy": "noeviction",
        "port": "0",
    }
    assert {name: (await client.config_get(name))[name] for name in wanted} == wanted


async def test_what_was_acknowledged_is_there_after_the_server_is_killed(running):
    child, client = running
    first = child.pid
    await client.set("message", "我的快递三天没动了")

    os.kill(first, signal.SIGKILL)
    await until(lambda: child.pid not in (None, first))
    await until(lambda: child.restarts == 1)

    async def answered() -> bool:
        return bool(await child.program.ready())

    while not await answered():
        pass
    assert await client.get("message") == "我的快递三天没动了"


async def test_nobody_else_on_the_machine_may_read_the_data(running, settings):
    for path in (settings.data_dir, embedded.socket_path(settings), *settings.redis_data.rglob("*.aof")):
        assert path.stat().st_mode & 0o077 == 0, path


async def test_the_directory_stays_held_for_as_long_as_the_server_lives(settings):
    supervisor = Supervisor(settings.logs, print)
    with held(settings.data_dir) as lock:
        await supervisor.start([embedded.program(settings, lock)])
    pid = supervisor.children["redis"].pid
    assert is_alive(pid)
    assert is_held(settings.data_dir)
    with pytest.raises(Problem, match="is in use"), held(settings.data_dir, patience=0.1):
        pass

    await supervisor.stop()

    assert not is_held(settings.data_dir)


async def test_the_same_version_starts_again_on_its_own_data(settings):
    for _ in range(2):
        assert embedded.check(settings).startswith("Valkey 9.")
        supervisor = Supervisor(settings.logs, print)
        with held(settings.data_dir) as lock:
            await supervisor.start([embedded.program(settings, lock)])
            await supervisor.stop()


def test_a_socket_has_a_short_path_also_when_the_data_directory_has_a_long_one(settings, tmp_path):
    from dataclasses import replace

    deep = replace(settings, data_dir=tmp_path / ("深" * 40))
    assert len(os.fsencode(embedded.socket_path(deep))) <= 100
    assert embedded.socket_path(deep) == embedded.socket_path(deep)
    assert embedded.socket_path(deep) != embedded.socket_path(replace(deep, data_dir=tmp_path / ("远" * 40)))
    embedded.socket_path(deep).parent.rmdir()
    embedded.socket_path(replace(deep, data_dir=tmp_path / ("远" * 40))).parent.rmdir()


def test_paths_with_spaces_and_quotes_survive_the_configuration(tmp_path):
    text = embedded.configuration_text(tmp_path / 'a "b" c', tmp_path / "s")
    assert f'dir "{tmp_path}/a \\"b\\" c"' in text
