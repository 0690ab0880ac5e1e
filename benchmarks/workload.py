"""The workload of every benchmark run: conversations of eight distinct messages, drawn with a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
MESSAGES_PER_CONVERSATION = 8
# Shares of messages: questions of the knowledge base .60, unknown .10, order form .15, the rest .05 each.
SHARES = (("faq", 0.60), ("unknown", 0.10), ("order", 0.075), ("greet", 0.05), ("complain", 0.05), ("ask_person", 0.05))


@dataclass(frozen=True)
class Message:
    """One customer message and what kind of answer it asks for."""

    kind: str
    text: str


def questions() -> list[str]:
    """Every phrasing of every shipped article."""
    found: list[str] = []
    for path in sorted((ROOT / "knowledge_base" / "content").glob("*.yml")):
        for article in yaml.safe_load(path.read_text(encoding="utf-8")):
            for text in article["texts"].values():
                found += text["phrasings"]
    return found


def examples(intent: str) -> list[str]:
    """The plain training examples of one intent (entity marks removed)."""
    data = yaml.safe_load((ROOT / "bot" / "nlu" / f"{intent}.yml").read_text(encoding="utf-8"))
    lines = [line.removeprefix("- ") for line in data["nlu"][0]["examples"].splitlines()]
    return [line for line in lines if "](" not in line]


def conversations(count: int, seed: int) -> list[list[Message]]:
    """`count` conversations of eight messages; a running number, by seed, makes every text distinct."""
    source = _messages(random.Random(seed), seed * 10_000)
    return [[next(source) for _ in range(MESSAGES_PER_CONVERSATION)] for _ in range(count)]


def _messages(chance: random.Random, number: int) -> Iterator[Message]:
    pools = {"faq": questions(), "unknown": examples("out_of_scope")}
    pools |= {name: examples(name) for name in ("greet", "complain", "ask_person")}
    kinds, weights = zip(*SHARES, strict=True)
    while True:
        kind = chance.choices(kinds, weights)[0]
        number += 1
        if kind == "order":
            yield Message("order", f"帮我查一下订单QH2026{number:07d}")
            yield Message("order", f"{number % 10000:04d}")
        else:
            # Trailing spaces would be normalised away; a polite number keeps texts distinct and the meaning the same.
            yield Message(kind, f"{chance.choice(pools[kind])} ({number})")
