"""What an agent is told on arrival, as JSON."""

from typing import Literal

from pydantic import BaseModel

from gateway.doors.agent_tickets import TicketOut
from gateway.doors.assist_orders import Orders

MoodName = Literal["calm", "annoyed", "angry"]


class QuoteOut(BaseModel):
    text: str
    seq: int


class SummaryLineOut(BaseModel):
    kind: str
    text: str
    seq: int


class RewrittenOut(BaseModel):
    text: str
    by: str


class TriedOut(BaseModel):
    """`step`: what a flow asked for when it stopped."""

    kind: Literal["article", "flow"]
    id: str
    title: str
    state: Literal["given", "begun", "done", "broken_off"]
    seq: int | None
    step: str | None


class SlotOut(BaseModel):
    """`seq` null: known from before."""

    name: str
    label: str
    value: str
    seq: int | None


class MoodAtOut(BaseModel):
    seq: int
    mood: MoodName


class MoodOut(BaseModel):
    now: MoodName
    over_time: list[MoodAtOut]


class CustomerOut(BaseModel):
    name: str | None
    vouched_as: str | None
    language: str | None
    channel: str


class VerifiedOut(BaseModel):
    state: Literal["vouched", "ticked", "no"]
    by: str | None
    at: str | None
    how: str | None


class EarlierOut(BaseModel):
    conversation: str
    opened_at: str
    closed_at: str | None
    state: str
    wants: str | None
    disposition: str | None
    summary: str | None
    agent: str | None


class ContextOut(BaseModel):
    """Every line names the event that it is from."""

    conversation: str
    seq: int
    language: str | None
    wants: QuoteOut | None
    summary: list[SummaryLineOut]
    rewritten: RewrittenOut | None
    tried: list[TriedOut]
    slots: list[SlotOut]
    mood: MoodOut
    customer: CustomerOut
    verified: VerifiedOut
    earlier: list[EarlierOut]
    tickets: list[TicketOut]
    orders: Orders
