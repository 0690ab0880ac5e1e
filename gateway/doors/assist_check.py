"""The agents' door: a draft is read against the rules, and what must not go out is kept in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from desk import Agent, Conversation
from desk.assist.checking import Draft, Finding, check, stops
from gateway.doors.agent_identity import AgentAtConversation, own_page_only
from gateway.doors.agent_view import visible
from gateway.doors.assist_case import read_case
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import Language, Text, our_language
from gateway.problems import DoorError

router = APIRouter(
    prefix="/v1/agent/conversations/{conversation_id}", tags=["agents"], dependencies=[Depends(own_page_only)]
)

Reason = Annotated[str, Field(min_length=4, max_length=500)]
Rule = Annotated[str, Field(min_length=1, max_length=60)]
AgentsLanguage = Annotated[Language | None, Query(description="of what is told to the agent")]
Place = tuple[int, int]


class DraftIn(BaseModel):
    text: Text


class FindingOut(BaseModel):
    """`span` is what to mark, `better` what should stand in the place of `sentence`; both in UTF-16 units."""

    rule: str
    severity: Literal["stop", "advise"]
    span: Place
    sentence: Place
    why: str
    better: str | None


class Findings(BaseModel):
    """For the conversation as it stood at the customer's message `for_seq`."""

    for_seq: int
    findings: list[FindingOut]


class Confirmed(BaseModel):
    """The agent knows what was found under these rules and sends it all the same."""

    rules: Annotated[list[Rule], Field(min_length=1, max_length=10)]
    reason: Reason


@router.post("/check", responses=problems(400, 401, 403, 404, 413, 422))
async def check_draft(
    conversation_id: str, body: DraftIn, agent: AgentAtConversation, doors: TheDoors, language: AgentsLanguage = None
) -> Findings:
    """What is wrong with a draft, what must be mended first."""
    conversation = await visible(doors.desk, conversation_id, agent)
    for_seq, found = await _findings(doors, conversation, body.text, our_language(language) or "zh-Hans")
    return Findings(for_seq=for_seq, findings=[_out(one, body.text) for one in found])


async def must_be_fine(
    doors: Doors, conversation: Conversation, text: str, confirmed: Confirmed | None, language: str | None
) -> list[str]:
    """The rules that are overridden with reason. Raises DoorError("confirmation_needed") for others."""
    _, found = await _findings(doors, conversation, text, our_language(language) or "zh-Hans")
    broken = stops(found)
    known = set(confirmed.rules) if confirmed and confirmed.reason.strip() else set()
    left = [one for one in broken if one.rule not in known]
    if left:
        # A refusal repeats nothing of the request: what stands better is for /check to say.
        shown = [_out(replace(one, better=None), text).model_dump(mode="json") for one in left]
        raise DoorError("confirmation_needed", facts={"findings": shown})
    return sorted({one.rule for one in broken})


async def note_confirmed(
    doors: Doors, agent: Agent, conversation_id: str, rules: Sequence[str], confirmed: Confirmed | None
) -> None:
    """Into the audit: which rules were overridden, and why."""
    if rules and confirmed:
        await doors.desk.audit.note(
            agent.name, "confirmed", conversation=conversation_id, rules=list(rules), reason=confirmed.reason.strip()
        )


async def _findings(doors: Doors, conversation: Conversation, text: str, language: str) -> tuple[int, list[Finding]]:
    case = await read_case(doors.desk, conversation)
    verified = (await doors.desk.assist.verified(conversation)).known
    draft = Draft(text, case.lines, verified)
    return case.situation.for_seq, check(draft, doors.assist.rules, language)


def _out(finding: Finding, text: str) -> FindingOut:
    return FindingOut(
        rule=finding.rule,
        severity=finding.severity,
        span=_utf16(text, finding.span),
        sentence=_utf16(text, finding.sentence),
        why=finding.why,
        better=finding.better,
    )


def _utf16(text: str, span: Place) -> Place:
    """As JavaScript counts: a face is two."""
    start = len(text[: span[0]].encode("utf-16-le")) // 2
    return start, start + len(text[span[0] : span[1]].encode("utf-16-le")) // 2
