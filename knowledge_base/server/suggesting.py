"""The HTTP door to suggestions: candidates for a moment, macros, past answers, and what became of what was shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from knowledge_base.server.bodies import Language
from knowledge_base.server.knowledge import Knowledge
from knowledge_base.server.problems import VersionMissing, version_of
from knowledge_base.suggesting.answered import parse_answered
from knowledge_base.suggesting.candidate import Candidate
from knowledge_base.suggesting.macro import parse_macro
from knowledge_base.suggesting.moment import Moment
from knowledge_base.suggesting.store import MacroEdition

_Message = Annotated[str, Field(max_length=4000)]
_Slots = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=40)]
_Most = Annotated[int, Field(ge=1, le=30)]
_Name = Annotated[str, Field(min_length=1, max_length=120)]


class MomentIn(BaseModel):
    """The moment at which an agent needs a reply; docs/assist.md."""

    asked: Annotated[list[_Message], Field(max_length=6)]
    before: Annotated[list[_Message], Field(max_length=6)] = []
    language: Language = "zh-Hans"
    mood: Literal["calm", "annoyed", "angry"] = "calm"
    first: bool = False
    known: _Slots = []
    gave: _Slots = []
    articles: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=5)] = []
    most: _Most = 8

    def moment(self) -> Moment:
        return Moment(
            asked=tuple(self.asked),
            before=tuple(self.before),
            language=self.language,
            mood=self.mood,
            first=self.first,
            known=frozenset(self.known),
            gave=frozenset(self.gave),
            articles=tuple(self.articles),
        )


class MacroSearch(BaseModel):
    text: _Message
    language: Language = "zh-Hans"
    most: _Most = 5


class MacroEdit(BaseModel):
    """A macro as an editor saves it; its fields are checked by `knowledge_base.suggesting.macro`."""

    model_config = ConfigDict(extra="allow")

    by: Annotated[str, Field(min_length=1, max_length=80)] = "editor"


class OutcomeIn(BaseModel):
    source: Annotated[str, Field(pattern=r"^(article|macro|answered):.{1,120}$")]
    outcome: Literal["shown", "used", "edited", "ignored", "dismissed"]
    conversation: _Name
    for_seq: Annotated[int, Field(ge=0)]
    kept: Annotated[float, Field(ge=0, le=1)] = 0.0


class Outcomes(BaseModel):
    outcomes: Annotated[list[OutcomeIn], Field(max_length=50)]


class Answers(BaseModel):
    answers: Annotated[list[dict[str, Any]], Field(max_length=200)]


def suggesting_routes(knowledge: Knowledge) -> APIRouter:
    """What the doors and the action server ask when an agent is at work."""
    router = APIRouter()

    @router.post("/suggest")
    async def suggest(asked: MomentIn) -> Response:
        return _candidates(await knowledge.suggester().suggest(asked.moment(), asked.most))

    @router.post("/v1/macros/search")
    async def search_macros(asked: MacroSearch) -> Response:
        return _candidates(await knowledge.suggester().search_macros(asked.text, asked.language, asked.most))

    @router.get("/v1/macros")
    async def macros() -> Response:
        return JSONResponse({"macros": [_as_json(edition) for edition in knowledge.suggester().macros()]})

    @router.put("/v1/macros/{macro_id}")
    async def save_macro(macro_id: str, edit: MacroEdit, if_match: Annotated[str | None, Header()] = None) -> Response:
        expected = version_of(if_match)
        macro = parse_macro({**edit.model_dump(exclude={"by"}), "id": macro_id})
        version = await knowledge.suggester().keeper.change(macro.id, macro, expected, edit.by)
        return JSONResponse({"id": macro.id, "version": version}, headers={"ETag": f'"{version}"'})

    @router.delete("/v1/macros/{macro_id}")
    async def delete_macro(
        macro_id: str, by: _Name = "editor", if_match: Annotated[str | None, Header()] = None
    ) -> Response:
        expected = version_of(if_match)
        if expected == 0:
            raise VersionMissing
        version = await knowledge.suggester().keeper.change(macro_id, None, expected, by)
        return JSONResponse({"id": macro_id, "version": version})

    @router.post("/v1/outcomes", status_code=204)
    async def note(noted: Outcomes) -> None:
        store = knowledge.suggester().store
        for one in noted.outcomes:
            entry = {"conversation": one.conversation, "for_seq": str(one.for_seq)}
            await store.note(one.source, one.outcome, one.kept, entry)

    @router.post("/v1/answered", status_code=204)
    async def answered(given: Answers) -> None:
        await knowledge.suggester().store.add_answered([parse_answered(one) for one in given.answers])

    return router


def _candidates(candidates: list[Candidate]) -> Response:
    return JSONResponse({"candidates": [candidate.as_json() for candidate in candidates]})


def _as_json(edition: MacroEdition) -> dict[str, Any]:
    assert edition.macro is not None  # noqa: S101 - deleted ones are not on the shelf
    return {**edition.macro.as_json(), "version": edition.version, "by": edition.by, "at": edition.at}
