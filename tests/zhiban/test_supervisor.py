"""The supervisor with small stand-in programs: real processes, real signals."""

import asyncio
import itertools
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.product import free_ports
from tests.zhiban.programs import ANSWERS, HAS_A_CHILD, IGNORES_TERM, SERVES, is_alive, python, until
from zhiban import child, readiness
from zhiban.backoff import Backoff
from zhiban.problems import Problem
from zhiban.supervisor import Supervisor


@pytest.fixture
async def supervisor(tmp_path):
    told: list[str] = []
    supervisor = Supervisor(tmp_path / "logs", told.append, make_backoff=lambda: Backoff(first=0.01, limit=0.02))
    supervisor.told = told
    yield supervisor
    await supervisor.stop(stage_seconds=2)


async def test_a_program_that_is_killed_runs_again(supervisor, tmp_path):
    await supervisor.start([python("door", SERVES, tmp_path)])
    door = supervisor.children["door"]
    first = door.pid

    os.kill(first, signal.SIGKILL)
    await until(lambda: door.pid not in (None, first))

    assert is_alive(door.pid)
    assert not is_alive(first)
    assert door.restarts == 1
    assert "door ended (SIGKILL); starting it again" in supervisor.told


async def test_a_program_that_hangs_is_killed_and_runs_again(supervisor, tmp_path, quickly):
    port = free_ports(1)[0]
    url = f"http://127.0.0.1:{port}/"
    asks = {"ready": readiness.http(url), "alive": readiness.http_alive(url)}
    await supervisor.start([python("door", ANSWERS.format(port=port), tmp_path, **asks)])
    door = supervisor.children["door"]
    first = door.pid

    os.kill(first, signal.SIGSTOP)
    await until(lambda: door.pid not in (None, first))

    assert not is_alive(first)
    assert any("door has not answered for" in line for line in supervisor.told)


async def test_a_program_that_says_it_is_not_ready_does_not_hang(supervisor, tmp_path, quickly):
    port = free_ports(1)[0]
    alive = readiness.http_alive(f"http://127.0.0.1:{port}/nowhere")
    asked = []

    async def ask() -> bool:
        asked.append(await alive())
        return asked[-1]

    ready = readiness.http(f"http://127.0.0.1:{port}/")
    await supervisor.start([python("door", ANSWERS.format(port=port), tmp_path, ready=ready, alive=ask)])
    first = supervisor.children["door"].pid

    await until(lambda: len(asked) > 20)

    assert all(asked)
    assert supervisor.children["door"].pid == first


async def test_a_pause_of_the_whole_machine_ends_nobody(supervisor, tmp_path, quickly):
    answers = [True]

    async def ask() -> bool:
        if len(answers) == 1:
            answers.append(False)
            time.sleep(4 * child.HUNG_SECONDS)  # noqa: ASYNC251 - nothing runs meanwhile, ourselves included
            return False
        answers.append(True)
        return True

    await supervisor.start([python("door", SERVES, tmp_path, alive=ask)])
    first = supervisor.children["door"].pid

    await until(lambda: len(answers) > 5)

    assert supervisor.children["door"].pid == first


@pytest.fixture
def quickly(monkeypatch):
    monkeypatch.setattr(child, "HUNG_SECONDS", 0.2)
    monkeypatch.setattr(child, "ASK_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(readiness, "ALIVE_SECONDS", 0.2)


async def test_what_a_killed_program_had_started_is_killed_with_it(supervisor, tmp_path):
    await supervisor.start([python("door", HAS_A_CHILD, tmp_path)])
    grandchild = int((tmp_path / "logs" / "door.log").read_text().split()[0])
    assert is_alive(grandchild)

    os.kill(supervisor.children["door"].pid, signal.SIGKILL)

    await until(lambda: not is_alive(grandchild))


async def test_all_programs_end_when_we_stop(supervisor, tmp_path):
    await supervisor.start([python(name, SERVES, tmp_path) for name in ("worker", "door")])
    pids = [child.pid for child in supervisor.children.values()]
    assert all(is_alive(pid) for pid in pids)

    await supervisor.stop()

    assert not any(is_alive(pid) for pid in pids)


async def test_a_program_that_will_not_end_is_killed(supervisor, tmp_path):
    await supervisor.start([python("stubborn", IGNORES_TERM, tmp_path)])
    pid = supervisor.children["stubborn"].pid

    await supervisor.stop(stage_seconds=0.2)

    assert not is_alive(pid)
    assert any("stubborn did not end" in line for line in supervisor.told)


async def test_programs_end_in_stages_the_server_last(supervisor, tmp_path):
    says_goodbye = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    with open('goodbyes', 'a') as file: file.write('{name} ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('here', flush=True); time.sleep(600)"
    )
    order = {"server": 3, "rasa": 2, "door": 1}
    await supervisor.start(
        [python(name, says_goodbye.replace("{name}", name), tmp_path, ends=ends) for name, ends in order.items()]
    )

    await supervisor.stop()

    assert (tmp_path / "goodbyes").read_text().split() == ["door", "rasa", "server"]


async def test_a_program_waits_for_those_it_needs(supervisor, tmp_path):
    ready = asyncio.Event()

    async def when_told() -> bool:
        return ready.is_set()

    starting = asyncio.create_task(
        supervisor.start(
            [python("server", SERVES, tmp_path, ready=when_told), python("door", SERVES, tmp_path, after=("server",))]
        )
    )
    await until(lambda: "server" in supervisor.children and supervisor.children["server"].pid)
    assert supervisor.children["door"].pid is None

    ready.set()
    await starting

    assert is_alive(supervisor.children["door"].pid)


async def test_a_program_that_never_starts_is_a_problem_with_its_last_words(supervisor, tmp_path):
    with pytest.raises(Problem, match=r"broken does not start \(exit code 3\): the table is missing"):
        await supervisor.start(
            [python("broken", "import sys; print('the table is missing'); sys.exit(3)", tmp_path, ready=_never)]
        )


async def test_a_program_that_is_not_there_is_a_problem(supervisor, tmp_path):
    missing = python("missing", SERVES, tmp_path)
    missing = type(missing)(missing.name, ("/nowhere/python",), missing.folder, missing.environ)

    with pytest.raises(Problem, match="missing cannot be started: /nowhere/python: No such file"):
        await supervisor.start([missing])


async def test_warnings_of_a_program_reach_the_terminal_and_all_of_it_the_log(supervisor, tmp_path):
    code = "import time; print('plain'); print('WARNING: nearly full'); time.sleep(600)"
    await supervisor.start([python("door", code, tmp_path)])

    await until(lambda: supervisor.told)

    assert supervisor.told == ["door: WARNING: nearly full"]
    assert (tmp_path / "logs" / "door.log").read_text() == "plain\nWARNING: nearly full\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
async def test_nothing_survives_when_the_supervisor_itself_is_killed(tmp_path):
    supervising = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("supervising.py")), str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert supervising.stdout is not None
    pids = [int(pid) for pid in (await asyncio.wait_for(supervising.stdout.readline(), 20)).split()]
    assert len(pids) == 2
    assert all(is_alive(pid) for pid in pids)

    supervising.kill()
    await supervising.wait()

    await until(lambda: not any(is_alive(pid) for pid in pids))


async def test_stopping_in_the_middle_of_a_start_leaves_nothing(supervisor, tmp_path):
    starting = asyncio.create_task(supervisor.start([python("door", SERVES, tmp_path, ready=_never)]))
    await until(lambda: "door" in supervisor.children and supervisor.children["door"].pid)
    pid = supervisor.children["door"].pid

    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await supervisor.stop()

    assert not is_alive(pid)


def test_waits_double_up_to_a_limit_and_start_over_after_a_long_life():
    backoff = Backoff()
    assert [backoff.after(alive=0.1) for _ in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]
    assert backoff.after(alive=31) == 0.5


async def test_a_program_that_keeps_dying_is_started_less_and_less_often(tmp_path):
    supervisor = Supervisor(tmp_path / "logs", lambda _: None, make_backoff=lambda: Backoff(first=0.1, limit=0.4))
    births = tmp_path / "births"
    code = f"import time; open({str(births)!r}, 'a').write(f'{{time.monotonic()}} '); print('here', flush=True)"
    await supervisor.start([python("door", code, tmp_path)])
    try:
        await until(lambda: len(births.read_text().split()) >= 4)
    finally:
        await supervisor.stop()
    times = [float(text) for text in births.read_text().split()]
    first, second, third = (later - earlier for earlier, later in itertools.pairwise(times[:4]))
    assert first >= 0.1
    assert second >= 0.2
    assert third >= 0.4
    assert time.monotonic() > times[-1]


async def _never() -> bool:
    return False
