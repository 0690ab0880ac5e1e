"""Customers who write as scripted: each message three times at once, to different doors, until it is acknowledged."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.workload import Conversation
from tests.chaos.entry import PAUSE_SECONDS, Entry, NotReached
from tests.chaos.following import Follower, PollFollower, SocketFollower, read_on
from tests.chaos.record import Ack, Evidence, Sent

_IN_A_ROW = 0.25  # of the messages follow the one before at once
_THINKS = (0.1, 1.0)
_IMPATIENT_SECONDS = 4.0
_WAITS_SECONDS = 14.0
_PERSON_SECONDS = 20.0
_LINGERS_SECONDS = 1.0


@dataclass(frozen=True)
class Line:
    """What a customer writes next. `hands_over`: they want a person, and wait until one is there.

    `to_bot`: they wait until the person has given them back.
    """

    text: str
    hands_over: bool = False
    to_bot: bool = False


def lines_of(talk: Conversation) -> list[Line]:
    """A conversation of the benchmark's workload; who asks for a person does so in the middle, and goes on after."""
    texts = [message.text for message in talk if message.kind != "ask_person"]
    wishes = [message.text for message in talk if message.kind == "ask_person"]
    if not wishes:
        return [Line(text) for text in texts]
    with_person = len(texts) // 2
    with_bot = with_person + 2
    return [
        *(Line(text) for text in texts[:with_person]),
        Line(wishes[0], hands_over=True),
        *(Line(text) for text in texts[with_person:with_bot]),
        *(Line(text, to_bot=place == 0) for place, text in enumerate(texts[with_bot:])),
    ]


class Customer:
    """One customer from the first word to the last."""

    def __init__(self, name: str, entry: Entry, evidence: Evidence) -> None:
        self.name = name
        self._entry, self._evidence = entry, evidence
        self._chance = entry.chance
        self._sent: list[Sent] = []
        self._sending: set[asyncio.Task[Any]] = set()
        self.follower: Follower | None = None

    async def live(self, lines: Sequence[Line]) -> None:
        """Say everything, and listen meanwhile."""
        opened = await self._entry.insist("POST", "/v1/sessions", json={"language": None})
        kind = SocketFollower if self._chance.random() < 0.5 else PollFollower
        self.follower = kind(self._entry, opened["session"], self.name)
        self._evidence.seen.append(self.follower.seen)
        following = asyncio.create_task(self.follower.run())
        try:
            for line in lines:
                if line.to_bot:
                    await self._until(self._with_bot, _PERSON_SECONDS)
                message_id = await self.say(line.text)
                if line.hands_over:
                    await self._until(self._with_person, _PERSON_SECONDS)
                elif self._chance.random() >= _IN_A_ROW:
                    await self._until(lambda id_=message_id: self._answered(id_), _WAITS_SECONDS)
                    await asyncio.sleep(self._chance.uniform(*_THINKS))
            await self._until(lambda: self._answered(message_id), _WAITS_SECONDS)
            await asyncio.sleep(_LINGERS_SECONDS)
        finally:
            following.cancel()
            ended = await asyncio.gather(following, return_exceptions=True)
            if self._sending:
                await asyncio.wait(self._sending)
        if isinstance(ended[0], Exception):
            raise ended[0]

    async def say(self, text: str) -> str:
        """The id of the message, once a door has acknowledged it."""
        before = self._sent[-1].message_id if self._sent else None
        sent = Sent(f"{self.name}-{len(self._sent) + 1}", "customer", self.name, time.time(), before)
        self._sent.append(sent)
        self._evidence.sent.append(sent)
        message = {"message_id": sent.message_id, "text": text}
        while not sent.acks:
            self._deliver_thrice(sent, message)
            while not sent.acks and self._sending:
                await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            if not sent.acks:
                await asyncio.sleep(PAUSE_SECONDS)
        return sent.message_id

    async def catch_up(self, ends: dict[str, int]) -> None:
        """Come back once more and read to the end: number of the last event by conversation."""
        if self.follower is None:
            return
        for conversation in {ack.conversation for sent in self._sent for ack in sent.acks}:
            while self.follower.seen.last(conversation) < ends.get(conversation, 0):
                try:
                    await read_on(self.follower, conversation, self._entry.any_door(), 0, late=True)
                except NotReached:
                    await asyncio.sleep(PAUSE_SECONDS)

    def _deliver_thrice(self, sent: Sent, message: dict[str, Any]) -> None:
        assert self.follower is not None
        one = self._entry.any_door()
        ways = [self._post(one, message), self._post(self._entry.any_door(but=one), message)]
        # The third as the customer follows; who polls posts it.
        if isinstance(self.follower, SocketFollower):
            ways.append(self.follower.send(message))
        else:
            ways.append(self._post(self._entry.any_door(), message))
        for way in ways:
            task = asyncio.create_task(self._acknowledged(sent, way))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _post(self, door: str, message: dict[str, Any]) -> dict[str, Any]:
        assert self.follower is not None
        headers = {"Authorization": f"Bearer {self.follower.token}"}
        return {"door": door, **await self._entry.ask(door, "POST", "/v1/messages", json=message, headers=headers)}

    async def _acknowledged(self, sent: Sent, way: Any) -> None:
        assert self.follower is not None
        try:
            answer = await way
        except NotReached:
            return
        door = answer.get("door", "socket")
        sent.acks.append(Ack(time.time(), door, answer["conversation"], answer["seq"], answer["duplicate"]))
        self.follower.conversation = self.follower.conversation or answer["conversation"]

    async def _until(self, met: Any, seconds: float) -> None:
        """Return when `met`, or when the customer has waited long enough; on the way they try the other door."""
        assert self.follower is not None
        loop = asyncio.get_running_loop()
        until, patient_until = loop.time() + seconds, loop.time() + _IMPATIENT_SECONDS
        while not met() and loop.time() < until:
            self.follower.changed.clear()
            try:
                async with asyncio.timeout(min(until, patient_until) - loop.time()):
                    await self.follower.changed.wait()
            except TimeoutError:
                self.follower.hurry()
                patient_until = loop.time() + _IMPATIENT_SECONDS

    def _answered(self, message_id: str) -> bool:
        assert self.follower is not None
        if self.follower.state != "bot":
            return True
        shown = self.follower.seen.events.get(self.follower.conversation or "", ())
        return any(message_id in event.get("reply_to", ()) for event in shown)

    def _with_bot(self) -> bool:
        return self.follower is not None and self.follower.state == "bot"

    def _with_person(self) -> bool:
        assert self.follower is not None
        shown = self.follower.seen.events.get(self.follower.conversation or "", ())
        return any(event["author"]["role"] == "agent" for event in shown)
