"""Questions of the customer that a draft leaves open, as far as their kind tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.assist.sentences import in_plain, sentences

_ASKS_AT_ALL = re.compile(r"[？?]$|吗[。!！~ ]*$|呢[。!！~ ]*$")
_LONGEST_CLAUSE = 60


@dataclass(frozen=True)
class QuestionKind:
    """`asks` finds a question of this kind, `answered_by` what an answer to it contains."""

    asks: re.Pattern[str]
    answered_by: re.Pattern[str]


def open_questions(asked: Sequence[str], draft: str, kinds: Sequence[QuestionKind]) -> list[str]:
    """The sentences of `asked` whose kind of question `draft` does not answer, each kind once."""
    answer = in_plain(draft)
    left: dict[QuestionKind, str] = {}
    for text in asked:
        for sentence in sentences(text):
            kind = _kind_of(in_plain(sentence.text), kinds)
            if kind is not None and not kind.answered_by.search(answer):
                left.setdefault(kind, sentence.text)
    return list(left.values())


def _kind_of(plain: str, kinds: Sequence[QuestionKind]) -> QuestionKind | None:
    if len(plain) > _LONGEST_CLAUSE and not _ASKS_AT_ALL.search(plain):
        return None  # a story in which somebody once asked something
    return next((kind for kind in kinds if kind.asks.search(plain)), None)
