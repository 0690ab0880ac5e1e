"""Macros, answered situations and what became of suggestions in Redis; nothing else of this room knows Redis.

All keys share the knowledge base's hash tag:
    {<namespace>:kb}:macros          hash    id -> JSON: version, body (null: deleted), by, at
    {<namespace>:kb}:macro-changes   stream  `macro`: an id, after each change; the last 1,000 are kept
    {<namespace>:kb}:answered        stream  body (JSON): what an agent answered; the last 5,000, oldest go first
    {<namespace>:kb}:outcomes        hash    "<kind>:<id>|shown, used, edited, ignored, dismissed" counts, "|kept": how
                                             much of the text was kept in all, 1 a use as it was
    {<namespace>:kb}:outcome-log     stream  one entry for each thing that happened; the last 50,000 are kept
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import structlog

from desk.store.one_slot import connect_to_slot
from knowledge_base.store import translated
from knowledge_base.suggesting.answered import Answered, parse_answered
from knowledge_base.suggesting.macro import BadMacro, Macro, parse_macro
from knowledge_base.suggesting.prior import OUTCOMES, Record

SHIPPED = "shipped"
MOST_ANSWERED = 5000
_BEGINNING = "0-0"

_log = structlog.get_logger(__name__)

# Writes if the stored version is the expected one; "shipped" content expects that no editor has ever touched it.
_PUT = """
local held = redis.call('hget', KEYS[1], ARGV[1])
local now = held and cjson.decode(held) or {version = 0, by = ''}
if ARGV[2] == 'shipped' then
    if now.version > 0 and (now.by ~= 'shipped' or now.body == ARGV[3]) then return {0, now.version} end
elseif now.version ~= tonumber(ARGV[2]) and not (ARGV[2] == '0' and now.body == cjson.null) then
    return {0, now.version}
end
local body = ARGV[3] ~= '' and ARGV[3] or cjson.null
local after = {version = now.version + 1, body = body, by = ARGV[4], at = ARGV[5]}
redis.call('hset', KEYS[1], ARGV[1], cjson.encode(after))
redis.call('xadd', KEYS[2], 'MAXLEN', '~', 1000, '*', 'macro', ARGV[1])
return {1, after.version}
"""


class MacroChanged(Exception):
    """Raised when somebody else changed the macro first; `version` 0 means that there is no such macro."""

    code = "macro_changed"

    def __init__(self, macro_id: str, version: int) -> None:
        super().__init__(f"{macro_id} is at version {version}")
        self.macro_id, self.version = macro_id, version


@dataclass(frozen=True)
class MacroEdition:
    """A macro in one of its versions; `macro` None: it was deleted."""

    id: str
    version: int
    macro: Macro | None
    by: str
    at: str


@dataclass(frozen=True)
class Places:
    """How far the two streams have been read."""

    macros: str = _BEGINNING
    answered: str = _BEGINNING


class SuggestingStore:
    """The store of one namespace."""

    def __init__(self, url: str, namespace: str = "zb") -> None:
        prefix = f"{{{namespace}:kb}}:"
        self._redis: Any = connect_to_slot(url, prefix)
        self._macros, self._changes = f"{prefix}macros", f"{prefix}macro-changes"
        self._answered = f"{prefix}answered"
        self._outcomes, self._log = f"{prefix}outcomes", f"{prefix}outcome-log"
        self._put = self._redis.register_script(_PUT)

    async def aclose(self) -> None:
        await self._redis.aclose()

    # macros

    async def put(self, macro_id: str, macro: Macro | None, expected: int, by: str, at: datetime) -> int:
        """Write a macro (None: delete it) whose version is `expected`; its new version. Raises MacroChanged."""
        written, version = await self._write(macro_id, macro, str(expected), by, at)
        if not written:
            raise MacroChanged(macro_id, version)
        return version

    async def ship(self, macros: Sequence[Macro], at: datetime) -> int:
        """Load shipped macros: new ones, and those that no editor has changed or deleted since; how many."""
        return sum([(await self._write(macro.id, macro, SHIPPED, SHIPPED, at))[0] for macro in macros])

    async def _write(
        self, macro_id: str, macro: Macro | None, expected: str, by: str, at: datetime
    ) -> tuple[bool, int]:
        body = json.dumps(macro.as_json(), ensure_ascii=False, sort_keys=True) if macro else ""
        when = at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with translated():
            written, version = await self._put(
                keys=[self._macros, self._changes], args=[macro_id, expected, body, by, when]
            )
        return bool(written), int(version)

    async def macros(self, ids: Sequence[str] | None = None) -> list[MacroEdition]:
        """These macros, or all, deleted ones too, by id."""
        if ids is not None and not ids:
            return []
        with translated():
            if ids is None:
                held = await self._redis.hgetall(self._macros)
            else:
                held = dict(zip(ids, await self._redis.hmget(self._macros, list(ids)), strict=True))
        return [_edition(macro_id, held[macro_id]) for macro_id in sorted(held) if held[macro_id]]

    # what agents answered

    async def add_answered(self, answers: Sequence[Answered]) -> None:
        with translated():
            pipeline = self._redis.pipeline(transaction=False)
            for answer in answers:
                body = json.dumps(answer.as_json(), ensure_ascii=False)
                pipeline.xadd(self._answered, {"body": body}, maxlen=MOST_ANSWERED, approximate=False)
            await pipeline.execute()

    # both

    async def last(self) -> Places:
        """Where the streams end now."""
        with translated():
            ends = [await self._redis.xrevrange(key, count=1) for key in (self._changes, self._answered)]
        return Places(*(rows[0][0] if rows else _BEGINNING for rows in ends))

    async def all_answered(self, until: str) -> list[Answered]:
        """Everything kept, oldest first, up to the place `until`."""
        with translated():
            rows = await self._redis.xrange(self._answered, max=until)
        return [parse_answered(json.loads(row["body"])) for _, row in rows]

    async def news(self, after: Places, wait_ms: int = 1000) -> tuple[Places, list[str], list[Answered]]:
        """What came after `after`, waiting for it: the new places, ids of changed macros, new answers."""
        asked = {self._changes: after.macros, self._answered: after.answered}
        with translated():
            streams: Any = await self._redis.xread(asked, count=200, block=wait_ms)
        found = dict(streams or ())
        changes, answered = found.get(self._changes, []), found.get(self._answered, [])
        places = Places(changes[-1][0] if changes else after.macros, answered[-1][0] if answered else after.answered)
        answers = [parse_answered(json.loads(row["body"])) for _, row in answered]
        return places, sorted({row["macro"] for _, row in changes}), answers

    # what became of suggestions

    async def note(self, source: str, outcome: str, kept: float, entry: Mapping[str, str]) -> None:
        """Count what happened to a suggestion of `source`; `kept` is how much of its text was sent, 0-1."""
        with translated():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.hincrby(self._outcomes, f"{source}|{outcome}", 1)
            if kept:
                pipeline.hincrbyfloat(self._outcomes, f"{source}|kept", kept)
            logged = {"source": source, "outcome": outcome, "kept": f"{kept:.3f}", **entry}
            pipeline.xadd(self._log, logged, maxlen=50_000, approximate=True)
            await pipeline.execute()

    async def records(self, sources: Sequence[str]) -> dict[str, Record]:
        """What is known of each source."""
        if not sources:
            return {}
        names = (*OUTCOMES, "kept")
        fields = [f"{source}|{name}" for source in sources for name in names]
        with translated():
            held = await self._redis.hmget(self._outcomes, fields)
        rows = [held[start : start + len(names)] for start in range(0, len(held), len(names))]
        return {source: _record(row) for source, row in zip(sources, rows, strict=True)}


def _edition(macro_id: str, held: str) -> MacroEdition:
    data = json.loads(held)
    body = data.get("body")
    try:
        macro = parse_macro(json.loads(body)) if body else None
    except BadMacro as error:  # of a later program: what this one cannot read it does not suggest
        _log.warning("macro_unreadable", macro=macro_id, cause=str(error))
        macro = None
    return MacroEdition(macro_id, int(data["version"]), macro, data["by"], data["at"])


def _record(row: Sequence[str | None]) -> Record:
    shown, used, edited, ignored, dismissed, kept = row
    return Record(
        int(shown or 0), int(used or 0), int(edited or 0), int(ignored or 0), int(dismissed or 0), float(kept or 0)
    )
