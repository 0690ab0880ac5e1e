"""The board feeds the agents' event streams: each conversation is read once a process, whoever watches it."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog

from desk import ConversationNotFound, Desk, DeskError, Event
from gateway.doors.nudges import LOOK_AGAIN_SECONDS, Nudges

EVERYBODY = "*"
NOBODY = ""

_SHORTEST_PAUSE = 0.1  # seconds between two looks, however many nudges there are
_QUEUE_LIMIT = 1000

_log = structlog.get_logger()


@dataclass(eq=False)
class Stream:
    """One agent's open page. None in the queue ends it."""

    agent: str
    queue: asyncio.Queue[tuple[str, Any] | None] = field(default_factory=lambda: asyncio.Queue(_QUEUE_LIMIT))

    def put(self, kind: str, data: Any) -> None:
        if not self.queue.full():
            self.queue.put_nowait((kind, data))
        if self.queue.full():
            self.end()  # the page does not read: it will come back and fetch everything again

    def end(self) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass
class _Seen:
    """How far a conversation was read, and who may see it: an agent, EVERYBODY or NOBODY."""

    seq: int
    viewer: str


class Board:
    """What waits, what each agent holds, and the events of both."""

    def __init__(self, desk: Desk, nudges: Nudges) -> None:
        self._desk = desk
        self._streams: set[Stream] = set()
        self._seen: dict[str, _Seen] = {}
        self._changed: set[str] = set()
        self._queue: tuple[str, ...] = ()
        self._bell = asyncio.Event()
        self._closing = False
        nudges.listeners.append(self._nudged)

    @contextlib.contextmanager
    def stream(self, agent: str) -> Iterator[Stream]:
        """A stream of (kind, data) for one agent; it starts with the number of those who wait."""
        stream = Stream(agent)
        self._streams.add(stream)
        self._bell.set()
        stream.put("waiting", {"count": len(self._queue)})
        if self._closing:
            stream.end()
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    async def run(self) -> None:
        """Look whenever something was written, and every two seconds, as long as somebody watches."""
        while not self._closing:
            everything = not await self._rung()
            if not self._streams:
                self._seen.clear()
                continue
            try:
                await self._look(everything)
            except DeskError as error:
                _log.warning("board_waits", code=error.code)
            await asyncio.sleep(_SHORTEST_PAUSE)

    def close(self) -> None:
        self._closing = True
        self._bell.set()
        for stream in list(self._streams):
            stream.end()

    def typing(self, conversation: str) -> None:
        """Tell those who may see the conversation that its customer is writing."""
        seen = self._seen.get(conversation)
        if seen is not None:
            self._tell({seen.viewer}, "typing", {"conversation": conversation, "role": "customer"})

    def _nudged(self, conversation: str) -> None:
        if self._streams:
            self._changed.add(conversation)
            self._bell.set()

    async def _rung(self) -> bool:
        try:
            async with asyncio.timeout(LOOK_AGAIN_SECONDS if self._streams else None):
                await self._bell.wait()
        except TimeoutError:
            return False
        self._bell.clear()
        return True

    async def _look(self, everything: bool) -> None:
        changed, self._changed = self._changed, set()
        everything = everything or "" in changed
        visible = await self._visible()
        for conversation in visible.keys() - self._seen.keys():
            await self._begin(conversation, visible[conversation])
            changed.add(conversation)
        for conversation in list(self._seen):
            if everything or conversation in changed or conversation not in visible:
                await self._pass_on(conversation)
            if conversation not in visible:
                del self._seen[conversation]

    async def _begin(self, conversation: str, viewer: str) -> None:
        """Follow it from its newest event on: what was before, a page reads when it opens the conversation."""
        with contextlib.suppress(ConversationNotFound):
            seq = (await self._desk.conversation(conversation)).seq
            self._seen[conversation] = _Seen(seq - 1, viewer)

    async def _visible(self) -> dict[str, str]:
        queue = tuple(entry.conversation for entry in await self._desk.waiting())
        if queue != self._queue:
            self._queue = queue
            self._tell({EVERYBODY}, "waiting", {"count": len(queue)})
        visible = dict.fromkeys(queue, EVERYBODY)
        for agent in {stream.agent for stream in self._streams}:
            visible |= {held.id: agent for held in await self._desk.held_by(agent)}
        return visible

    async def _pass_on(self, conversation: str) -> None:
        seen = self._seen[conversation]
        try:
            events = await self._desk.events(conversation, seen.seq)
        except ConversationNotFound:
            return
        for event in events:
            viewers = {seen.viewer, viewer_after(event, seen.viewer)}
            self._tell(viewers, "conversation", event.as_dict())
            seen.seq, seen.viewer = event.seq, viewer_after(event, seen.viewer)

    def _tell(self, viewers: set[str], kind: str, data: Any) -> None:
        for stream in list(self._streams):
            if EVERYBODY in viewers or stream.agent in viewers:
                stream.put(kind, data)


def viewer_after(event: Event, viewer: str) -> str:
    """Who may see the conversation once `event` has happened."""
    if event.type != "state":
        return viewer
    if event.body["to"] == "waiting":
        return EVERYBODY
    return str(event.body.get("holder") or NOBODY) if event.body["to"] == "person" else NOBODY
