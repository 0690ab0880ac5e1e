"""Confirmed questions in Redis, beside the articles:

{<namespace>:kb}:confirmed   stream  body (JSON): a confirmed question; the last 5,000, oldest go first
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import structlog

from desk.store.one_slot import connect_to_slot
from knowledge_base.confirmed.question import BadConfirmed, ConfirmedQuestion, parse_confirmed
from knowledge_base.store import translated

MOST = 5000

_log = structlog.get_logger(__name__)


class ConfirmedStore:
    """The confirmed questions of one namespace."""

    def __init__(self, url: str, namespace: str = "zb") -> None:
        prefix = f"{{{namespace}:kb}}:"
        self._redis: Any = connect_to_slot(url, prefix)
        self._key = f"{prefix}confirmed"

    async def aclose(self) -> None:
        await self._redis.aclose()

    async def add(self, questions: Sequence[ConfirmedQuestion]) -> None:
        """Keep these; the oldest go when there are more than `MOST`."""
        with translated():
            pipeline = self._redis.pipeline(transaction=False)
            for question in questions:
                body = json.dumps(question.as_json(), ensure_ascii=False)
                pipeline.xadd(self._key, {"body": body}, maxlen=MOST, approximate=False)
            await pipeline.execute()

    async def mark(self) -> str:
        """Names the whole of what is kept: another one after every change, "" for nothing."""
        with translated():
            latest = await self._redis.xrevrange(self._key, count=1)
            return f"{latest[0][0]}/{await self._redis.xlen(self._key)}" if latest else ""

    async def all(self) -> list[ConfirmedQuestion]:
        """Everything that is kept, oldest first, each message once."""
        return list({question.id: question for _, question in await self._rows()}.values())

    async def drop(self, question_id: str) -> bool:
        """Keep it no longer, since it was not what the article answers; False when there was none."""
        places = [place for place, question in await self._rows() if question.id == question_id]
        if places:
            with translated():
                await self._redis.xdel(self._key, *places)
        return bool(places)

    async def _rows(self) -> list[tuple[str, ConfirmedQuestion]]:
        with translated():
            rows = await self._redis.xrange(self._key)
        read = []
        for place, row in rows:
            try:
                read.append((place, parse_confirmed(json.loads(row["body"]))))
            except (BadConfirmed, ValueError, KeyError) as error:  # of a later program
                _log.warning("confirmed_unreadable", place=place, cause=type(error).__name__)
        return read
