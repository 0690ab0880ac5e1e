"""`zhiban run` with every process real: ready, mended, ended, and nothing left behind."""

import json
import os
import signal
import time
import urllib.request

import pytest

from tests.product import Product, free_ports, running_product
from tests.zhiban.command import Command
from tests.zhiban.programs import is_alive, until

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    with running_product(tmp_path_factory.mktemp("run")) as product:
        yield product


@pytest.fixture
def command(product) -> Command:
    return Command({"DATA_DIR": str(product.data_dir), "PORT": str(product.port)})


def test_everything_is_ready_when_it_says_so(product):
    for page in ("/", "/desk", "/readyz"):
        with urllib.request.urlopen(product.base_url + page, timeout=5) as answer:
            assert answer.status == 200, page
    state = product.run_json()
    assert state["ready"]
    assert set(state["processes"]) == {"redis", "office", "knowledge", "actions", "rasa", "worker", "doors"}
    assert all(facts["ready"] for facts in state["processes"].values())


def test_only_the_doors_listen_beyond_the_private_ports_and_nothing_beyond_the_loopback(product):
    listening = _listening(product.pids.values())
    assert listening == {("127.0.0.1", port) for port in product.run_json()["ports"].values()}


def test_status_lists_what_runs(product, command):
    said = command("status")
    assert said.code == 0
    assert said.lines[0].startswith(f"ready: {product.base_url}/")
    assert [line.split()[0] for line in said.lines[1:]] == list(product.run_json()["processes"])


def test_a_second_run_on_the_same_data_is_refused(command):
    said = command("run", PORT=str(free_ports(1)[0]))
    assert said.code == 1
    assert "is in use by another zhiban" in said.lines[0]


def test_the_first_agent_signs_in_with_the_printed_password_and_no_file_knows_it(product):
    body = json.dumps({"name": "admin", "password": product.first_password}).encode()
    headers = {"Content-Type": "application/json", "X-Requested-With": "zhiban"}
    asked = urllib.request.Request(f"{product.base_url}/v1/desk/sign-in", body, headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 204
    written = [path for path in product.data_dir.rglob("*") if path.is_file()]
    assert [path for path in written if product.first_password.encode() in path.read_bytes()] == []


def test_an_agent_is_added_while_the_product_runs(product, command):
    said = command("agents", "add", "lin", "--display-name", "小林")
    assert said.code == 0
    password = said.lines[0].split()[2]
    body = json.dumps({"name": "lin", "password": password}).encode()
    headers = {"Content-Type": "application/json", "X-Requested-With": "zhiban"}
    asked = urllib.request.Request(f"{product.base_url}/v1/desk/sign-in", body, headers)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 204
    assert command("agents", "add", "lin").lines == ["zhiban: there is an agent lin already."]


def test_the_desk_finds_no_differences(command):
    said = command("check")
    assert (said.code, said.lines) == (0, ["0 differences"])


@pytest.mark.parametrize("name", ["worker", "doors", "redis"])
async def test_a_process_that_is_killed_is_started_again(product, name):
    killed = product.pids[name]

    os.kill(killed, signal.SIGKILL)

    await until(lambda: product.pids[name] not in (None, killed), 20)
    await until(lambda: _is_ready(product), 30)
    assert not is_alive(killed)


async def test_ctrl_c_ends_everything_within_ten_seconds(tmp_path):
    product = Product(tmp_path / "var", {}).start()
    pids = [product.pid, *product.pids.values()]

    started = time.monotonic()
    code = product.stop(signal.SIGINT)

    assert code == 0
    assert time.monotonic() - started < 10
    assert [pid for pid in pids if is_alive(pid)] == []
    assert not (tmp_path / "var" / "run.json").exists()

    # And again on the same data: no second password, no second training.
    with running_product(tmp_path / "var") as again:
        assert not any("password" in line or "training" in line for line in again.output)
        pids = list(again.pids.values())
        again.kill()
        await until(lambda: not any(is_alive(pid) for pid in pids), 10)


def _is_ready(product: Product) -> bool:
    try:
        with urllib.request.urlopen(f"{product.base_url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _listening(pids) -> set[tuple[str, int]]:
    """(address, port) of every TCP socket on which one of `pids` listens."""
    import psutil

    found = set()
    for pid in pids:
        for connection in psutil.Process(pid).net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN:
                found.add((connection.laddr.ip, connection.laddr.port))
    return found
