"""What the fakes of OpenAI-compatible servers share: separate programs that go wrong when a word tells them to.

They are no models. `REFUSE` in what they are told gives 500, `BREAK` no JSON, `ODD` no text, `FLOOD` a megabyte of
text, `SLOW` an answer after `slowness` seconds, `DRIP` a letter every fifth of a second.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEY = "fake-key"


class FakeChatModel(BaseHTTPRequestHandler):
    """Answers `POST /v1/chat/completions` with what `said` makes of the last message."""

    slowness = 4.0

    def said(self, told: str, rules: str) -> str:
        """What the model says to `told` under `rules`."""
        raise NotImplementedError

    def told(self, messages: list[dict[str, Any]]) -> str:
        """In which the words that make it go wrong are looked for."""
        return str(messages[-1]["content"])

    def do_POST(self) -> None:
        messages = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"]
        told = self.told(messages)
        if self.path != "/v1/chat/completions" or self.headers.get("Authorization") != f"Bearer {KEY}":
            self._answer(401, b"{}")
        elif "REFUSE" in told:
            self._answer(500, b"{}")
        elif "BREAK" in told:
            self._answer(200, b"<html>")
        elif "ODD" in told:
            self._answer(200, b'{"choices": [{"message": {"content": {"a": 1}}}]}')
        elif "FLOOD" in told:
            self._say("好" * 300_000)
        elif "DRIP" in told:
            self._drip()
        else:
            if "SLOW" in told:
                time.sleep(self.slowness)
            self._say(self.said(str(messages[-1]["content"]), str(messages[0]["content"])))

    def _say(self, text: str) -> None:
        self._answer(200, json.dumps({"choices": [{"message": {"content": text}}]}).encode())

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "50")
        self.end_headers()
        with suppress(OSError):  # whoever asked has left
            for _ in range(50):
                self.wfile.write(b" ")
                time.sleep(0.2)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what is wrong."""


def serve(model: type[FakeChatModel]) -> None:
    """Serve until ended, on the port of the first argument; prints the port."""
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), model)
    print(server.server_port, flush=True)
    server.serve_forever()


@contextmanager
def running(module: str) -> Iterator[str]:
    """The address of `module`, run as a program."""
    command = [sys.executable, "-m", module, "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    yield f"http://127.0.0.1:{port}/v1"
    process.terminate()
    process.wait(10)
    process.stdout.close()
