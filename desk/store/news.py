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
AGAIN_SECONDS = 0.5
EVERYTHING = ("", 0)


async def follow(store: Store, keys: Keys) -> AsyncIterator[tuple[str, int]]:
    """(conversation, seq) of every commit; EVERYTHING after each (re)connection. Never ends."""
    channels = [keys.partition(number).news for number in range(PARTITIONS)]
    while True:
        pubsub = store.pubsub()
        try:
            await _subscribe(store, pubsub, channels)
            yield EVERYTHING
            while True:
                message = await _next(store, pubsub)
                if message is not None:
                    conversation, _, seq = message["data"].partition(" ")
                    yield conversation, int(seq)
        except (RedisError, OSError):
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]


async def _subscribe(store: Store, pubsub: PubSub, channels: list[str]) -> None:
    if store.clustered:
        for channel in channels:  # each goes to the node that has its slot
            await pubsub.ssubscribe(channel)
    else:
        await pubsub.ssubscribe(*channels)


async def _next(store: Store, pubsub: Any) -> Any:
    if store.clustered:
        message = await pubsub.get_sharded_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
    else:
        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=POLL_SECONDS)
    return message if message and message["type"] == "smessage" else None
