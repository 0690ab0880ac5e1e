"""What others ask of the suggestions: the knowledge server's client with a few more calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge_base.client import KnowledgeClient, KnowledgeUnavailable
from knowledge_base.confirmed.question import ConfirmedQuestion
from knowledge_base.suggesting.answered import Answered
from knowledge_base.suggesting.candidate import Candidate
from knowledge_base.suggesting.moment import Moment

SUGGEST_SECONDS = 0.25
_WRITE_SECONDS = 2.0


@dataclass(frozen=True)
class Outcome:
    """What became of one suggestion; `kept` is how much of its text was sent, 0-1."""

    source: str
    outcome: str
    conversation: str
    for_seq: int
    kept: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class MacroAnswer:
    """What the server said to a change of a macro: its status, and the body as it came."""

    status: int
    body: Mapping[str, Any]


class SuggestingClient(KnowledgeClient):
    """The knowledge server from asyncio, suggestions included. Raises KnowledgeUnavailable like its base."""

    async def suggest(self, moment: Moment, most: int = 8, seconds: float = SUGGEST_SECONDS) -> list[Candidate]:
        """Candidates, surest first, within `seconds` in all."""
        body = await self._post("/suggest", seconds, {**moment_as_json(moment), "most": most})
        return _candidates(body)

    async def search_macros(self, text: str, language: str, most: int = 5) -> list[Candidate]:
        """Macros that fit what an agent types."""
        body = await self._post(
            "/v1/macros/search", SUGGEST_SECONDS, {"text": text, "language": language, "most": most}
        )
        return _candidates(body)

    async def note(self, outcomes: Sequence[Outcome]) -> None:
        """Store what became of suggestions."""
        if outcomes:
            await self._post("/v1/outcomes", _WRITE_SECONDS, {"outcomes": [one.as_json() for one in outcomes]})

    async def add_answered(self, answers: Sequence[Answered]) -> None:
        """Keep what agents answered; personal data are the caller's to take out."""
        if answers:
            await self._post("/v1/answered", _WRITE_SECONDS, {"answers": [one.as_json() for one in answers]})

    async def add_confirmed(self, questions: Sequence[ConfirmedQuestion]) -> None:
        """Keep which article was right for what customers asked; personal data are the caller's to take out."""
        if questions:
            body = {"confirmed": [one.as_json() for one in questions]}
            await self._post("/v1/confirmed", _WRITE_SECONDS, body)

    async def macros(self) -> list[dict[str, Any]]:
        """Every macro with version, by and at."""
        response = await self._send("GET", "/v1/macros", _WRITE_SECONDS)
        return list(_body(response.status, response.body)["macros"])

    async def _post(self, path: str, seconds: float, body: Mapping[str, Any]) -> Any:
        response = await self._send("POST", path, seconds, json=body)
        return _body(response.status, response.body)


def moment_as_json(moment: Moment) -> dict[str, Any]:
    return {
        "asked": list(moment.asked),
        "before": list(moment.before),
        "language": moment.language,
        "mood": moment.mood,
        "first": moment.first,
        "known": sorted(moment.known),
        "gave": sorted(moment.gave),
        "articles": list(moment.articles),
    }


def _candidates(body: Any) -> list[Candidate]:
    try:
        return [Candidate.from_json(item) for item in body["candidates"]]
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeUnavailable("an answer that cannot be read") from error


def _body(status: int, raw: bytes) -> Any:
    if status >= 400:
        raise KnowledgeUnavailable(f"status {status}")
    try:
        return json.loads(raw) if raw else None
    except ValueError as error:
        raise KnowledgeUnavailable("an answer that cannot be read") from error
