"""The store dies in the middle of a turn and comes back: the message is answered, once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from desk import Desk, StoreUnavailable
from desk import Settings as DeskSettings
from tests.redis_server import redis_server
from tests.worker.scripted_knowledge import ScriptedKnowledge
from tests.worker.scripted_rasa import ScriptedRasa
from tests.worker.shop import Clock, Shop, replies_to, texts


@pytest.fixture
async def folder() -> AsyncIterator[Path]:
    with TemporaryDirectory(prefix="zb") as name:
        yield Path(name)


async def test_a_message_outlives_a_restart_of_the_store(folder: Path, namespace: str) -> None:
    clock, rasa, knowledge = Clock(), ScriptedRasa(), ScriptedKnowledge()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_: object) -> None:
        begun.set()
        await go_on.wait()

    rasa.hold = hold
    await rasa.start()
    await knowledge.start()
    try:
        with redis_server(folder=folder) as url:
            settings = DeskSettings(redis_url=url, namespace=namespace)
            desk = await Desk.connect(settings, clock)
            shop = Shop(desk, rasa, knowledge, clock, settings)
            worker = shop.worker(rasa_seconds=6.0)
            await worker.__aenter__()
            receipt = await shop.say("还在吗")
            await begun.wait()
        with pytest.raises(StoreUnavailable):
            await desk.ready()
        go_on.set()
        with redis_server(folder=folder):
            events = await shop.until(receipt.conversation, lambda log: replies_to(log, "m1"))
            await shop.idle()
            assert texts(await shop.ask("你好")) == ["heard 2: 你好"]
            await worker.__aexit__(None, None, None)
            assert texts(events) == ["heard 1: 还在吗"]
            assert len(replies_to(await desk.events(receipt.conversation), "m1")) == 1
            await desk.aclose()
    finally:
        await rasa.stop()
        await knowledge.stop()
