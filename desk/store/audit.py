"""The audit in Redis: one stream, which nothing rewrites."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.audit_entry import Entry
from desk.store.connection import Store
from desk.store.keys import Keys
from desk.times import from_text, to_ms, to_text

_AT_ONCE = 500
_LOOKED_THROUGH = 5000  # entries a page at most: a rare match may take several pages
_ID = re.compile(r"\d{1,16}-\d{1,8}", re.ASCII)


class AuditStore:
    """Appends, and reads backwards."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def append(self, entry: Entry, oldest: datetime) -> None:
        """Entries from before `oldest` are forgotten."""
        fields = {
            "at": to_text(entry.at),
            "who": entry.who,
            "what": entry.what,
            "conversation": entry.conversation or "",
            "subject": entry.subject or "",
            "details": json.dumps(dict(entry.details), ensure_ascii=False, separators=(",", ":")),
        }
        flat = [part for pair in fields.items() for part in pair]
        await self._store.ask("XADD", self._keys.audit, "MINID", "~", max(to_ms(oldest), 0), "*", *flat)

    async def before(self, before: str | None, limit: int, wanted: Mapping[str, str]) -> tuple[list[Entry], str | None]:
        """Latest first; and from where to read on, None at the end."""
        if before and not before.strip("0-"):
            return [], None  # nothing lies before the very first, and Redis does not let one ask
        end = f"({before}" if before and _ID.fullmatch(before) else "+"
        found: list[Entry] = []
        at_once = _AT_ONCE if wanted else limit
        for _ in range(_LOOKED_THROUGH // _AT_ONCE):
            rows: list[Any] = await self._store.ask("XREVRANGE", self._keys.audit, end, "-", "COUNT", at_once)
            for id_, fields in rows:
                if all(fields.get(name) == value for name, value in wanted.items()):
                    found.append(_entry(id_, fields))
                if len(found) == limit:
                    return found, id_
            if len(rows) < at_once:
                return found, None
            end = f"({rows[-1][0]}"
        return found, end[1:]


def _entry(id_: str, fields: Mapping[str, str]) -> Entry:
    return Entry(
        id=id_,
        at=from_text(fields["at"]),
        who=fields["who"],
        what=fields["what"],
        conversation=fields["conversation"] or None,
        subject=fields["subject"] or None,
        details=json.loads(fields["details"]),
    )
