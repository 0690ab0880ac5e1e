"""`python -m gateway.worker`: starts, is ready, works, logs nothing personal, and ends in order."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process

import httpx2

from tests.worker.scripted_rasa import SECRET
from tests.worker.shop import Shop


async def test_the_process_works_until_it_is_told_to_stop(shop: Shop) -> None:
    port = free_port()
    process = await start(shop, port)
    try:
        await ready(process, port)
        answers = await shop.ask("我的手机是13812345678，卡坏了 li@example.com")
        await shop.rasa.stop()
        await shop.ask("我的手机是13812345678，卡坏了 li@example.com")
        async with httpx2.AsyncClient(trust_env=False) as http:
            metrics = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
            state = (await http.get(f"http://127.0.0.1:{port}/readyz")).json()
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(process.communicate(), 10)
    assert answers[0].text.startswith("heard 1")
    assert state == {"status": "ok", "neighbours": {"rasa": "ok", "knowledge": "ok", "actions": "ok"}}
    assert 'zhiban_worker_turns_total{by="bot"} 1.0' in metrics
    assert 'zhiban_worker_bot_failures_total{code="unreachable"} 1.0' in metrics
    assert 'zhiban_worker_breaker_open{target="rasa"} 0.0' in metrics
    assert "zhiban_worker_leases 64.0" in metrics
    logged = (out + err).decode()
    assert process.returncode == 0, logged
    assert '"event": "turn_without_bot"' in logged
    for planted in ("13812345678", "li@example.com", "卡坏了"):
        assert planted not in logged + metrics
    assert await shop.desk.lease(0, "next") is not None


async def test_a_port_that_is_taken_is_one_clear_line(shop: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await start(shop, port)
        _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert f"WORKER_PORT={port}" in err.decode()
    assert "Traceback" not in err.decode()


async def test_a_missing_setting_is_one_clear_line(shop: Shop) -> None:
    process = await start(shop, 0, BOT_SECRET="")
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert err.decode().splitlines()[-1].startswith("worker: BOT_SECRET is not set")


async def start(shop: Shop, port: int, **changes: str) -> Process:
    environment = {
        **os.environ,
        "REDIS_URL": shop.desk_settings.redis_url,
        "NAMESPACE": shop.desk_settings.namespace,
        "RASA_URL": shop.rasa.url,
        "KNOWLEDGE_URL": shop.knowledge.url,
        "BOT_SECRET": SECRET,
        "WORKER_PORT": str(port),
        "LOG_FORMAT": "json",
        **changes,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway.worker", stdout=PIPE, stderr=PIPE, env=environment
    )


async def ready(process: Process, port: int) -> None:
    async with asyncio.timeout(20), httpx2.AsyncClient(trust_env=False) as http:
        while process.returncode is None:
            try:
                if (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.05)
    raise AssertionError((await process.communicate())[1].decode())


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
