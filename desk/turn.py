"""A turn is one message (or a burst of them) in, replies and commands out; a step is the same without a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from desk.conversation import State


@dataclass(frozen=True)
class Lease:
    """The right of one worker to handle a partition; `token` rises with every new lease."""

    partition: int
    token: int
    worker: str = ""

    @property
    def mark(self) -> str:
        """What the lease key holds as long as this lease is good."""
        return f"{self.token} {self.worker}"


@dataclass(frozen=True)
class InboxEntry:
    """A customer's message that waits for its turn; `seq` is its number in the log.

    `joins`: how many characters it has, when it may be answered together with its neighbours; None: alone.
    """

    entry_id: str
    conversation: str
    seq: int
    message_id: str = ""
    joins: int | None = None


@dataclass(frozen=True)
class Reply:
    """One message of the bot, rendered. `notice`: a sentence of the system, such as the queue's."""

    text: str = ""
    buttons: Sequence[Mapping[str, str]] = ()
    article: Mapping[str, Any] | None = None
    attachments: Sequence[Mapping[str, str]] = ()
    image: str | None = None
    notice: bool = False
    message_id: str | None = None


@dataclass(frozen=True)
class Turn:
    """What a turn decided, under the epoch in which it was decided.

    `commands`: `handoff.request`, `handoff.cancel`, `ticket.open`, `ticket.update`, `rating.give`,
    `conversation.close`.
    `buttons` None: those of the replies. `dialogue` None: keep the one that is stored.
    `reply_to` empty: the messages of the inbox entries.
    """

    epoch: int
    replies: Sequence[Reply] = ()
    commands: Sequence[Mapping[str, Any]] = ()
    dialogue: Mapping[str, Any] | None = None
    buttons: Sequence[Mapping[str, str]] | None = None
    language: str | None = None
    reply_to: Sequence[str] = ()


TimerKind = Literal["waiting_limit", "silence", "agent_gone"]


@dataclass(frozen=True)
class Timer:
    """Something that is due in a conversation.

    `waiting_limit`: nobody came in 5 min. `silence`: close it. `agent_gone`: `holder` left.
    """

    conversation: str
    kind: TimerKind
    due_at: datetime
    epoch: int
    state: State
    holder: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Step:
    """A change that time asks for, with its sentences and commands, all or nothing.

    `to` None: only say something. With `timer`, the step is refused (ConversationMovedOn)
    when that timer was moved since: the customer wrote, the agent answered.
    """

    epoch: int
    to: State | None = None
    reason: str = ""
    replies: Sequence[Reply] = ()
    commands: Sequence[Mapping[str, Any]] = field(default=())
    timer: Timer | None = None


def step_for(timer: Timer, replies: Sequence[Reply] = (), commands: Sequence[Mapping[str, Any]] = ()) -> Step:
    """The change of state that a timer asks for; the words and tickets are the caller's."""
    to: Mapping[TimerKind, State] = {"waiting_limit": "bot", "silence": "closed", "agent_gone": "waiting"}
    return Step(timer.epoch, to[timer.kind], timer.kind, replies, commands, timer)
