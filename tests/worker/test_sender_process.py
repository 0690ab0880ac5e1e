"""The worker's process and its sender: killed between sending and marking, and started with accounts that are wrong."""

import asyncio
from pathlib import Path

from desk import Address, Incoming
from tests.worker.shop import Shop
from tests.worker.test_process import free_port, ready, start
from tests.worker.webhook_app import ACCOUNT, running_app


async def test_a_worker_killed_between_sending_and_marking_sends_again_under_the_same_id(
    shop: Shop, tmp_path: Path
) -> None:
    async with running_app(tmp_path) as app:
        await app.trouble(kind="silence", times=1)
        port = free_port()
        first = await start(shop, port, WEBHOOKS=app.setting)
        await ready(first, port)
        for number in (1, 2):
            await shop.desk.receive(Incoming(Address("webhook", ACCOUNT, "mei"), f"m{number}", f"问{number}"))
        await app.until_shown("mei", 1)  # the app has it, and does not say so
        first.kill()
        await first.wait()
        assert (await shop.desk.outbox.depth()).waiting >= 1
        second = await start(shop, port, WEBHOOKS=app.setting)
        try:
            await app.until_attempts(2)
            await answered_and_sent(shop)
            attempts, shown = await app.attempts(), await app.shown("mei")
        finally:
            second.terminate()
            await asyncio.wait_for(second.communicate(), 20)
    assert attempts[0] == attempts[1]
    assert [message["message_id"] for message in shown] == list(dict.fromkeys(attempts))
    assert {id_ for message in shown for id_ in message["reply_to"]} == {"m1", "m2"}


async def test_accounts_that_are_wrong_are_one_clear_line(shop: Shop) -> None:
    process = await start(shop, 0, WEBHOOKS="shop:https://h/x:whsec_c2VjcmV0")
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 1
    assert err.decode().splitlines()[-1].startswith("worker: WEBHOOKS: shop: expected whsec_ and base64")
    assert "c2VjcmV0" not in err.decode()


async def answered_and_sent(shop: Shop) -> None:
    async with asyncio.timeout(20):
        while await shop.unfinished() or (await shop.desk.outbox.depth()).waiting:
            await asyncio.sleep(0.05)
