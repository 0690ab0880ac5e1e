"""Following what every process commits."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from desk.conversation import PARTITIONS
from desk.store.connection import Store
from desk.store.keys import Keys

POLL_SECONDS = 1.0
SETTLE_SECONDS = 0.05
AGAIN_SECONDS = 0.5
EVERYTHING = ("", 0)


async def follow(store: Store, keys: Keys) -> AsyncIterator[tuple[str, int]]:
    """(conversation, seq) of every commit; EVERYTHING after each (re)connection. Never ends."""
    channels = [keys.partition(number).news for number in range(PARTITIONS)]
    while True:
        pubsub = store.pubsub()
        try:
            await _subscribe(store, pubsub, channels)
            async for news in _listen(store, pubsub):
                yield news
        except (RedisError, OSError):
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]


async def _listen(store: Store, pubsub: PubSub) -> AsyncIterator[tuple[str, int]]:
    """The client may reconnect by itself: only the server's word that we subscribed again tells."""
    missed = True
    while True:
        message = await _next(store, pubsub, SETTLE_SECONDS if missed else POLL_SECONDS)
        if message and message["type"] == "ssubscribe":
            missed = True
            continue
        if missed:
            missed = False
            yield EVERYTHING
        if message and message["type"] == "smessage":
            conversation, _, seq = message["data"].partition(" ")
            yield conversation, int(seq)


async def _subscribe(store: Store, pubsub: PubSub, channels: list[str]) -> None:
    if store.clustered:
        for channel in channels:  # each goes to the node that has its slot
            await pubsub.ssubscribe(channel)
    else:
        await pubsub.ssubscribe(*channels)


async def _next(store: Store, pubsub: Any, seconds: float) -> Any:
    if store.clustered:
        return await pubsub.get_sharded_message(timeout=seconds)
    return await pubsub.get_message(timeout=seconds)
