"""What an agent's hands, eyes and head do in a case, and how long that takes by the keystroke-level model.

Modelled are the times of the operators below and how many keys a Chinese text takes; the operators are counted while a
script plays a case in a real browser; measured is how long the page keeps the agent waiting.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import rjieba
from playwright.sync_api import Locator, Page, expect
from pypinyin import lazy_pinyin

# Card, Moran and Newell, "The Keystroke-Level Model for User Performance Time with Interactive Systems",
# CACM 23(7), 1980: an average non-secretary typist, pointing with the mouse, hands between mouse and keyboard,
# mental preparation of one act.
KEY = 0.28
POINT = 1.10
HOME = 0.40
THINK = 1.35
# A press and a release of the button, 0.1 s each: Kieras, "Using the Keystroke-Level Model", 1993.
CLICK = 0.20
# Characters a second: 255 a minute, Chinese read aloud; Trauzettel-Klosinski and Dietz, IOVS 53(9), 2012 (IReST).
READ = 255 / 60


def keys_of(text: str) -> int:
    """Keys for `text`: of a Chinese word the whole pinyin and one key that takes the first offer; else one a character.

    The first offer is always right here, so this is the least that typing can cost.
    """
    keys = 0
    for word in rjieba.cut(text):
        spelled = lazy_pinyin(word, errors=lambda _other: None)
        keys += len("".join(spelled)) + 1 if spelled else len(word)
    return keys


@dataclass
class Hands:
    """Counts what is done on `page`, and on the company's own page of orders; `waited` is measured, in seconds."""

    page: Page
    orders: Page
    keys: int = 0
    clicks: int = 0
    homings: int = 0
    thoughts: int = 0
    read_characters: int = 0
    waited: float = 0.0
    _at: str = field(default="mouse", repr=False)

    def _hand_to(self, device: str) -> None:
        if self._at != device:
            self.homings += 1
            self._at = device

    def click(self, target: Locator) -> None:
        self._hand_to("mouse")
        self.clicks += 1
        target.click()

    def press(self, keys: str) -> None:
        self._hand_to("keys")
        self.keys += len(keys.split("+"))
        self.page.keyboard.press(keys)

    def type(self, text: str, page: Page | None = None) -> None:
        self._hand_to("keys")
        self.keys += keys_of(text)
        (page or self.page).keyboard.insert_text(text)

    def enter(self, target: Locator, text: str) -> None:
        """By hand: a click into the field, and every character. What the product had filled in is not there."""
        target.fill("")
        self.click(target)
        self.type(text)

    def choose(self, target: Locator, value: str) -> None:
        """Open a list, find the entry, click it."""
        self._hand_to("mouse")
        self.clicks += 2
        self.think()
        target.select_option(value)

    def think(self) -> None:
        self.thoughts += 1

    def read(self, text: str) -> None:
        self.read_characters += len("".join(text.split()))

    def wait(self, target: Locator) -> None:
        began = time.perf_counter()
        expect(target).to_be_visible(timeout=20_000)
        self.waited += time.perf_counter() - began

    def figures(self) -> dict[str, float]:
        """Counts, and seconds by what takes them."""
        counts = {name: value for name, value in asdict_of(self).items() if name != "waited"}
        typing = self.keys * KEY
        pointing = self.clicks * (POINT + CLICK) + self.homings * HOME
        thinking, reading = self.thoughts * THINK, self.read_characters / READ
        seconds = {"typing": typing, "pointing": pointing, "thinking": thinking, "reading": reading}
        seconds |= {"waited": self.waited}
        rounded = {f"{name}_seconds": round(value, 2) for name, value in seconds.items()}
        return counts | rounded | {"seconds": round(sum(seconds.values()), 1)}


def asdict_of(hands: Hands) -> dict[str, float]:
    names = ("keys", "clicks", "homings", "thoughts", "read_characters", "waited")
    return {name: getattr(hands, name) for name in names}
