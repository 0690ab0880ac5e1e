"""Conversations, handoffs, tickets, opening hours and duty; `Desk` is the way in."""

from desk.agents import Agent, Agents
from desk.attachments import Attachment
from desk.conversation import PARTITIONS, Address, Conversation, Incoming, Receipt, State
from desk.desk import Desk
from desk.duty import Duty
from desk.errors import (
    AccountChanged,
    AgentAway,
    AgentNotFound,
    AtCapacity,
    AttachmentNotFound,
    ConversationMovedOn,
    ConversationNotFound,
    DeskError,
    HandoffAlreadyClaimed,
    HandoffOffered,
    LastAdmin,
    LeaseLost,
    LetterNotFound,
    NameTaken,
    NotAcknowledged,
    OpeningHoursChanged,
    PasswordWrong,
    SettingsWrong,
    StoreUnavailable,
    StoreUnsuitable,
    TicketChanged,
    TicketNotFound,
    TooLong,
    TooManyAttempts,
    UnknownCategory,
    WeakPassword,
)
from desk.event import Author, Event
from desk.handoff import Offer, Outlook, Waiting
from desk.outbox import DeadLetter, OutboxEntry, Tries
from desk.rating import Rating
from desk.rights import ROLES, Right, Role
from desk.settings import Settings
from desk.skills import ALL_SKILLS, Skills
from desk.ticket import Note, Ticket, TicketState
from desk.turn import InboxEntry, Lease, Reply, Step, Timer, Turn, step_for

__all__ = [
    "ALL_SKILLS",
    "PARTITIONS",
    "ROLES",
    "AccountChanged",
    "Address",
    "Agent",
    "AgentAway",
    "AgentNotFound",
    "Agents",
    "AtCapacity",
    "Attachment",
    "AttachmentNotFound",
    "Author",
    "Conversation",
    "ConversationMovedOn",
    "ConversationNotFound",
    "DeadLetter",
    "Desk",
    "DeskError",
    "Duty",
    "Event",
    "HandoffAlreadyClaimed",
    "HandoffOffered",
    "InboxEntry",
    "Incoming",
    "LastAdmin",
    "Lease",
    "LeaseLost",
    "LetterNotFound",
    "NameTaken",
    "NotAcknowledged",
    "Note",
    "Offer",
    "OpeningHoursChanged",
    "OutboxEntry",
    "Outlook",
    "PasswordWrong",
    "Rating",
    "Receipt",
    "Reply",
    "Right",
    "Role",
    "Settings",
    "SettingsWrong",
    "Skills",
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
    "Tries",
    "Turn",
    "UnknownCategory",
    "Waiting",
    "WeakPassword",
    "step_for",
]
