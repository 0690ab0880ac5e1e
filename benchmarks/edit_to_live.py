"""Seconds from saving an article on one knowledge server to its answer on another: `python -m benchmarks.edit_to_live`.

Starts an embedded Redis and two knowledge servers. Each round changes one article to ask something new, saves it on
the first and asks both until they answer it.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx2
import numpy as np

from tests.redis_server import redis_server

_ROUNDS = 20
_THINGS = ("紫砂壶", "滑雪板", "钢琴凳", "鱼缸", "帐篷", "望远镜", "缝纫机", "电烙铁", "风筝", "马鞍")


def main() -> None:
    with redis_server() as url, _server(url) as here, _server(url) as there, httpx2.Client(trust_env=False) as client:
        _measure(client, here, there)


def _measure(client: httpx2.Client, here: str, there: str) -> None:
    seconds: dict[str, list[float]] = {here: [], there: []}
    for number in range(_ROUNDS):
        question = f"{_THINGS[number % len(_THINGS)]}{number}号怎么保养"
        wording = {"question": question, "phrasings": [], "answer": "用软布擦。"}
        body = {"category": "repair", "texts": {"zh-Hans": wording}, "by": "benchmark"}
        began = time.perf_counter()
        saved = client.put(f"{here}/v1/articles/care-{number}", json=body, headers={"If-Match": "0"})
        saved.raise_for_status()
        for server, found in seconds.items():
            while not _answers(client, server, question, f"care-{number}"):
                time.sleep(0.005)
            found.append(time.perf_counter() - began)
    for name, found in zip(("where it was saved", "the other server"), seconds.values(), strict=True):
        middle, worst = float(np.median(found)), max(found)
        print(f"{name}: p50 {middle * 1000:.0f} ms, longest {worst * 1000:.0f} ms of {len(found)} edits")


def _answers(client: httpx2.Client, server: str, question: str, article: str) -> bool:
    answer = client.post(f"{server}/understand", json={"text": question}).json()
    return bool(answer["articles"]) and answer["articles"][0]["id"] == article


@contextlib.contextmanager
def _server(redis_url: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "knowledge_base", "--port", str(port)]
    environ = {"REDIS_URL": redis_url, "NAMESPACE": "edit-to-live", "LOG_FORMAT": "json", "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200:
                    break
            if process.poll() is not None:
                raise SystemExit("the knowledge server did not start")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
