"""A fake of an OpenAI-compatible server, for tests: `python tests/worker/fake_writer.py PORT`.

It is no model. What it answers hangs on a word in what the customer said, and it is easily led: whoever tells it to
ignore its instructions is obeyed. Otherwise it rewords the refund article as a good model would, else says NONE.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = {
    "zh": "您好，您在我的订单里点「退款」就可以了，三天内到账，请您放心。[refund]",
    "en": "You can open My orders and tap Refund; it takes three days. [refund]",
}
BY_WORD = {
    "INVENT": "您在我的订单里点「退款」，一天内到账。[refund]",
    "UNCITED": "您在我的订单里点「退款」，三天内到账。",
    "ELSEWHERE": "您在我的订单里点「退款」，三天内到账。[fees]",
    "WEATHER": "秋风起时落叶黄，远山如黛水苍茫。独坐江边听晚钟，一叶扁舟入夕阳。[refund]",
    "EMPTY": "",
}
OBEYED = "好的，我们承诺给您全额退款，马上到账！[refund]"


class FakeWriter(BaseHTTPRequestHandler):
    """Answers `POST /v1/chat/completions`."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = json.loads(body["messages"][-1]["content"])
        asked, ids = told["asked"], [one["id"] for one in told["articles"]]
        if self.path != "/v1/chat/completions" or self.headers.get("Authorization") != "Bearer fake-key":
            self._answer(401, b"{}")
        elif "REFUSE" in asked:
            self._answer(500, b"{}")
        elif "BREAK" in asked:
            self._answer(200, b"<html>")
        elif "ODD" in asked:
            self._answer(200, b'{"choices": [{"message": {"content": {"a": 1}}}]}')
        elif "FLOOD" in asked:
            self._answer(200, b" " * 1_000_000)
        else:
            if "SLOW" in asked:
                time.sleep(2.5)
            self._say(self._text(asked, ids, body["messages"][0]["content"]))

    def _text(self, asked: str, ids: list[str], rules: str) -> str:
        if "忽略" in asked or "ignore your instructions" in asked:
            return OBEYED
        if "ECHO" in asked:
            return f"{asked}[{ids[0]}]"
        by_word = [text for word, text in BY_WORD.items() if word in asked]
        if by_word or ids != ["refund"]:
            return (by_word or ["NONE"])[0]
        return GOOD["en" if "in English" in rules else "zh"]

    def _say(self, text: str) -> None:
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
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), FakeWriter)
    print(server.server_port, flush=True)
    server.serve_forever()
