"""Conversations, handoffs, tickets, opening hours and duty; `Desk` is the way in."""

from desk.agents import Agent, Agents
from desk.attachments import Attachment
from desk.conversation import PARTITIONS, Address, Conversation, Incoming, Receipt, State
from desk.desk import Desk
from desk.duty import Duty
from desk.errors import (
    AgentNotFound,
    AttachmentNotFound,
    ConversationMovedOn,
    ConversationNotFound,
    DeskError,
    HandoffAlreadyClaimed,
    LeaseLost,
    NameTaken,
    NotAcknowledged,
    SettingsWrong,
    StoreUnavailable,
    StoreUnsuitable,
    TicketChanged,
    TicketNotFound,
    TooLong,
    TooManyAttempts,
    WeakPassword,
)
from desk.event import Author, Event
from desk.handoff import Waiting
from desk.rating import Rating
from desk.settings import Settings
from desk.ticket import Note, Ticket, TicketState
from desk.turn import InboxEntry, Lease, Reply, Step, Timer, Turn, step_for

__all__ = [
    "PARTITIONS",
    "Address",
    "Agent",
    "AgentNotFound",
    "Agents",
    "Attachment",
    "AttachmentNotFound",
    "Author",
    "Conversation",
    "ConversationMovedOn",
    "ConversationNotFound",
    "Desk",
    "DeskError",
    "Duty",
    "Event",
    "HandoffAlreadyClaimed",
    "InboxEntry",
    "Incoming",
    "Lease",
    "LeaseLost",
    "NameTaken",
    "NotAcknowledged",
    "Note",
    "Rating",
    "Receipt",
    "Reply",
    "Settings",
    "SettingsWrong",
    "State",
    "Step",
    "StoreUnavailable",
    "StoreUnsuitable",
    "Ticket",
    "TicketChanged",
    "TicketNotFound",
    "TicketState",
    "Timer",
    "TooLong",
    "TooManyAttempts",
    "Turn",
    "Waiting",
    "WeakPassword",
    "step_for",
]
