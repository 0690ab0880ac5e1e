"""What the customers of a benchmark say: conversations of eight messages, no text twice, drawn with a fixed seed."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.article import CUSTOMER
from knowledge_base.shipped import read_articles

ROOT = Path(__file__).resolve().parent.parent
MESSAGES_PER_CONVERSATION = 8
# Of twenty conversations (160 messages) this many have: a greeting first; the three messages of the order form; a
# complaint, or else the wish for a person, last. With the two kinds below that is .05, .15, .05, .05, .10; the rest
# (.60) are questions of the knowledge base.
_BLOCK = 20
_WITH_GREETING = _WITH_ORDER = _WITH_COMPLAINT = _WITH_PERSON = 8
_CLOSE = _UNKNOWN = 8
_ENGLISH = 0.2  # of the questions
_ENDINGS = "？?。！!～~. "


@dataclass(frozen=True)
class Message:
    """One text; any of `articles` answers it, `order` is what the answer must name."""

    kind: str
    text: str
    articles: tuple[str, ...] = ()
    order: str | None = None


Conversation = tuple[Message, ...]


@dataclass(frozen=True)
class Workload:
    """All that is said in one run; no text occurs twice."""

    conversations: tuple[Conversation, ...]
    long: Conversation

    def digest(self) -> str:
        """Names the workload: the same digest, the same texts."""
        said = [[asdict(message) for message in one] for one in (*self.conversations, self.long)]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:12]


def make_workload(conversations: int, turns: int, seed: int = 1) -> Workload:
    """`conversations` of eight messages, and one of `turns` questions."""
    say = _Sayings(random.Random(seed))
    return Workload(
        conversations=tuple(islice(_conversations(say), conversations)),
        long=tuple(say.question() for _ in range(turns)),
    )


def _conversations(say: _Sayings) -> Iterator[Conversation]:
    while True:
        yield from _block(say)


def _block(say: _Sayings) -> list[Conversation]:
    """Twenty conversations with exactly the shares above."""
    chance = say.chance
    greeted = set(chance.sample(range(_BLOCK), _WITH_GREETING))
    ordered = set(chance.sample(range(_BLOCK), _WITH_ORDER))
    ended = chance.sample(range(_BLOCK), _WITH_COMPLAINT + _WITH_PERSON)
    endings = dict.fromkeys(ended[:_WITH_COMPLAINT], "complain") | dict.fromkeys(ended[_WITH_COMPLAINT:], "ask_person")
    free = [
        MESSAGES_PER_CONVERSATION - (number in greeted) - 3 * (number in ordered) - (number in endings)
        for number in range(_BLOCK)
    ]
    kinds = ["close"] * _CLOSE + ["unknown"] * _UNKNOWN
    kinds += ["faq"] * (sum(free) - len(kinds))
    chance.shuffle(kinds)
    talks = []
    for number in range(_BLOCK):
        middle = [[say.of_kind(kinds.pop())] for _ in range(free[number])]
        if number in ordered:
            middle.insert(chance.randrange(len(middle) + 1), say.order())
        said = [message for piece in middle for message in piece]
        first = [say.of_kind("greet")] if number in greeted else []
        last = [say.of_kind(endings[number])] if number in endings else []
        talks.append((*first, *said, *last))
    return talks


@dataclass
class _Sayings:
    """Draws texts that have not been said before."""

    chance: random.Random
    _said: set[str] = field(default_factory=set)

    def of_kind(self, kind: str) -> Message:
        return self.question() if kind == "faq" else Message(kind, self._new(_wordings()[kind]))

    def question(self) -> Message:
        language = "en" if self.chance.random() < _ENGLISH else "zh-Hans"
        around = _wordings()["faq"][language]
        article, phrasing = self.chance.choice(_questions(language))
        text = self._new({**around, "says": [phrasing.rstrip(_ENDINGS)]})
        return Message("faq", text, articles=(article,))

    def order(self) -> list[Message]:
        """The three messages of the order form."""
        number, tail = self.chance.choice(_orders())
        return [
            Message("order", self._new(_wordings()["order_start"])),
            Message("order", self._new(_wordings()["order_number"], order=number)),
            Message("order", self._new(_wordings()["order_tail"], tail=tail), order=number),
        ]

    def _new(self, parts: Mapping[str, Sequence[str]], **values: str) -> str:
        for _ in range(1000):
            text = "".join(self.chance.choice(parts[part]) for part in ("before", "says", "after")).format(**values)
            if text not in self._said:
                self._said.add(text)
                return text
        raise ValueError(f"nothing new is left to say of {parts['says'][:2]}: ask for fewer conversations")


def read_questions(path: Path) -> list[Conversation]:
    """Questions of a file, each the only message of its customer; a JSON object a line: {query, relevant: [ids]}."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    kinds = {True: "other question", False: "other question, out of scope"}
    return [(Message(kinds[bool(row["relevant"])], row["query"], tuple(row["relevant"])),) for row in rows]


@cache
def _wordings() -> dict[str, Any]:
    wordings: dict[str, Any] = yaml.safe_load((ROOT / "benchmarks" / "wordings.yml").read_text(encoding="utf-8"))
    return wordings


@cache
def _questions(language: str) -> list[tuple[str, str]]:
    """(article, phrasing) of what customers may ask; braces would be taken for places to fill."""
    shown = [article for article in read_articles() if article.audience == CUSTOMER and language in article.texts]
    pairs = [(article.id, asked) for article in shown for asked in article.texts[language].asked()]
    return [(article, asked) for article, asked in pairs if "{" not in asked]


@cache
def _orders() -> list[tuple[str, str]]:
    data = yaml.safe_load((ROOT / "examples" / "office" / "orders.yml").read_text(encoding="utf-8"))
    return [(order["order"], order["phone"][-4:]) for order in data["orders"]]
