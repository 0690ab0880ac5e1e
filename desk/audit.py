"""The audit: who did what, when and on what; appended only, never with a customer's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.audit_entry import Entry
from desk.store.audit import AuditStore
from desk.times import Clock

MOST_ENTRIES = 200


@dataclass(frozen=True)
class Page:
    """Entries, latest first; `before` of the next page, None when there is none."""

    entries: tuple[Entry, ...]
    next: str | None


class Audit:
    """`desk.audit`. What was done is noted after it was done: an entry never tells of what did not happen."""

    def __init__(self, store: AuditStore, clock: Clock, retention_days: int) -> None:
        self._store = store
        self._clock = clock
        self._kept = timedelta(days=retention_days)

    async def note(
        self, who: str, what: str, conversation: str | None = None, subject: str | None = None, **details: Any
    ) -> None:
        """`details`: ids, numbers, names of fields and an agent's own reasons; nothing that a customer wrote."""
        now = self._clock()
        entry = Entry("", now, who, what, conversation, subject, details)
        await self._store.append(entry, now - self._kept)

    async def read(
        self,
        before: str | None = None,
        limit: int = 100,
        *,
        who: str | None = None,
        what: str | None = None,
        conversation: str | None = None,
    ) -> Page:
        """Entries that match what is given, latest first; at most 200. `before`: of the page before."""
        wanted = {"who": who, "what": what, "conversation": conversation}
        found, rest = await self._store.before(before, max(1, min(limit, MOST_ENTRIES)), _given(wanted))
        return Page(tuple(found), rest)


def _given(wanted: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if value}
