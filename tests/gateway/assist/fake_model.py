"""A fake of an OpenAI-compatible server, for tests: `python tests/gateway/assist/fake_model.py PORT`.

It is no model. What it answers depends on one word of the request's last message: `INVENT` (adds what nobody said),
`BREAK` (no JSON), `SLOW` (too late), `REFUSE` (500); otherwise it repeats the first two lines as one sentence.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeModel(BaseHTTPRequestHandler):
    """Answers `POST /v1/chat/completions`."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = body["messages"][-1]["content"]
        if self.path != "/v1/chat/completions" or self.headers.get("Authorization") != "Bearer fake-key":
            self._answer(401, b"{}")
        elif "REFUSE" in told:
            self._answer(500, b"{}")
        elif "BREAK" in told:
            self._answer(200, b"<html>")
        else:
            if "SLOW" in told:
                time.sleep(4)
            text = "，".join(line.strip("。") for line in told.splitlines()[:2]) + "。"
            text += "已退款 999 元给李先生。" if "INVENT" in told else ""
            self._answer(200, json.dumps({"choices": [{"message": {"content": text}}]}).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests say what is wrong."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), FakeModel)
    print(server.server_port, flush=True)
    server.serve_forever()
