"""How a customer hears what is said: a socket that now and then comes back elsewhere, or polls."""

import asyncio
import contextlib
import time
from typing import Any

import aiohttp
import socketio

from tests.chaos.entry import PAUSE_SECONDS, Entry, NotReached, Refused
from tests.chaos.record import Event, Seen

_CONNECT_SECONDS = 5.0
_LEAVE_SECONDS = 1.0
_STAYS = (3.0, 15.0)
_POLL_SECONDS = 5
_FAILURES = (NotReached, Refused, aiohttp.ClientError, socketio.exceptions.SocketIOError, TimeoutError, OSError)


class Follower:
    """Follows one customer's conversations from the last number it has; what it was shown is in `seen`."""

    how = ""

    def __init__(self, entry: Entry, token: str, customer: str) -> None:
        self.entry, self.token = entry, token
        self.seen = Seen(customer, self.how)
        self.conversation: str | None = None
        self.state = "bot"
        self.changed = asyncio.Event()
        self._door = entry.any_door()
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Nothing has come for long: try the other door."""
        self._hurry.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._hurry.clear()
            watching = asyncio.create_task(self._watch())
            hurrying = asyncio.create_task(self._hurry.wait())
            try:
                await asyncio.wait({watching, hurrying}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (watching, hurrying):
                    task.cancel()
                ended = await asyncio.gather(watching, hurrying, return_exceptions=True)
            if isinstance(ended[0], Exception) and not isinstance(ended[0], _FAILURES):
                raise ended[0]
            if self._hurry.is_set() or isinstance(ended[0], Exception):
                self._door = self.entry.any_door(but=self._door)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _watch(self) -> None:
        """Follow for a while; returns, or raises one of _FAILURES."""
        raise NotImplementedError

    def note(self, event: Event, *, late: bool = False) -> None:
        """The customer is shown one more event; `late`: they had left and came back."""
        self.seen.note(event, None if late else time.time())
        self.conversation = event["conversation"]
        if event["type"] == "state":
            self.state = event["to"]
        self.changed.set()


class SocketFollower(Follower):
    """The widget's way: numbered events on a socket, resumed after the last number."""

    how = "socket"
    _client: socketio.AsyncClient | None = None

    async def send(self, message: dict[str, Any]) -> dict[str, Any]:
        """The acknowledgement of a message sent down the socket. Raises NotReached."""
        if self._client is None:
            raise NotReached
        try:
            answer = await self._client.call("message", message, timeout=_CONNECT_SECONDS)
        except _FAILURES as error:
            raise NotReached from error
        if "error" in answer:
            raise NotReached(answer["error"]["code"])
        return dict(answer)

    async def _watch(self) -> None:
        client = socketio.AsyncClient(reconnection=False, http_session=self.entry.http)
        gone = asyncio.Event()
        client.on("event", self.note)
        client.on("disconnect", lambda *_: gone.set())
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await client.connect(
                    self.entry.doors[self._door], auth={"token": self.token}, transports=["websocket"], wait_timeout=4
                )
            after = self.seen.last(self.conversation) if self.conversation else 0
            resumed = await client.call("resume", {"conversation": self.conversation, "after": after}, timeout=4)
            if "error" in resumed:
                raise NotReached(resumed["error"]["code"])
            self._client = client
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.entry.chance.uniform(*_STAYS)):
                    await gone.wait()
        finally:
            self._client = None
            # From here on nothing that still arrives counts: the next connection asks for it again.
            client.handlers.get("/", {}).pop("event", None)
            with contextlib.suppress(*_FAILURES):
                async with asyncio.timeout(_LEAVE_SECONDS):
                    await client.disconnect()
        self._door = self.entry.any_door()


class PollFollower(Follower):
    """The way of a page without sockets: long polls after the last number."""

    how = "polls"

    async def _watch(self) -> None:
        if self.conversation is None:
            await asyncio.sleep(0.1)
            return
        await read_on(self, self.conversation, self._door, _POLL_SECONDS)
        if self.entry.chance.random() < 0.2:
            self._door = self.entry.any_door()


async def read_on(follower: Follower, conversation: str, door: str, wait: int, *, late: bool = False) -> None:
    """What follows the last number in `conversation`, by one poll. Raises NotReached, Refused."""
    asked = {"conversation": conversation, "after": follower.seen.last(conversation), "wait": wait}
    headers = {"Authorization": f"Bearer {follower.token}"}
    answer = await follower.entry.ask(door, "GET", "/v1/events", wait + 2, params=asked, headers=headers)
    for event in answer["events"]:
        follower.note(event, late=late)
