"""The board feeds the agents' event streams: each conversation is read once a process, whoever watches it."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog

from desk import ConversationNotFound, Desk, DeskError, Event, Typing, Waiting
from desk.routing import Floor
from desk.times import to_text
from gateway.doors.duty_view import duty_out
from gateway.doors.nudges import LOOK_AGAIN_SECONDS, Nudges

_SHORTEST_PAUSE = 0.1  # seconds between two looks, however many nudges there are
_QUEUE_LIMIT = 1000

_log = structlog.get_logger()

Viewers = frozenset[str]
NOBODY: Viewers = frozenset()


@dataclass(eq=False)
class Stream:
    """One agent's open page. None in the queue ends it. `told`: what it was sent last, by kind."""

    agent: str
    queue: asyncio.Queue[tuple[str, Any] | None] = field(default_factory=lambda: asyncio.Queue(_QUEUE_LIMIT))
    told: dict[str, Any] = field(default_factory=dict)

    def put(self, kind: str, data: Any) -> None:
        if not self.queue.full():
            self.queue.put_nowait((kind, data))
        if self.queue.full():
            self.end()  # the page does not read: it will come back and fetch everything again

    def put_new(self, kind: str, data: Any, known_by: Any) -> None:
        """Only when it is not what was sent last; `known_by` tells that it is the same."""
        if self.told.get(kind) != known_by:
            self.told[kind] = known_by
            self.put(kind, data)

    def put_offers(self, offers: dict[str, Any]) -> None:
        """By conversation: those that are new."""
        known, self.told["offers"] = self.told.get("offers", {}), offers
        for conversation, offer in offers.items():
            if known.get(conversation) != offer:
                self.put("offer", offer)

    def end(self) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


@dataclass
class _Seen:
    """How far a conversation was read, and which agents with an open page may see it."""

    seq: int
    viewers: Viewers


class Board:
    """What waits for each agent, what each holds, and the events of both."""

    def __init__(self, desk: Desk, nudges: Nudges) -> None:
        self._desk = desk
        self._streams: set[Stream] = set()
        self._seen: dict[str, _Seen] = {}
        self._changed: set[str] = set()
        self._bell = asyncio.Event()
        self._closing = False
        nudges.listeners.append(self._nudged)
        nudges.typing_listeners.append(self._typing)

    @contextlib.contextmanager
    def stream(self, agent: str) -> Iterator[Stream]:
        """A stream of (kind, data) for one agent; it starts with who is on duty and how many wait."""
        stream = Stream(agent)
        self._streams.add(stream)
        self._bell.set()
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

    def _typing(self, typing: Typing) -> None:
        """Tell those who may see the conversation that its customer is writing."""
        seen = self._seen.get(typing.conversation)
        if seen is not None and typing.role == "customer":
            self._tell(seen.viewers, "typing", {"conversation": typing.conversation, "role": "customer"})

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
        names = {stream.agent for stream in self._streams}
        await self._desk.routing.make_offers(names)
        floor, duty = await asyncio.gather(self._desk.routing.floor(), self._desk.on_duty())
        visible = _visible(floor, names)
        self._tell_about(floor, visible, duty_out(duty).model_dump())
        for conversation in visible.keys() - self._seen.keys():
            await self._begin(conversation, visible[conversation])
            changed.add(conversation)
        for conversation in list(self._seen):
            if everything or conversation in changed or conversation not in visible:
                await self._pass_on(conversation, floor, names)
            if conversation not in visible:
                del self._seen[conversation]
            else:
                self._seen[conversation].viewers = visible[conversation]

    def _tell_about(self, floor: Floor, visible: dict[str, Viewers], duty: dict[str, Any]) -> None:
        """Each page what is new to it: who is on duty, its queue, what is offered to its agent."""
        for stream in list(self._streams):
            stream.put_new("duty", duty, known_by=duty)
            mine = [one for one in floor.queue if stream.agent in visible[one.conversation]]
            shown = [(one.conversation, one.epoch, one.category, one.vip, one.offer_at(floor.at)) for one in mine]
            stream.put_new("waiting", {"count": len(mine)}, known_by=shown)
            stream.put_offers({one.conversation: _offer(one) for one in mine if _is_for(stream.agent, one, floor)})

    async def _begin(self, conversation: str, viewers: Viewers) -> None:
        """Follow it from its newest event on: what was before, a page reads when it opens the conversation."""
        with contextlib.suppress(ConversationNotFound):
            seq = (await self._desk.conversation(conversation)).seq
            self._seen[conversation] = _Seen(seq - 1, viewers)

    async def _pass_on(self, conversation: str, floor: Floor, names: set[str]) -> None:
        seen = self._seen[conversation]
        try:
            events = await self._desk.events(conversation, seen.seq)
            now = await self._desk.conversation(conversation) if events else None
        except ConversationNotFound:
            return
        for event in events:
            after = seen.viewers
            if event.type == "state" and now is not None:
                after = viewers_after(event, takers(floor, names, now))
            self._tell(seen.viewers | after, "conversation", event.as_dict())
            seen.seq, seen.viewers = event.seq, after

    def _tell(self, viewers: Viewers, kind: str, data: Any) -> None:
        for stream in list(self._streams):
            if stream.agent in viewers:
                stream.put(kind, data)


def viewers_after(event: Event, takers_then: Viewers) -> Viewers:
    """Who may see the conversation once this change of state has happened."""
    if event.body["to"] == "waiting":
        return takers_then
    return frozenset({str(event.body["holder"])}) if event.body["to"] == "person" else NOBODY


def takers(floor: Floor, names: set[str], one: Any) -> Viewers:
    """Those of `names` who may take a waiting conversation."""
    agents = [floor.crew.agent(name) for name in names]
    return frozenset(agent.name for agent in agents if agent is not None and floor.crew.may_take(agent, one))


def _is_for(agent: str, one: Waiting, floor: Floor) -> bool:
    offer = one.offer_at(floor.at)
    return offer is not None and offer.to == agent


def _offer(one: Waiting) -> dict[str, Any]:
    offer = one.offer
    return {
        "conversation": one.conversation,
        "until": to_text(offer.until) if offer else None,
        "reason": offer.reason if offer else None,
    }


def _visible(floor: Floor, names: set[str]) -> dict[str, Viewers]:
    held = {one: frozenset({holder}) for one, holder in floor.holders.items() if holder in names}
    return held | {one.conversation: takers(floor, names, one) for one in floor.queue}
