"""Following what every process commits, and who is typing."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from desk.conversation import PARTITIONS, partition_of_conversation
from desk.event import Typing
from desk.store.connection import Store
from desk.store.ears import RECONNECTED, heard
from desk.store.keys import Keys

EVERYTHING = ("", 0)

News = tuple[str, int] | Typing


async def follow(store: Store, keys: Keys) -> AsyncIterator[tuple[str, int]]:
    """(conversation, seq) of every commit; EVERYTHING after each (re)connection. Never ends."""
    channels = [keys.partition(number).news for number in range(PARTITIONS)]
    async with aclosing(heard(store, channels)) as messages:
        async for channel, text in messages:
            yield EVERYTHING if channel == RECONNECTED else _commit(text)


async def listen(store: Store, keys: Keys) -> AsyncIterator[News]:
    """The same, and who is typing."""
    partitions = [keys.partition(number) for number in range(PARTITIONS)]
    typing = {each.typing for each in partitions}
    async with aclosing(heard(store, [*typing, *(each.news for each in partitions)])) as messages:
        async for channel, text in messages:
            if channel in typing:
                conversation, _, role = text.partition(" ")
                yield Typing(conversation, role)
            else:
                yield EVERYTHING if channel == RECONNECTED else _commit(text)


async def tell_typing(store: Store, keys: Keys, typing: Typing) -> None:
    channel = keys.partition(partition_of_conversation(typing.conversation)).typing
    await store.ask("SPUBLISH", channel, f"{typing.conversation} {typing.role}")


def _commit(text: str) -> tuple[str, int]:
    conversation, _, seq = text.partition(" ")
    return conversation, int(seq)
