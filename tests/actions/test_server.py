"""The action server as its own process."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "actions", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    transport = httpx2.HTTPTransport(retries=8)  # with growing pauses: it says in no other way that it is ready
    try:
        with httpx2.Client(transport=transport, trust_env=False) as client:
            assert client.get(f"{url}/health", timeout=30).status_code == 200
        yield url
    finally:
        process.terminate()
        process.wait(20)


def test_it_serves_every_action_of_the_domain(server: str) -> None:
    served = {action["name"] for action in httpx2.get(f"{server}/actions", trust_env=False).json()}
    domain = [yaml.safe_load(path.read_text()) for path in (ROOT / "bot/domain").glob("*.yml")]
    assert served == {action for part in domain for action in part.get("actions", [])}


def test_an_unknown_action_is_404(server: str) -> None:
    call = {"next_action": "action_x", "sender_id": "c1-1", "tracker": {}, "domain": {}, "version": "3.6.21"}
    assert httpx2.post(f"{server}/webhook", json=call, trust_env=False).status_code == 404


def test_only_the_loopback_is_bound(server: str) -> None:
    port = f"{int(server.rsplit(':', 1)[1]):04X}"
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert f"0100007F:{port}" in listening


def test_no_sentence_for_customers_is_in_python() -> None:
    for room in ("actions", "bot", "office"):
        for path in (ROOT / room).rglob("*.py"):
            quoted = re.findall(r'"[^"\n]*[\u4e00-\u9fff]{6,}[^"\n]*"', path.read_text())
            assert not [words for words in quoted if "|" not in words], path
