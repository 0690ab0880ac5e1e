"""Whatever happens to the server, its clients hear one error, in time."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from knowledge_base.client import KnowledgeClient, KnowledgeUnavailable, SyncKnowledgeClient, unpack_vector

NOBODY = "http://127.0.0.1:9"


class Sick(BaseHTTPRequestHandler):
    """A server that answers as its path's first figure says, or holds its tongue."""

    answers: ClassVar[dict[str, Any]] = {"status": 500, "body": b"{}"}
    silent = threading.Event()

    def do_POST(self):
        self.do_GET()

    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.answers["status"] == 0:
            self.silent.wait(5)
            return
        self.send_response(self.answers["status"])
        self.send_header("content-length", str(len(self.answers["body"])))
        self.end_headers()
        self.wfile.write(self.answers["body"])

    def log_message(self, *_):
        pass


@pytest.fixture
def sick() -> Iterator[str]:
    Sick.silent.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sick)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Sick.silent.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"oops"), (503, b"{}"), (422, b"{}"), (200, b"no json"), (200, b"[]"), (200, b"{}"), (200, b'{"data": 1}')],
)
async def test_an_unusable_answer_is_unavailability(sick, monkeypatch, status, body):
    monkeypatch.setattr(Sick, "answers", {"status": status, "body": body})
    async with KnowledgeClient(sick) as client:
        for asking in (client.understand("x"), client.embed(["x"]), client.encoder(), client.article("a")):
            with pytest.raises(KnowledgeUnavailable):
                await asking
    with SyncKnowledgeClient(sick) as plain:
        for ask in (
            lambda: plain.understand("x"),
            lambda: plain.embed(["x"]),
            plain.encoder,
            lambda: plain.article("a"),
        ):
            with pytest.raises(KnowledgeUnavailable):
                ask()


async def test_a_server_that_is_not_there_is_unavailable():
    async with KnowledgeClient(NOBODY) as client:
        with pytest.raises(KnowledgeUnavailable):
            await client.understand("x")
    with SyncKnowledgeClient(NOBODY) as plain, pytest.raises(KnowledgeUnavailable):
        plain.encoder()


async def test_a_silent_server_costs_no_more_than_the_time_given(sick, monkeypatch):
    monkeypatch.setattr(Sick, "answers", {"status": 0, "body": b""})
    began = time.monotonic()
    async with KnowledgeClient(sick) as client:
        with pytest.raises(KnowledgeUnavailable):
            await client.understand("x", timeout=0.2)
        with SyncKnowledgeClient(sick) as plain, pytest.raises(KnowledgeUnavailable):
            await asyncio.to_thread(plain.understand, "x", timeout=0.2)
    assert time.monotonic() - began < 2


async def test_a_caller_that_gives_up_is_not_held(sick, monkeypatch):
    monkeypatch.setattr(Sick, "answers", {"status": 0, "body": b""})
    async with KnowledgeClient(sick) as client:
        asking = asyncio.create_task(client.understand("x", timeout=5))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


def test_no_texts_need_no_server():
    with SyncKnowledgeClient(NOBODY) as plain:
        assert plain.embed([]) == []


@pytest.mark.parametrize("packed", ["!", "AAA", "AAAAAAA="])
def test_what_is_no_vector_is_not_unpacked(packed):
    with pytest.raises(ValueError):
        unpack_vector(packed)


def test_the_client_loads_neither_torch_nor_numpy():
    heavy = "{'torch', 'numpy', 'faiss', 'redis', 'fastapi', 'sentence_transformers'}"
    code = f"import sys, knowledge_base.client; sys.exit(len({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
