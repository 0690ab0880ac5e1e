"""Macros and past answers, found by what customers wrote; used by the encoder's thread only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from knowledge_base.encoder import prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Entry, Search, Weights
from knowledge_base.suggesting.answered import Answered
from knowledge_base.suggesting.store import MOST_ANSWERED, MacroEdition
from knowledge_base.vectors import Vectors

_OF_MACROS = Weights(0.5, 0.3, 0.2)
_OF_ANSWERS = Weights(0.8, 0.0, 0.2)


class Shelf:
    """What may be suggested besides articles."""

    def __init__(self, dimension: int) -> None:
        self._macro_search = Search(FaissIndex(dimension), _OF_MACROS)
        self._answer_search = Search(FaissIndex(dimension), _OF_ANSWERS)
        self.macros: dict[str, MacroEdition] = {}
        self.answers: OrderedDict[str, Answered] = OrderedDict()

    def put_macro(self, edition: MacroEdition, vectors: Vectors | None) -> None:
        """Take in a macro in the place of its former version; a deleted one goes."""
        self._macro_search.remove(edition.id)
        self.macros.pop(edition.id, None)
        if edition.macro is not None and vectors is not None:
            self.macros[edition.id] = edition
            self._macro_search.put(Entry(edition.id, edition.macro.wordings(), vectors))

    def put_answer(self, answer: Answered, vectors: Vectors) -> list[str]:
        """Take in an answer; the ids of those that had to go."""
        text = prepared(answer.asked)
        if not text:
            return []
        self.answers[answer.id] = answer
        self._answer_search.put(Entry(answer.id, (text,), vectors))
        gone = []
        while len(self.answers) > MOST_ANSWERED:
            oldest, _ = self.answers.popitem(last=False)
            self._answer_search.remove(oldest)
            gone.append(oldest)
        return gone

    def macro_scores(self, text: str, vector: Vectors) -> dict[str, float]:
        """The scores of the nearest macros for a prepared text."""
        return _scores(self._macro_search, text, vector)

    def answer_scores(self, text: str, vector: Vectors, language: str) -> dict[str, float]:
        """The same of past answers in this language; Simplified and Traditional Chinese count as one."""
        same = [name for name, answer in self.answers.items() if answer.language[:2] == language[:2]]
        return _scores(self._answer_search, text, vector, same)


def _scores(search: Search, text: str, vector: Vectors, among: Sequence[str] | None = None) -> dict[str, float]:
    wanted = None if among is None else frozenset(among)
    if wanted is not None and not wanted:
        return {}
    found = search.candidates(text, vector, (lambda _: True) if wanted is None else wanted.__contains__)
    return {candidate.article_id: candidate.score for candidate in found}
