"""The agents' door: what became of a case, its contact form, tickets, and closing, in one step."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends

from desk import Agent, Conversation
from desk.assist.form import FIELDS, PHONE, in_language
from desk.assist.prefill import formatted_phone
from desk.assist.validation import Problem, problems_of_disposition
from desk.assist.validation import problems as problems_of
from desk.case import NewTicket, WrapUp
from gateway.doors.agent_identity import AgentAtConversation, SignedInAgent, own_page_only
from gateway.doors.agent_view import conversation_out
from gateway.doors.assist_access import own_case
from gateway.doors.assist_check import AgentsLanguage
from gateway.doors.assist_draft import Draft, draft_of
from gateway.doors.assist_orders import order_state
from gateway.doors.assist_wrap_up_view import (
    CategoryOut,
    ChosenDisposition,
    FieldOption,
    FieldOut,
    FormCheck,
    FormValues,
    Options,
    Problems,
    TicketKind,
    TicketOption,
    WrappedUpOut,
    WrapUpDraft,
    WrapUpIn,
    disposition_out,
    handling_out,
    problems_out,
)
from gateway.doors.context import Doors, TheDoors
from gateway.doors.declared import problems
from gateway.doors.texts import clean, our_language
from gateway.problems import DoorError

router = APIRouter(prefix="/v1/agent", tags=["agents"], dependencies=[Depends(own_page_only)])

_C = "/conversations/{conversation_id}/wrap-up"
_WRITE = problems(400, 401, 403, 404, 409, 413, 422)

_OF_TICKET = ("category", "order_number", "phone", "product")
_DUE_HOURS: dict[TicketKind, int] = {"callback": 24, "complaint": 24, "follow_up": 48}


@router.get("/wrap-up/options", responses=problems(401))
async def options(_agent: SignedInAgent, doors: TheDoors, language: AgentsLanguage = None) -> Options:
    """What there is to choose and to fill in."""
    tongue, form = our_language(language) or "zh-Hans", doors.assist.form
    return Options(
        dispositions=[disposition_out(node, tongue) for node in doors.assist.dispositions],
        categories=[
            CategoryOut(id=one.id, title=in_language(one.title, tongue), required=list(one.required))
            for one in form.categories.values()
        ],
        tickets=[TicketOption(kind=kind, due_hours=hours) for kind, hours in _DUE_HOURS.items()],
        fields=[FieldOption(name=name, label=in_language(label, tongue)) for name, label in form.labels.items()],
        target_seconds=doors.desk.routing.handling_target,
    )


@router.get(_C, responses=problems(401, 403, 404))
async def draft(
    conversation_id: str, agent: AgentAtConversation, doors: TheDoors, language: AgentsLanguage = None
) -> WrapUpDraft:
    """The form as the conversation fills it, and what is still wrong with it."""
    conversation = await own_case(doors.desk, conversation_id, agent)
    return await _draft(doors, conversation, agent, our_language(language) or "zh-Hans")


@router.post(f"{_C}/begin", responses=_WRITE)
async def begin(
    conversation_id: str, agent: AgentAtConversation, doors: TheDoors, language: AgentsLanguage = None
) -> WrapUpDraft:
    """The same; the talk ends here and after-work begins, unless the customer writes again."""
    conversation = await own_case(doors.desk, conversation_id, agent)
    await doors.desk.assist.begin_wrap_up(conversation, agent.name)
    return await _draft(doors, conversation, agent, our_language(language) or "zh-Hans")


@router.post(f"{_C}/check", responses=_WRITE)
async def check_form(
    conversation_id: str, body: FormCheck, agent: AgentAtConversation, doors: TheDoors, language: AgentsLanguage = None
) -> Problems:
    """What is wrong with a form, field by field."""
    await own_case(doors.desk, conversation_id, agent)
    found = await _problems(doors, body.form, body.disposition, with_disposition=body.disposition is not None)
    return Problems(problems=problems_out(found, our_language(language) or "zh-Hans"))


@router.post(_C, responses=_WRITE)
async def wrap_up(
    conversation_id: str, body: WrapUpIn, agent: AgentAtConversation, doors: TheDoors, language: AgentsLanguage = None
) -> WrappedUpOut:
    """File the form, open the tickets and close the conversation, all or nothing."""
    desk = doors.desk
    conversation = await own_case(desk, conversation_id, agent)
    found = await _problems(doors, body.form, body.disposition, with_disposition=True)
    if any(one.severity == "stop" for one in found):
        shown = problems_out(found, our_language(language) or "zh-Hans")
        raise DoorError("wrap_up_refused", facts={"problems": [one.model_dump() for one in shown]})
    wrap = WrapUp(body.disposition, clean(body.summary), _filed(body.form), _tickets(body))
    ids = await desk.assist.wrap_up(conversation, agent.name, body.epoch, wrap, close=body.close)
    await desk.audit.note(agent.name, "wrapped_up", conversation=conversation_id, disposition=body.disposition)
    after = await desk.conversation(conversation_id)
    took = await desk.assist.handling(after, agent.name)
    return WrappedUpOut(
        conversation=conversation_out(after), tickets=ids, handling=handling_out(took, desk.routing.handling_target)
    )


async def _draft(doors: Doors, conversation: Conversation, agent: Agent, language: str) -> WrapUpDraft:
    drafted: Draft = await draft_of(doors, conversation, language)
    done = await doors.desk.assist.wrapped_up(conversation.id)
    form = {name: FieldOut(value=one.value, seq=one.seq) for name, one in drafted.form.items()}
    summary, disposition = drafted.summary, drafted.disposition
    if done:  # what was filed stands
        form = {name: FieldOut(value=done["form"].get(name), seq=None) for name in FIELDS}
        summary, disposition = done["summary"], (done["disposition"], 1.0)
    found = await _problems(doors, {name: one.value for name, one in form.items()}, None, with_disposition=False)
    took = await doors.desk.assist.handling(conversation, agent.name)
    return WrapUpDraft(
        disposition=ChosenDisposition(id=disposition[0], confidence=disposition[1]) if disposition else None,
        summary=summary,
        form=form,
        problems=problems_out(found, language),
        handling=handling_out(took, doors.desk.routing.handling_target),
        done=done is not None,
    )


async def _problems(
    doors: Doors, form: FormValues, disposition: str | None, *, with_disposition: bool
) -> list[Problem]:
    order = await order_state(doors.assist.office, form.get("order_number"))
    found = problems_of(form, doors.assist.form, datetime.now(UTC), order)
    if with_disposition:
        found += problems_of_disposition(disposition, form.get("category"), doors.assist.dispositions)
    return found


def _filed(form: FormValues) -> dict[str, str]:
    """As it is kept: nothing empty, a phone in its one form, no card numbers."""
    filled = {name: clean(value) for name, value in form.items() if value and clean(value)}
    if PHONE in filled:
        filled[PHONE] = formatted_phone(filled[PHONE]) or filled[PHONE]
    return filled


def _tickets(body: WrapUpIn) -> Sequence[NewTicket]:
    now, form = datetime.now(UTC), _filed(body.form)
    kept: dict[str, Any] = {name: form[name] for name in _OF_TICKET if name in form}
    return [
        NewTicket(
            one.kind,
            {**kept, "text": clean(one.text)},
            now + timedelta(hours=one.due_hours or _DUE_HOURS[one.kind]),
        )
        for one in body.tickets
    ]
