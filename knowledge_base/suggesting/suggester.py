"""Finds what may serve at a moment, among articles, macros and past answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge_base.article import CUSTOMER
from knowledge_base.encoder import prepared
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.live_base import Before, LiveBase
from knowledge_base.store import StoreUnavailable
from knowledge_base.suggesting import ranking
from knowledge_base.suggesting.candidate import Candidate, Prior
from knowledge_base.suggesting.keeper import Keeper
from knowledge_base.suggesting.moment import Moment
from knowledge_base.suggesting.prior import Record, shifted
from knowledge_base.suggesting.store import MacroEdition, SuggestingStore
from knowledge_base.understanding import ArticleMatch
from reading.script import to_simplified, to_traditional

_LIFTED = 1.0  # a macro whose moment lifts it this much needs no likeness
_TITLE = 60


@dataclass(frozen=True)
class _Found:
    """What the encoder's thread found for one text."""

    macros: Mapping[str, float]
    answers: Mapping[str, float]


class Suggester:
    """The suggestions of one process."""

    def __init__(self, store: SuggestingStore, keeper: Keeper, base: LiveBase, thread: EncoderThread) -> None:
        self._store, self._keeper, self._base, self._thread = store, keeper, base, thread
        self._shelf = keeper.shelf

    @property
    def ready(self) -> bool:
        """Whether macros and past answers are there."""
        return self._keeper.ready

    @property
    def store(self) -> SuggestingStore:
        return self._store

    @property
    def keeper(self) -> Keeper:
        return self._keeper

    def macros(self) -> list[MacroEdition]:
        """Every macro as it is used now, by id."""
        return [self._shelf.macros[macro_id] for macro_id in sorted(self._shelf.macros)]

    async def suggest(self, moment: Moment, most: int) -> list[Candidate]:
        """The best `most` candidates, surest first; none for a moment without words. Raises TooBusy."""
        text, whole = prepared(moment.text), prepared(moment.whole)
        if not text:
            text = whole
        if not text:
            return []
        asked, told = await self._articles(moment)
        near, far = await self._thread.run(lambda: (self._look_up(text, moment), self._look_up(whole, moment)))
        topics = ranking.topics(_by_category(asked), _by_category(told))
        candidates = [
            *_of_articles(asked, told),
            *self._of_macros(moment, topics, near.macros, far.macros),
            *self._of_answers(moment, near.answers, far.answers),
        ]
        best = sorted(candidates, key=lambda one: one.confidence, reverse=True)[: most * 2]
        return sorted(await self._with_priors(best), key=lambda one: one.confidence, reverse=True)[:most]

    async def search_macros(self, text: str, language: str, most: int) -> list[Candidate]:
        """Macros that fit what an agent types."""
        plain = prepared(text)
        if not plain:
            return []
        scores = await self._thread.run(lambda: self._shelf.macro_scores(plain, self._thread.vector(plain)))
        found = [
            self._macro(name, language, ranking.of_macro(ranking.Likeness(score, score), 0.0) + _titled(edition, plain))
            for name, score in scores.items()
            if (edition := self._shelf.macros.get(name)) is not None
        ]
        return sorted(found, key=lambda one: one.confidence, reverse=True)[:most]

    # finding

    async def _articles(self, moment: Moment) -> tuple[Sequence[ArticleMatch], Sequence[ArticleMatch]]:
        """Those for customers: what is written for agents is no reply."""
        before = Before(moment.articles, "\n".join(moment.before)) if moment.articles else None
        asked = await self._base.understand(moment.text, moment.language, CUSTOMER, before=before)
        if not moment.before:
            return asked.articles, asked.articles
        return asked.articles, (await self._base.understand(moment.whole, moment.language, CUSTOMER)).articles

    def _look_up(self, text: str, moment: Moment) -> _Found:
        vector = self._thread.vector(text)
        return _Found(self._shelf.macro_scores(text, vector), self._shelf.answer_scores(text, vector, moment.language))

    def _of_macros(
        self, moment: Moment, topics: Mapping[str, float], near: Mapping[str, float], far: Mapping[str, float]
    ) -> list[Candidate]:
        found = []
        for name, edition in self._shelf.macros.items():
            if edition.macro is None or not edition.macro.when.allows(moment):
                continue
            lift = edition.macro.when.lifted(moment, topics)
            if name in near or name in far or lift >= _LIFTED:
                found.append(
                    self._macro(name, moment.language, ranking.of_macro(ranking.likeness(near, far, name), lift))
                )
        return found

    def _macro(self, name: str, language: str, confidence: float) -> Candidate:
        edition = self._shelf.macros[name]
        assert edition.macro is not None  # noqa: S101 - the shelf keeps no deleted ones
        title, text = edition.macro.in_language(language)
        return Candidate(
            ranking.MACRO, name, edition.version, title, text, round(min(confidence, 0.9999), 4), edition.macro.category
        )

    def _of_answers(self, moment: Moment, near: Mapping[str, float], far: Mapping[str, float]) -> list[Candidate]:
        found = []
        for name in {**near, **far}:
            answer = self._shelf.answers.get(name)
            if answer is None:
                continue
            confidence = ranking.of_answered(ranking.likeness(near, far, name))
            found.append(
                Candidate(
                    ranking.ANSWERED,
                    name,
                    1,
                    _in_script(answer.asked, moment.language)[:_TITLE],
                    _in_script(answer.reply, moment.language),
                    round(confidence, 4),
                    conversation=answer.conversation,
                )
            )
        return found

    async def _with_priors(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        try:
            records = await self._store.records([candidate.source for candidate in candidates])
        except StoreUnavailable:
            return list(candidates)
        return [_with_prior(candidate, records[candidate.source]) for candidate in candidates]


def _of_articles(asked: Sequence[ArticleMatch], told: Sequence[ArticleMatch]) -> list[Candidate]:
    near, far = ({match.id: match.confidence for match in matches} for matches in (asked, told))
    return [
        Candidate(
            ranking.ARTICLE,
            match.id,
            match.version,
            match.question,
            match.answer,
            round(ranking.of_article(ranking.article_likeness(near, far, match.id)), 4),
            match.category,
        )
        for match in {match.id: match for match in (*told, *asked)}.values()
    ]


def _by_category(matches: Sequence[ArticleMatch]) -> dict[str, float]:
    found: dict[str, float] = {}
    for match in matches:
        found[match.category] = found.get(match.category, 0.0) + match.confidence
    return found


def _with_prior(candidate: Candidate, record: Record) -> Candidate:
    if not record.shown:
        return candidate
    shift = round(record.shift, 3)
    confidence = round(shifted(candidate.confidence, shift), 4)
    return replace(candidate, confidence=confidence, prior=Prior(shift, record.shown, record.used + record.edited))


def _titled(edition: MacroEdition, plain: str) -> float:
    """An agent who types a word of the title means that macro."""
    titles = edition.macro.title.values() if edition.macro else ()
    return 0.5 if any(plain in prepared(title) for title in titles) else 0.0


def _in_script(text: str, language: str) -> str:
    if language == "zh-Hant":
        return to_traditional(text)
    return to_simplified(text) if language == "zh-Hans" else text
