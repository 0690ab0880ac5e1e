"""The agents' door: what an agent should know on arrival, and whether the customer is who they say."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from desk import Conversation
from desk.assist.summary import Summary, Tried, summarise
from desk.assist.summary_words import SummaryWords
from desk.assist.wanting import what_they_want
from desk.case import Earlier, Verified
from desk.times import to_text
from gateway.doors.agent_identity import AgentAtConversation, own_page_only
from gateway.doors.agent_tickets import TicketOut
from gateway.doors.agent_view import visible
from gateway.doors.assist_case import Case, read_case
from gateway.doors.assist_check import AgentsLanguage
from gateway.doors.assist_context_view import (
    ContextOut,
    CustomerOut,
    EarlierOut,
    MoodAtOut,
    MoodOut,
    QuoteOut,
    RewrittenOut,
    SlotOut,
    SummaryLineOut,
    TriedOut,
    VerifiedOut,
)
from gateway.doors.assist_orders import orders_of
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import clean, our_language

router = APIRouter(
    prefix="/v1/agent/conversations/{conversation_id}", tags=["agents"], dependencies=[Depends(own_page_only)]
)

_WRITE = problems(400, 401, 403, 404, 409, 413, 422)
_EARLIER, _TICKETS = 5, 10

How = Annotated[str, Field(min_length=2, max_length=200)]


class VerifiedHow(BaseModel):
    how: How


@router.get("/context", responses=problems(401, 403, 404))
async def context(
    conversation_id: str, agent: AgentAtConversation, doors: TheDoors, language: AgentsLanguage = None
) -> ContextOut:
    """What the customer wants, what the bot tried, what is known; earlier contacts, tickets and orders."""
    conversation = await visible(doors.desk, conversation_id, agent)
    return await _context(doors, conversation, SummaryWords(our_language(language) or "zh-Hans"))


@router.post("/verified", responses=_WRITE)
async def verify(conversation_id: str, body: VerifiedHow, agent: AgentAtConversation, doors: TheDoors) -> VerifiedOut:
    """The holder ticks that they know who it is, and says how."""
    conversation = await visible(doors.desk, conversation_id, agent)
    verified = await doors.desk.assist.verify(conversation, agent.name, clean(body.how))
    await doors.desk.audit.note(agent.name, "verified", conversation=conversation_id, how=clean(body.how))
    return _verified(verified)


@router.delete("/verified", responses=problems(401, 403, 404, 409))
async def unverify(conversation_id: str, agent: AgentAtConversation, doors: TheDoors) -> VerifiedOut:
    """Take the tick back."""
    conversation = await visible(doors.desk, conversation_id, agent)
    verified = await doors.desk.assist.unverify(conversation, agent.name)
    await doors.desk.audit.note(agent.name, "unverified", conversation=conversation_id)
    return _verified(verified)


async def _context(doors: Doors, conversation: Conversation, words: SummaryWords) -> ContextOut:
    desk = doors.desk
    case, verified, earlier, tickets = await asyncio.gather(
        read_case(desk, conversation),
        desk.assist.verified(conversation),
        desk.assist.earlier(conversation, _EARLIER),
        desk.tickets_of(conversation.address, _TICKETS),
    )
    summary = summarise(case.events, conversation.dialogue or conversation.former_dialogue, words)
    orders, wanted, rewritten = await asyncio.gather(
        orders_of(doors.assist.office, summary.slots),
        asyncio.gather(*(_wanted(doors, former) for former in earlier)),
        _rewritten(doors, summary, words),
    )
    return ContextOut(
        conversation=conversation.id,
        seq=conversation.seq,
        language=conversation.language,
        wants=QuoteOut(**vars(summary.wants)) if summary.wants else None,
        summary=[SummaryLineOut(**vars(line)) for line in summary.lines],
        rewritten=rewritten,
        tried=[_tried(one, words) for one in summary.tried],
        slots=[SlotOut(label=words.label(fact.name), **vars(fact)) for fact in summary.slots],
        mood=_mood(summary),
        customer=_customer(conversation, case),
        verified=_verified(verified),
        earlier=[_earlier(former, wants) for former, wants in zip(earlier, wanted, strict=True)],
        tickets=[TicketOut(**ticket.as_dict()) for ticket in tickets if ticket.state != "done"],
        orders=orders,
    )


async def _rewritten(doors: Doors, summary: Summary, words: SummaryWords) -> RewrittenOut | None:
    if doors.assist.rewriter is None or not summary.lines:
        return None
    found = await doors.assist.rewriter.rewrite([line.text for line in summary.lines], words.language)
    return RewrittenOut(text=found.text, by=found.by) if found else None


async def _wanted(doors: Doors, former: Earlier) -> str | None:
    """What they wanted then: the wrap-up's word, else their own."""
    if former.summary:
        return former.summary
    case = await read_case(doors.desk, former.conversation)
    quote = what_they_want(case.lines)
    return quote.text if quote else former.conversation.preview or None


def _tried(one: Tried, words: SummaryWords) -> TriedOut:
    told = vars(one) | {"step": words.label(one.step) if one.step else None}
    return TriedOut(**told)


def _mood(summary: Summary) -> MoodOut:
    over_time = [MoodAtOut(seq=at.seq, mood=at.mood.name.lower()) for at in summary.moods]  # type: ignore[arg-type] # its three names
    return MoodOut(now=summary.mood.name.lower(), over_time=over_time)  # type: ignore[arg-type] # as above


def _customer(conversation: Conversation, case: Case) -> CustomerOut:
    name = case.situation.facts.get("customer_name")
    return CustomerOut(
        name=name.value if name else None,
        vouched_as=conversation.vouched_as,
        language=conversation.language,
        channel=conversation.address.channel,
    )


def _verified(verified: Verified) -> VerifiedOut:
    at = to_text(verified.at) if verified.at else None
    return VerifiedOut(state=verified.state, by=verified.by, at=at, how=verified.how)


def _earlier(former: Earlier, wants: str | None) -> EarlierOut:
    one = former.conversation
    return EarlierOut(
        conversation=one.id,
        opened_at=to_text(one.opened_at),
        closed_at=to_text(one.changed_at) if one.state == "closed" else None,
        state=one.state,
        wants=wants,
        disposition=former.disposition,
        summary=former.summary,
        agent=former.agent,
    )
