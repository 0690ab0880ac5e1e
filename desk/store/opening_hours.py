"""Opening hours that were edited, in Redis: every process sees them at its next look."""

from dataclasses import dataclass

from desk.store.connection import Store
from desk.store.keys import Keys
from desk.store.scripts import script


@dataclass(frozen=True)
class EditedHours:
    """`version` 0: never edited. `text` empty: those of the file count."""

    version: int = 0
    text: str = ""
    by: str = ""
    at: str = ""


class OpeningHoursStore:
    """Keeps the last version."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    async def version(self) -> int:
        return int(await self._store.ask("HGET", self._keys.opening_hours, "version") or 0)

    async def get(self) -> EditedHours:
        row = await self._store.ask("HMGET", self._keys.opening_hours, "version", "text", "by", "at")
        return EditedHours(int(row[0] or 0), *(value or "" for value in row[1:]))

    async def put(self, version: int, text: str, by: str, at: str) -> int:
        """The new version; 0 when `version` is not the latest."""
        return int(await self._store.run(script("edit_hours"), [self._keys.opening_hours], (version, text, by, at)))
