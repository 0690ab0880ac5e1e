"""The bot's intent classifier without Rasa around it: the same plain functions, the same vectors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.guess import Guess, Guesser
from bot.ngrams import Ngrams
from knowledge_base.encoder import Encoder, prepared
from zhiban.evaluating.result import Result
from zhiban.evaluating.rows import Question

NLU = Path(__file__).parents[2] / "bot" / "nlu"
_ENTITY = re.compile(r"\[(?P<text>[^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_BULLET = re.compile(r"^\s*-\s")

Labelled = tuple[str, str]  # text, intent


def read_examples(folder: Path = NLU) -> list[Labelled]:
    """Every example of the bot's training data, each once, entities as plain text."""
    found: list[Labelled] = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                found += [(text, str(block["intent"])) for text in _texts(block["examples"])]
    return list(dict.fromkeys(found))


class IntentModel:
    """Learns labelled texts and reads others, as in a turn whose vector came with it."""

    def __init__(self, encoder: Encoder, examples: Sequence[Labelled]) -> None:
        texts = [text for text, _ in examples]
        self._encoder = encoder
        self._ngrams = Ngrams.learned(texts)
        vectors = encoder.encode([prepared(text) for text in texts])
        self._guesser = Guesser.learned(vectors, self._ngrams.rows(texts), [intent for _, intent in examples])

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        """One a text."""
        if not texts:
            return []
        vectors = self._encoder.encode([prepared(text) for text in texts])
        return self._guesser.guess(vectors, self._ngrams.rows(texts))

    def ask_all(self, questions: Sequence[Question]) -> list[Result]:
        """The labels of a result are intents."""
        guesses = self.guess([one.text for one in questions])
        return [_result(question, guess) for question, guess in zip(questions, guesses, strict=True)]


def _result(question: Question, guess: Guess) -> Result:
    ranking: list[dict[str, Any]] = guess.ranking
    return Result(
        text=question.text,
        right=question.right,
        found=tuple(one["name"] for one in ranking[:5]),
        sure=float(ranking[0]["confidence"]),
        familiarity=guess.familiarity,
        groups=question.groups,
    )


def _texts(examples: str) -> list[str]:
    lines = (_BULLET.sub("", line).strip() for line in examples.splitlines() if _BULLET.match(line))
    return [_ENTITY.sub(lambda marked: marked["text"], line) for line in lines if line]
