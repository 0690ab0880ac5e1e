"""One connected socket: whose it is, what it has been sent, and in which of the two languages we speak to it."""

from collections.abc import Sequence
from typing import Any

from desk import Conversation, Event
from gateway.customer_view import for_customer
from gateway.doors.context import Doors
from gateway.doors.follower import Follower
from gateway.doors.rasa_view import bot_uttered, is_for_rasa
from gateway.doors.sessions import SOCKETIO, Session
from gateway.doors.tasks import start
from gateway.problems import DoorError


class Client:
    """A plain Rasa client gets `bot_uttered`; from its first `resume` on it is one of ours and gets `event`."""

    def __init__(self, doors: Doors, server: Any, sid: str, ip: str) -> None:
        self._doors = doors
        self._server = server
        self.sid = sid
        self.ip = ip
        self.session: Session | None = None
        self.token: str | None = None
        self.resumed = False
        self.follower: Follower | None = None

    def adopt(self, token: Any) -> bool:
        """Be the customer of this session, if it is one of ours and in force."""
        session = self._doors.sessions.read(token)
        if session is None:
            return False
        if self.session is None or session.address != self.session.address:
            self.stop()
        self.session, self.token = session, token
        return True

    def begin(self, language: str | None) -> None:
        """Be a new, anonymous customer of somebody else's client."""
        self.session = self._doors.sessions.anonymous(language, SOCKETIO)
        self.token, _ends = self._doors.sessions.issue(self.session)

    def must_have_session(self) -> Session:
        if self.session is None:
            raise DoorError("session_invalid")
        return self.session

    def follow(self, conversation: Conversation | None, after: int, state: str | None) -> None:
        """Send numbered events above `after` from now on."""
        self.resumed = True
        read_to_the_end = conversation is not None and conversation.state == "closed" and after >= conversation.seq
        if conversation is None or read_to_the_end:
            self._start(None, 0, state)
        else:
            self._start(conversation.id, after, state)

    async def follow_as_rasa(self) -> None:
        """Send what is said from now on, unless the client is followed already."""
        if self.follower is None and not self.resumed:
            found = await self._doors.desk.open_conversation(self.must_have_session().address)
            self._start(found.id if found else None, found.seq if found else 0, found.state if found else None)

    def look_now(self) -> None:
        if self.follower is not None:
            self.follower.look_now()

    def stop(self) -> None:
        if self.follower is not None:
            self.follower.stop()
        self.follower = None

    async def show_that_the_bot_writes(self, conversation: str) -> None:
        if self.follower is not None and self.follower.state in (None, "bot"):
            await self._emit("typing", {"conversation": conversation, "role": "bot"})

    def _show_typing(self, role: str) -> None:
        """Their own typing, in another window, is no news to the customer."""
        if self.resumed and role == "agent" and self.follower is not None and self.follower.conversation:
            typing = {"conversation": self.follower.conversation, "role": role}
            start(self._emit("typing", typing), "typing")

    async def say(self, phrase: str) -> None:
        """One of the doors' own sentences, outside the log."""
        language = self.session.language if self.session else None
        await self._emit("bot_uttered", {"text": self._doors.phrases.say(phrase, language)})

    def _start(self, conversation: str | None, after: int, state: str | None) -> None:
        self.stop()
        address = self.must_have_session().address
        self.follower = Follower(self._doors.desk, self._doors.nudges, address, self._send, self._show_typing)
        self.follower.start_at(conversation, after, state)

    async def _send(self, events: Sequence[Event]) -> None:
        if self.resumed:
            await self._send_numbered(events)
        else:
            for event in filter(is_for_rasa, events):
                for shape in bot_uttered(event):
                    await self._emit("bot_uttered", shape)

    async def _send_numbered(self, events: Sequence[Event]) -> None:
        for event in await for_customer(self._doors.desk, events):
            await self._emit("event", event)
            if event["type"] == "state" and event["to"] == "closed":
                await self._emit("closed", {"conversation": event["conversation"]})

    async def _emit(self, name: str, data: Any) -> None:
        await self._server.emit(name, data, to=self.sid)
