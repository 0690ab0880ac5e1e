"""Ratings in Redis: each lies with its conversation, and a list of each partition says when it was given."""

import heapq
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.conversation import PARTITIONS, partition_of_conversation
from desk.rating import Rating
from desk.store.connection import Store
from desk.store.keys import Keys
from desk.times import from_text, to_ms


class RatingStore:
    """Reads ratings; giving one is part of a turn (`turns.py`)."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def since(self, since: datetime, limit: int) -> list[Rating]:
        """Latest first."""
        which = ("+inf", to_ms(since), "BYSCORE", "REV", "LIMIT", 0, limit, "WITHSCORES")
        lists = await self._store.ask_all(
            [("ZRANGE", self._keys.partition(number).ratings, *which) for number in range(PARTITIONS)]
        )
        latest = heapq.nlargest(limit, ((float(at), id_) for given in lists for id_, at in given))
        ids = [id_ for _, id_ in latest]
        keys = [self._keys.partition(partition_of_conversation(id_)).conversation(id_) for id_ in ids]
        stored = await self._store.ask_all([("HGET", key, "rating") for key in keys])
        found = [read_rating(id_, rating) for id_, rating in zip(ids, stored, strict=True)]
        return [rating for rating in found if rating]


def read_rating(conversation: str, stored: str | None) -> Rating | None:
    """The rating that a conversation's hash holds."""
    given: Mapping[str, Any] = json.loads(stored) if stored else {}
    return Rating(conversation, given["score"], given.get("comment", ""), from_text(given["at"])) if given else None
