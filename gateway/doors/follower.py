"""A follower sends one socket what happens in its customer's conversations: from the log, in order, each event once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from desk import Address, ConversationNotFound, Desk, DeskError, Event
from gateway.doors.nudges import Nudges
from gateway.doors.tasks import start
from gateway.doors.watches import Watch

Send = Callable[[Sequence[Event]], Awaitable[None]]
ShowTyping = Callable[[str], None]

_STORE_PAUSE_SECONDS = 1.0
_AT_ONCE = 200

_log = structlog.get_logger()


class Follower:
    """Follows until stopped, and by itself from a closed conversation to the next.

    It has a task only while it reads: thousands of silent sockets cost next to nothing.
    """

    def __init__(
        self, desk: Desk, nudges: Nudges, address: Address, send: Send, show_typing: ShowTyping | None = None
    ) -> None:
        self._desk = desk
        self._nudges = nudges
        self._address = address
        self._send = send
        self._watch = Watch(self.look_now)
        if show_typing is not None:
            self._watch.typing = show_typing
        self._task: asyncio.Task[None] | None = None
        self._rung = False
        self._stopped = True
        self._closed: str | None = None
        self.conversation: str | None = None
        self.state: str | None = None

    @property
    def after(self) -> int:
        """The number of the last event that was sent."""
        return self._watch.reached

    def start_at(self, conversation: str | None, after: int, state: str | None) -> None:
        """Begin there; nothing or a closed conversation that was read to its end: with the next one."""
        self._stopped = False
        self._go_to(conversation, after, state)

    def look_now(self) -> None:
        """Something was written, perhaps the first message of a new conversation."""
        self._rung = True
        if self._task is None and not self._stopped:
            self._task = start(self._look(), "follower")

    def stop(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._leave()
            if self._task is not None:
                self._task.cancel()

    async def _look(self) -> None:
        try:
            while self._rung and not self._stopped and not self._nudges.closing:
                self._rung = False
                try:
                    await (self._read(self.conversation) if self.conversation else self._find())
                except ConversationNotFound:
                    self._go_to(None, 0, None)
                except DeskError as error:
                    _log.warning("follower_waits", conversation=self.conversation, code=error.code)
                    await asyncio.sleep(_STORE_PAUSE_SECONDS)
                    self._rung = True
        finally:
            self._task = None

    async def _read(self, conversation: str) -> None:
        events = await self._desk.events(conversation, self.after, _AT_ONCE)
        if not events:
            await self._go_back(conversation)
            return
        await self._pass_on(events)
        if len(events) == _AT_ONCE:
            self._rung = True
        if self.state == "closed":
            self._closed = conversation
            self._go_to(None, 0, "closed")

    async def _pass_on(self, events: Sequence[Event]) -> None:
        await self._send(events)
        self._watch.reached = events[-1].seq
        self._watch.heard_at = asyncio.get_running_loop().time()
        states = [event.body["to"] for event in events if event.type == "state"]
        self.state = states[-1] if states else self.state

    async def _go_back(self, conversation: str) -> None:
        """A server that took over may lack the last events: what is written in their place has their numbers."""
        last = (await self._desk.last_numbers([conversation])).get(conversation)
        if last is not None and last < self.after:
            _log.warning("log_went_back", conversation=conversation, reached=self.after, last=last)
            self._watch.reached = last

    async def _find(self) -> None:
        """The customer's next conversation, if it is there; it may be opened on another device."""
        found = await self._desk.open_conversation(self._address)
        if found is not None and found.id != self._closed:
            self._go_to(found.id, 0, None)

    def _go_to(self, conversation: str | None, after: int, state: str | None) -> None:
        self._leave()
        self.conversation, self.state = conversation, state
        self._watch.reached, self._watch.heard_at = after, asyncio.get_running_loop().time()
        if conversation:
            self._nudges.add(conversation, self._watch)
        else:
            self._nudges.expect(self._address, self._watch)
        self.look_now()

    def _leave(self) -> None:
        if self.conversation:
            self._nudges.remove(self.conversation, self._watch)
        else:
            self._nudges.expect_no_more(self._address, self._watch)
