"""A follower sends one socket what happens in its customer's conversations: from the log, in order, each event once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from desk import Address, ConversationNotFound, Desk, DeskError, Event
from gateway.doors.nudges import LOOK_AGAIN_SECONDS, Nudges, Watch, opened_in

Send = Callable[[Sequence[Event]], Awaitable[None]]

# Nobody has said anything for this long: a nudge is enough, and the safety look may be rarer.
_QUIET_AFTER_SECONDS = 300.0
_QUIET_LOOK_SECONDS = 10.0
_STORE_PAUSE_SECONDS = 1.0

_log = structlog.get_logger()


class Follower:
    """Runs until cancelled or the doors close; it moves on by itself from a closed conversation to the next."""

    def __init__(self, desk: Desk, nudges: Nudges, address: Address, send: Send) -> None:
        self._desk = desk
        self._nudges = nudges
        self._address = address
        self._send = send
        self._watch: Watch | None = None
        self._closed: str | None = None
        self.conversation: str | None = None
        self.after = 0
        self.state: str | None = None

    def start_at(self, conversation: str | None, after: int, state: str | None) -> None:
        """Where to begin; nothing or a closed conversation that was read to its end: with the next one."""
        self.conversation, self.after, self.state = conversation, after, state

    def look_now(self) -> None:
        """Something was just written, perhaps the first message of a new conversation."""
        if self._watch is not None:
            self._watch.ring()

    async def run(self) -> None:
        while not self._nudges.closing:
            try:
                await (self._follow(self.conversation) if self.conversation else self._find())
            except ConversationNotFound:
                self.conversation = None
            except DeskError as error:
                _log.warning("follower_waits", code=error.code)
                await asyncio.sleep(_STORE_PAUSE_SECONDS)

    async def _follow(self, conversation: str) -> None:
        """Send what is there, then what comes, until the conversation is closed."""
        clock = asyncio.get_running_loop().time
        last = clock()
        with self._nudges.watch(conversation) as self._watch:
            while self.state != "closed" and not self._nudges.closing:
                self._watch.clear()
                events = await self._desk.events(conversation, self.after)
                if events:
                    last = clock()
                    await self._pass_on(events)
                else:
                    await self._watch.wait(_pause(clock() - last))
        if self.state == "closed":
            self._closed, self.conversation = conversation, None

    async def _pass_on(self, events: Sequence[Event]) -> None:
        await self._send(events)
        self.after = events[-1].seq
        states = [event.body["to"] for event in events if event.type == "state"]
        self.state = states[-1] if states else self.state

    async def _find(self) -> None:
        """Wait for the customer's next conversation; it may be opened on another device."""
        with self._nudges.watch(opened_in(self._address.partition)) as self._watch:
            while not self._nudges.closing:
                self._watch.clear()
                found = await self._desk.open_conversation(self._address)
                if found is not None and found.id != self._closed:
                    self.start_at(found.id, 0, None)
                    return
                await self._watch.wait(_QUIET_LOOK_SECONDS)


def _pause(silent_for: float) -> float:
    return LOOK_AGAIN_SECONDS if silent_for < _QUIET_AFTER_SECONDS else _QUIET_LOOK_SECONDS
