"""The agents' door: replies that may serve, and what becomes of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from desk import Agent, Conversation
from desk.assist.editing import ANOTHER_TEXT, AS_IT_WAS, kept
from desk.assist.replies import Reply, replies, values_of
from gateway.doors.agent_identity import AgentAtConversation, own_page_only
from gateway.doors.agent_view import visible
from gateway.doors.assist_case import read_case
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import our_language
from gateway.problems import DoorError
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.suggesting.asking import moment_of
from knowledge_base.suggesting.candidate import Candidate
from knowledge_base.suggesting.client import Outcome

router = APIRouter(
    prefix="/v1/agent/conversations/{conversation_id}", tags=["agents"], dependencies=[Depends(own_page_only)]
)

_SECONDS = 1.0  # as a rule 30 ms; late suggestions are better than none

SuggestionId = Annotated[str, Field(min_length=1, max_length=200)]
MoodName = Literal["calm", "annoyed", "angry"]
Seq = Annotated[int, Field(ge=0, le=2**53)]


class Source(BaseModel):
    """Where a suggestion comes from; `conversation`: where an agent answered so before."""

    kind: Literal["article", "macro", "answered"]
    id: str
    version: int
    title: str
    conversation: str | None = None


class PriorOut(BaseModel):
    """How far former use moved the confidence, in log-odds."""

    shift: float
    shown: int
    used: int


class Suggestion(BaseModel):
    id: str
    text: str
    source: Source
    confidence: float
    missing: list[str]
    prior: PriorOut | None


class Suggestions(BaseModel):
    """At most three, surest first, for the customer's message `for_seq`."""

    for_seq: int
    mood: MoodName
    abstained: Literal["nothing_asked", "nothing_fits"] | None
    suggestions: list[Suggestion]


class Chosen(BaseModel):
    """The suggestion that a message was made from."""

    id: SuggestionId
    for_seq: Seq


class SuggestionOutcome(BaseModel):
    for_seq: Seq
    suggestion: SuggestionId
    outcome: Literal["inserted", "dismissed"]


@router.get("/suggestions", responses=problems(401, 403, 404))
async def suggestions(conversation_id: str, agent: AgentAtConversation, doors: TheDoors) -> Suggestions:
    """Up to three replies to what the customer wrote last."""
    return await suggestions_for(doors, await visible(doors.desk, conversation_id, agent), agent)


@router.post("/suggestions/outcome", status_code=204, responses=problems(400, 401, 403, 404, 422))
async def outcome(conversation_id: str, body: SuggestionOutcome, agent: AgentAtConversation, doors: TheDoors) -> None:
    """One was taken into the draft, or sent away; the rest is noticed when the agent answers."""
    conversation = await visible(doors.desk, conversation_id, agent)
    name = _name(body.for_seq, body.suggestion)
    held = (await doors.desk.assist.shown(conversation.id)).get(name)
    if held and body.outcome == "dismissed" and await doors.desk.assist.settle(conversation.id, [name]):
        noted = Outcome(held["source"], "dismissed", conversation.id, body.for_seq)
        doors.assist.later(_note(doors, [noted]), "suggestions")


async def suggestions_for(doors: Doors, conversation: Conversation, agent: Agent) -> Suggestions:
    """Raises DoorError("knowledge_unavailable")."""
    situation = (await read_case(doors.desk, conversation)).situation
    mood: MoodName = situation.mood.name.lower()  # type: ignore[assignment] # its three names
    if not any(text.strip() for text in situation.asked):
        return Suggestions(
            for_seq=situation.for_seq or conversation.seq, mood=mood, abstained="nothing_asked", suggestions=[]
        )
    moment = moment_of(situation, our_language(conversation.language))
    try:
        candidates = await doors.knowledge.suggest(moment, seconds=_SECONDS)
    except KnowledgeUnavailable as error:
        raise DoorError("knowledge_unavailable") from error
    chosen = replies(candidates, values_of(situation.facts, agent.display_name))
    if conversation.holder == agent.name:
        doors.assist.later(_show(doors, conversation.id, situation.for_seq, chosen), "suggestions")
    return Suggestions(
        for_seq=situation.for_seq,
        mood=mood,
        abstained=None if chosen else "nothing_fits",
        suggestions=[_out(reply) for reply in chosen],
    )


async def answered(doors: Doors, conversation_id: str, text: str, chosen: Chosen | None) -> None:
    """The agent has answered: what was shown was used, edited or ignored. Once, whoever notices first."""
    shown = await doors.desk.assist.shown(conversation_id)
    settled = await doors.desk.assist.settle(conversation_id, list(shown))
    wanted = _name(chosen.for_seq, chosen.id) if chosen else None
    await _note(doors, [_outcome(conversation_id, name, shown[name], text, name == wanted) for name in settled])
    await doors.desk.assist.learn_later(conversation_id, doors.assist.learn_after)


def _outcome(conversation_id: str, name: str, held: Mapping[str, Any], text: str, chosen: bool) -> Outcome:
    seq, share = int(name.partition("/")[0]), kept(held["text"], text)
    # Said to be chosen, or so alike that it must have been.
    if share >= AS_IT_WAS:
        return Outcome(held["source"], "used", conversation_id, seq, round(share, 3))
    if chosen or share >= ANOTHER_TEXT:
        return Outcome(held["source"], "edited", conversation_id, seq, round(share, 3))
    return Outcome(held["source"], "ignored", conversation_id, seq)


async def _show(doors: Doors, conversation_id: str, for_seq: int, chosen: list[Reply[Candidate]]) -> None:
    items = {_name(for_seq, reply.id): {"source": reply.candidate.source, "text": reply.text} for reply in chosen}
    fresh = await doors.desk.assist.show(conversation_id, items)
    await _note(doors, [Outcome(items[name]["source"], "shown", conversation_id, for_seq) for name in fresh])


async def _note(doors: Doors, outcomes: list[Outcome]) -> None:
    """What cannot be stored now is lost: the counts are for ranking, not for accounts."""
    try:
        await doors.knowledge.note(outcomes)
    except KnowledgeUnavailable:
        return


def _out(reply: Reply[Candidate]) -> Suggestion:
    one = reply.candidate
    return Suggestion(
        id=reply.id,
        text=reply.text,
        source=Source.model_validate(
            {name: getattr(one, name) for name in ("kind", "id", "version", "title", "conversation")}
        ),
        confidence=one.confidence,
        missing=list(reply.missing),
        prior=PriorOut(**one.prior.as_json()) if one.prior else None,
    )


def _name(for_seq: int, suggestion: str) -> str:
    return f"{for_seq}/{suggestion}"
