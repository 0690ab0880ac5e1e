"""Skills: which conversations an agent is there for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Need:
    """What a conversation asks of an agent; None: not known, so anybody will do. `language`: zh or en."""

    category: str | None = None
    language: str | None = None
    vip: bool = False


def need_of(category: str | None, language: str | None, *, vip: bool) -> Need:
    """`language`: a tag such as zh-Hant."""
    return Need(category, language[:2] if language else None, vip)


@dataclass(frozen=True)
class Skills:
    """No categories or languages named: all of them."""

    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    vip: bool = True

    def cover(self, need: Need) -> bool:
        return (
            _among(need.category, self.categories)
            and _among(need.language, self.languages)
            and (self.vip or not need.vip)
        )

    def as_dict(self) -> dict[str, Any]:
        return {"categories": list(self.categories), "languages": list(self.languages), "vip": self.vip}


ALL_SKILLS = Skills()


def skills_from(stored: Mapping[str, Any] | None) -> Skills:
    """The reverse of `as_dict`; None: all."""
    if not stored:
        return ALL_SKILLS
    return Skills(tuple(stored["categories"]), tuple(stored["languages"]), bool(stored["vip"]))


def _among(wanted: str | None, known: tuple[str, ...]) -> bool:
    return wanted is None or not known or wanted in known
