"""The routing table: head starts in the queue, and what conversations can be about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from desk.errors import SettingsWrong

SHIPPED_ROUTING = Path(__file__).with_name("routing.yml")
MOODS = ("calm", "annoyed", "angry")
_LONGEST_HEAD_START = 24 * 3600
_SECTIONS = {"head_starts", "categories", "about"}


@dataclass(frozen=True)
class RoutingRules:
    """Head starts are seconds. `categories`: id -> title by language. `about_*`: what a reason or a button tells."""

    reasons: Mapping[str, int] = field(default_factory=dict)
    moods: Mapping[str, int] = field(default_factory=dict)
    vip: int = 0
    last_agent: int = 0
    categories: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    about_reasons: Mapping[str, str] = field(default_factory=dict)
    about_buttons: Mapping[str, str] = field(default_factory=dict)

    @property
    def head_starts(self) -> dict[str, Any]:
        """Those that belong to a conversation, as the scripts take them."""
        return {"reasons": dict(self.reasons), "moods": dict(self.moods), "vip": self.vip}

    @property
    def longest_head_start(self) -> int:
        """Nobody is overtaken by who came later than this: the most that can add up."""
        return max(self.reasons.values(), default=0) + max(self.moods.values(), default=0) + self.vip + self.last_agent

    def category_of_button(self, payload: str | None) -> str | None:
        """What a tapped button is about, such as `/return_goods`."""
        return self.about_buttons.get(payload.removeprefix("/")) if payload else None


def read_rules(text: str, source: str = "routing") -> RoutingRules:
    """Raises SettingsWrong, which names the entry that is wrong."""
    try:
        data = yaml.safe_load(text)
        if not isinstance(data, dict) or set(data) - _SECTIONS:
            raise ValueError(f"expected only {', '.join(sorted(_SECTIONS))}")
        starts, about = data.get("head_starts") or {}, data.get("about") or {}
        rules = RoutingRules(
            reasons=_all_seconds(starts.get("reasons")),
            moods=_all_seconds(starts.get("moods")),
            vip=_seconds("vip", starts.get("vip", 0)),
            last_agent=_seconds("last_agent", starts.get("last_agent", 0)),
            categories={str(name): dict(title) for name, title in (data.get("categories") or {}).items()},
            about_reasons=dict(about.get("reasons") or {}),
            about_buttons=dict(about.get("buttons") or {}),
        )
        _check(rules)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        raise SettingsWrong(f"{source}: {error}") from error
    return rules


@cache
def rules_in(path: Path = SHIPPED_ROUTING) -> RoutingRules:
    """The table in a file. Raises SettingsWrong."""
    try:
        return read_rules(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"ROUTING={path}: {error}") from error


def _check(rules: RoutingRules) -> None:
    if unknown := set(rules.moods) - set(MOODS):
        raise ValueError(f"no such mood: {', '.join(sorted(unknown))}; there are {', '.join(MOODS)}")
    named = {*rules.about_reasons.values(), *rules.about_buttons.values()}
    if unknown := named - set(rules.categories):
        raise ValueError(f"about: no such category: {', '.join(sorted(unknown))}")


def _all_seconds(table: Mapping[str, Any] | None) -> dict[str, int]:
    return {str(name): _seconds(str(name), value) for name, value in (table or {}).items()}


def _seconds(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST_HEAD_START:
        raise ValueError(f"{name}: expected whole seconds up to a day, not {value!r}")
    return value
