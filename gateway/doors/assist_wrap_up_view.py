"""Dispositions, the contact form and handling times, as JSON."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from desk.assist.form import Disposition, in_language
from desk.assist.handling import Handling
from desk.assist.validation import Problem
from gateway.doors.agent_view import ConversationOut

Value = Annotated[str, Field(max_length=1000)]
FieldName = Annotated[str, Field(max_length=40)]
FormValues = Annotated[dict[FieldName, Value | None], Field(max_length=20)]
TicketKind = Literal["callback", "complaint", "follow_up"]
DispositionId = Annotated[str, Field(max_length=60)]


class DispositionOut(BaseModel):
    """A branch or a leaf; `ticket`: a kind that usually goes with it."""

    id: str
    title: str
    category: str
    ticket: str | None
    children: list["DispositionOut"]


class CategoryOut(BaseModel):
    id: str
    title: str
    required: list[str]


class TicketOption(BaseModel):
    kind: TicketKind
    due_hours: int


class FieldOption(BaseModel):
    name: str
    label: str


class Options(BaseModel):
    dispositions: list[DispositionOut]
    categories: list[CategoryOut]
    tickets: list[TicketOption]
    fields: list[FieldOption]
    target_seconds: int


class FieldOut(BaseModel):
    """`seq`: the message that told it; null when it follows from several, or was known before."""

    value: str | None
    seq: int | None


class ProblemOut(BaseModel):
    field: str
    code: str
    severity: Literal["stop", "advise"]
    why: str


class HandlingOut(BaseModel):
    """Seconds: talk and after-work of the caller."""

    talk_seconds: int
    after_seconds: int
    total_seconds: int
    target_seconds: int
    within: bool


class ChosenDisposition(BaseModel):
    id: str
    confidence: float


class WrapUpDraft(BaseModel):
    disposition: ChosenDisposition | None
    summary: str
    form: dict[str, FieldOut]
    problems: list[ProblemOut]
    handling: HandlingOut
    done: bool


class FormCheck(BaseModel):
    form: FormValues
    disposition: DispositionId | None = None


class Problems(BaseModel):
    problems: list[ProblemOut]


class TicketIn(BaseModel):
    kind: TicketKind
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    due_hours: Annotated[float, Field(gt=0, le=24 * 90)] | None = None


class WrapUpIn(BaseModel):
    epoch: Annotated[int, Field(ge=0, le=2**53)]
    disposition: DispositionId
    summary: Annotated[str, Field(max_length=2000)] = ""
    form: FormValues
    tickets: Annotated[list[TicketIn], Field(max_length=5)] = []
    close: bool = True


class WrappedUpOut(BaseModel):
    conversation: ConversationOut
    tickets: list[str]
    handling: HandlingOut


def disposition_out(node: Disposition, language: str) -> DispositionOut:
    return DispositionOut(
        id=node.id,
        title=in_language(node.title, language),
        category=node.category,
        ticket=node.ticket,
        children=[disposition_out(child, language) for child in node.children],
    )


def problems_out(found: Sequence[Problem], language: str) -> list[ProblemOut]:
    return [ProblemOut(field=p.field, code=p.code, severity=p.severity, why=p.why(language)) for p in found]


def handling_out(took: Handling, target: int) -> HandlingOut:
    return HandlingOut(
        talk_seconds=round(took.talk),
        after_seconds=round(took.after),
        total_seconds=round(took.total),
        target_seconds=target,
        within=took.total <= target,
    )
