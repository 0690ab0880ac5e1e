"""The opening hours that count now: edited ones, or those of the file."""

import logging
from dataclasses import dataclass

from desk.bounds import bounded_text
from desk.errors import OpeningHoursChanged, SettingsWrong
from desk.opening_hours import OpeningHours, OpeningHoursFile, read_opening_hours
from desk.store.opening_hours import EditedHours, OpeningHoursStore
from desk.times import Clock, to_text

LONGEST_TEXT = 20_000
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class HoursNow:
    """`edited.text` is empty while the file counts; `text` is what counts."""

    hours: OpeningHours
    text: str
    edited: EditedHours


class Hours:
    """`desk.hours`."""

    def __init__(self, file: OpeningHoursFile, store: OpeningHoursStore, clock: Clock) -> None:
        self._file = file
        self._store = store
        self._clock = clock
        self._known = EditedHours()
        self._edited: OpeningHours | None = None

    async def current(self) -> OpeningHours:
        """One small question to Redis; the text is read again only when it changed."""
        version = await self._store.version()
        if version != self._known.version:
            await self._read()
        return self._edited or self._file.current()

    async def now(self) -> HoursNow:
        """All there is to know about them."""
        await self._read()
        hours = self._edited or self._file.current()
        return HoursNow(hours, self._known.text or self._file.text, self._known)

    async def edit(self, version: int, text: str, by: str) -> HoursNow:
        """`text` as in the file; empty: back to the file.

        Raises SettingsWrong (names the entry that is wrong), OpeningHoursChanged (another version), TooLong.
        """
        text = bounded_text(text, LONGEST_TEXT).strip()
        if text:
            read_opening_hours(text)
        if not await self._store.put(version, text, by, to_text(self._clock())):
            raise OpeningHoursChanged(f"the opening hours are no longer at version {version}")
        return await self.now()

    async def _read(self) -> None:
        found = await self._store.get()
        if found == self._known:
            return
        try:
            self._edited = read_opening_hours(found.text) if found.text else None
        except SettingsWrong as error:  # written by another version: what counted before goes on counting
            _LOG.warning("edited opening hours not read: %s", error)
        self._known = found
