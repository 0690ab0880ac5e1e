"""Which texts only make sense as the continuation of what was said before, such as 「那运费谁出?」."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).parent / "follow_up.yml"


@dataclass(frozen=True)
class FollowUps:
    """What continuations begin or end with, and how long they are at most, in letters of Chinese or in words."""

    begins: tuple[str, ...]
    ends: tuple[str, ...]
    letters: int
    words: int

    @classmethod
    def read(cls, path: Path = SHIPPED) -> FollowUps:
        data: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(tuple(data["begins"]), tuple(data["ends"]), int(data["letters"]), int(data["words"]))

    def continues(self, text: str) -> bool:
        """Whether a `prepared` text is likely to go on about the same thing."""
        short = len(text.split()) <= self.words if text.isascii() else len(text) <= self.letters
        return short and (text.rstrip("?!。.~ ").endswith(self.ends) or self._begins(text))

    def _begins(self, text: str) -> bool:
        return any(text.startswith(f"{word} " if word.isascii() else word) for word in self.begins)
