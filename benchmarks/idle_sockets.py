"""What widgets cost that are open and silent: memory and CPU of one doors process with many WebSockets.

python -m benchmarks.idle_sockets --sockets 5000 --talked 0.5

A real Redis and a real doors process; each socket is a customer of its own, opened as the widget opens it (session,
WebSocket, `resume`), and then only answers the server's pings. `--talked` is the share that has written a message.
"""

import argparse
import asyncio
import json
import os
import resource
import secrets
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from desk import Desk, Settings
from tests.gateway.process import ROOT, Process
from tests.redis_server import redis_server

AT_ONCE = 50
LIMITS = {"RATE_SESSIONS": "1000000 per minute", "RATE_MESSAGES": "1000 per second"}


async def widget(http: aiohttp.ClientSession, url: str, talks: bool, opened: asyncio.Semaphore) -> asyncio.Task[None]:
    """One open widget; the task answers its pings."""
    async with opened:
        async with http.post(f"{url}/v1/sessions", json={}) as answer:
            assert answer.status == 201, await answer.text()
            token = (await answer.json())["session"]
        socket = await http.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket", max_msg_size=2**16)
        await socket.receive_str()
        await socket.send_str("40" + json.dumps({"token": token}))
        await socket.receive_str()
        await socket.send_str('420["resume",{}]')
        await until_acknowledged(socket, "0")
        if talks:
            await socket.send_str("421" + json.dumps(["message", {"message_id": secrets.token_hex(8), "text": "在吗"}]))
            await until_acknowledged(socket, "1")
    return asyncio.create_task(stays(socket))


async def until_acknowledged(socket: aiohttp.ClientWebSocketResponse, number: str) -> None:
    while not (said := await socket.receive_str()).startswith(f"43{number}"):
        if said == "2":
            await socket.send_str("3")


async def stays(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for said in socket:
        if said.data == "2":
            await socket.send_str("3")


async def measure(doors: Process, pids: dict[str, int], sockets: int, talked: float, seconds: float) -> list[str]:
    empty = pss_mb(pids["doors"])
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        began = time.monotonic()
        many = [widget(http, doors.url, number < sockets * talked, gate) for number in range(sockets)]
        listening = await asyncio.gather(*many)
        opening = time.monotonic() - began
        await asyncio.sleep(10)
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        began = time.monotonic()
        await asyncio.sleep(seconds)
        passed = time.monotonic() - began
        used = {name: (cpu_seconds(pid) - before[name]) / passed for name, pid in pids.items()}
        full = pss_mb(pids["doors"])
        lost = sum(task.done() for task in listening)
        began = time.monotonic()
        stopped, _ = await asyncio.gather(doors.stop(), asyncio.wait(listening))
        told = time.monotonic() - began
    return [
        f"{sockets} sockets in {opening:.0f} s, {lost} lost",
        f"doors: {empty:.0f} MB empty, {full:.0f} MB with them ({(full - empty) * 1024 / sockets:.0f} KB each; PSS)",
        *(f"{name}: {share * 1000:.0f} ms CPU a second" for name, share in used.items()),
        f"stopped in {stopped:.1f} s; every socket had heard of it after {told:.1f} s",
    ]


async def run(sockets: int, talked: float, seconds: float) -> None:
    with redis_server() as redis_url, tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "doors.log"
        own = {"REDIS_URL": redis_url, "NAMESPACE": "bench", "PORT": "0", "LOG_FORMAT": "json", **LIMITS}
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway.doors", env={**os.environ, **own}, cwd=ROOT, stdout=out, stderr=out
            )
        doors = Process(process, log)
        try:
            await doors.until_open()
            async with await Desk.connect(Settings(redis_url, "bench")) as desk:
                (info,) = await desk.store.link.infos()
            pids = {"doors": process.pid, "redis": int(info["process_id"])}
            for line in await measure(doors, pids, sockets, talked, seconds):
                print(line)
        finally:
            await doors.stop()


def pss_mb(pid: int) -> float:
    return float(psutil.Process(pid).memory_full_info().pss) / 2**20


def cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=5000)
    parser.add_argument("--talked", type=float, default=0.5, help="share of customers who have written")
    parser.add_argument("--seconds", type=float, default=30.0, help="for how long CPU is measured")
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(run(given.sockets, given.talked, given.seconds))


if __name__ == "__main__":
    main()
