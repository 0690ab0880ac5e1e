"""The agents' door: articles and macros found while typing, and the macros themselves."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query
from pydantic import BaseModel, ConfigDict

from desk import Agent
from desk.assist.filling import fill
from desk.assist.replies import for_agents, values_of
from gateway.doors.agent_identity import having, own_page_only
from gateway.doors.agent_view import visible
from gateway.doors.articles_access import Editing, SignedInEditor
from gateway.doors.assist_case import read_case
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import Language, our_language
from gateway.problems import DoorError
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.suggesting.candidate import Candidate

router = APIRouter(prefix="/v1/agent", tags=["agents"], dependencies=[Depends(own_page_only)])

_SECONDS = 1.0

ReadingAgent = Annotated[Agent, having("articles.read")]
MacroId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
Version = Annotated[str | None, Header(alias="If-Match")]


class FoundArticle(BaseModel):
    id: str
    version: int
    question: str
    answer: str
    category: str
    audience: Literal["customer", "agent"]
    flow: str | None
    confidence: float


class FoundMacro(BaseModel):
    """`missing`: slots that nobody knows yet."""

    id: str
    version: int
    title: str
    text: str
    missing: list[str]
    confidence: float


class FoundWhileTyping(BaseModel):
    articles: list[FoundArticle]
    macros: list[FoundMacro]


class MacroOut(BaseModel):
    id: str
    version: int
    by: str
    at: str
    category: str
    title: dict[str, str]
    text: dict[str, str]
    asked: dict[str, list[str]]
    when: dict[str, Any]


class Macros(BaseModel):
    macros: list[MacroOut]


class MacroIn(BaseModel):
    """A macro as an editor writes it; the knowledge server says what is wrong with it."""

    model_config = ConfigDict(extra="forbid")

    category: str = "other"
    title: dict[str, str]
    text: dict[str, str]
    asked: dict[str, list[str]]
    when: dict[str, Any] = {}


class SavedMacro(BaseModel):
    id: str
    version: int


@router.get("/search", responses=problems(401, 403, 404, 422))
async def search(
    agent: ReadingAgent,
    doors: TheDoors,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    language: Annotated[Language | None, Query()] = None,
    conversation: Annotated[str | None, Query(max_length=64, description="fills the macros' slots")] = None,
) -> FoundWhileTyping:
    """Articles, those for agents only included, and macros that fit the words, best first."""
    values = await _values(doors, agent, conversation)
    written = our_language(language) or "zh-Hans"
    try:
        understood, macros = await asyncio.gather(
            doors.knowledge.understand(q, language=our_language(language), audience="agent", timeout=_SECONDS),
            doors.knowledge.search_macros(q, written),
        )
    except KnowledgeUnavailable as error:
        raise DoorError("knowledge_unavailable") from error
    return FoundWhileTyping(
        articles=[_article(one) for one in understood.articles], macros=[_macro(one, values) for one in macros]
    )


@router.get("/macros", responses=problems(401, 403))
async def macros(_agent: ReadingAgent, editing: Editing) -> Macros:
    """Every macro, by id."""
    return Macros(macros=[MacroOut(**one) for one in await editing.macros()])


@router.put("/macros/{macro_id}", responses=problems(400, 401, 403, 412, 413, 422, 428))
async def save_macro(
    macro_id: MacroId, body: MacroIn, agent: SignedInEditor, editing: Editing, if_match: Version = None
) -> SavedMacro:
    """Write a macro; `If-Match` names the version that was edited, 0 a new one."""
    saved = await editing.save_macro(macro_id, {**body.model_dump(), "by": agent.name}, _version(if_match))
    return SavedMacro(**saved)


@router.delete("/macros/{macro_id}", status_code=204, responses=problems(401, 403, 412, 422, 428))
async def delete_macro(macro_id: MacroId, agent: SignedInEditor, editing: Editing, if_match: Version = None) -> None:
    """Delete a macro in the version that `If-Match` names."""
    await editing.delete_macro(macro_id, _version(if_match), agent.name)


async def _values(doors: Doors, agent: Agent, conversation_id: str | None) -> dict[str, str]:
    if conversation_id is None:
        return values_of({}, agent.display_name)
    case = await read_case(doors.desk, await visible(doors.desk, conversation_id, agent))
    return values_of(case.situation.facts, agent.display_name)


def _article(one: Any) -> FoundArticle:
    return FoundArticle(
        id=one.id,
        version=one.version,
        question=one.question,
        answer=for_agents(one.answer),
        category=one.category,
        audience=one.audience,
        flow=one.flow,
        confidence=one.confidence,
    )


def _macro(one: Candidate, values: dict[str, str]) -> FoundMacro:
    filled = fill(one.text, values)
    return FoundMacro(
        id=one.id,
        version=one.version,
        title=one.title,
        text=filled.text,
        missing=list(filled.missing),
        confidence=one.confidence,
    )


def _version(if_match: str | None) -> int:
    digits = (if_match or "").strip().removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise DoorError("version_missing")
    return int(digits)
