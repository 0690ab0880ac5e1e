"""What the worker says in its own words: the files of `gateway/words`, in Simplified Chinese and English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import yaml

from reading.normalisation import for_matching
from reading.script import to_simplified

SHIPPED = Path(__file__).parent.parent / "words"
_FILES = ("zh-Hans", "en")


@dataclass(frozen=True)
class Words:
    """Sentences by language. Traditional Chinese gets the Simplified ones; the renderer converts all at the end."""

    by_language: Mapping[str, Mapping[str, Any]]
    timezone: ZoneInfo

    @classmethod
    def load(cls, timezone: ZoneInfo, folder: Path = SHIPPED) -> Self:
        texts = {name: yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8")) for name in _FILES}
        return cls(texts, timezone)

    def say(self, key: str, language: str, **values: object) -> str:
        """One sentence with its places filled; `a.b` looks into a group. Raises KeyError for an unknown key."""
        return str(self._find(key, language)).format(**values)

    def button(self, flow: str, language: str) -> Mapping[str, str] | None:
        """The button that starts `flow`, or None when no title is written for it."""
        title = self._of(language)["button"].get(flow)
        return {"title": str(title), "payload": f"/{flow}"} if title else None

    def moment(self, at: datetime, language: str) -> str:
        """A moment as people say it, in the time zone of the company."""
        local, words = at.astimezone(self.timezone), self._of(language)
        return str(words["moment"]).format(
            month=words["months"][local.month - 1],
            day=local.day,
            weekday=words["weekdays"][local.weekday()],
            hour=local.hour,
            minute=local.minute,
        )

    def asks_for_person(self, text: str) -> bool:
        """Whether `text` plainly asks for a person, in any language: for when the bot cannot be asked."""
        return self._matches("asks_for_person", text)

    def cancels_waiting(self, text: str) -> bool:
        """Whether one who waits for a person says no more than that they do not want to wait."""
        return self._matches("cancels_waiting", text)

    def is_courtesy(self, text: str) -> bool:
        """Whether `text` only greets, thanks or says good-bye."""
        return self._matches("courtesy", text)

    def _matches(self, key: str, text: str) -> bool:
        plain = to_simplified(for_matching(text))
        return any(re.search(words[key], plain) for words in self.by_language.values())

    def _find(self, key: str, language: str) -> object:
        found: Any = self._of(language)
        for part in key.split("."):
            found = found[part]
        return found

    def _of(self, language: str) -> Mapping[str, Any]:
        return self.by_language["en" if language == "en" else "zh-Hans"]
