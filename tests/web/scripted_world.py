"""Conversations in memory and a bot that answers from a script: what the pages talk to in their tests."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Event = dict[str, Any]


def now_text(offset: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + offset).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Talk:
    """One conversation and its log."""

    id: str
    user: str
    state: str = "bot"
    epoch: int = 0
    holder: str | None = None
    language: str = "zh-Hans"
    reason: str = "opened"
    since: str = ""
    facts: dict[str, Any] = field(default_factory=dict)  # more of what the desk knows: vip, mood, note, ...
    events: list[Event] = field(default_factory=list)

    @property
    def preview(self) -> str:
        said = [
            event["text"]
            for event in self.events
            if event["type"] == "message" and event["author"]["role"] == "customer"
        ]
        return said[-1][:80] if said else ""


@dataclass
class World:
    """Everything that happened; `script` maps a customer's text to the bot's replies, None keeps the bot silent."""

    talks: dict[str, Talk] = field(default_factory=dict)
    script: dict[str, list[dict[str, Any]] | None] = field(default_factory=dict)
    received: list[dict[str, Any]] = field(default_factory=list)
    typing: list[str] = field(default_factory=list)
    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)
    presence: list[bool] = field(default_factory=list)
    seen: dict[str, tuple[str, int]] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def open_talk(self, user: str) -> Talk | None:
        return next((talk for talk in self.talks.values() if talk.user == user and talk.state != "closed"), None)

    def new_talk(self, user: str) -> Talk:
        talk = Talk(id=f"c17-{next(self._numbers):026d}", user=user)
        self.talks[talk.id] = talk
        self.change(talk, "bot", "opened", before=None)
        return talk

    def append(self, talk: Talk, kind: str, role: str, author_id: str = "", **body: Any) -> Event:
        at = body.pop("at", None) or now_text()
        event = {"seq": len(talk.events) + 1, "type": kind, "at": at, "conversation": talk.id}
        event |= {"author": {"role": role, "id": author_id}, **body}
        talk.events.append(event)
        for listener in list(self.listeners):
            listener(event)
        return event

    def change(
        self, talk: Talk, state: str, reason: str, *, before: str | None = "", holder: str | None = None, **told: Any
    ) -> Event:
        came_from = talk.state if before == "" else before
        talk.state, talk.reason, talk.holder = state, reason, holder
        talk.epoch += 1
        talk.since = now_text()
        more = told | ({"holder": holder} if holder else {})
        return self.append(
            talk, "state", "system", **{"from": came_from, "to": state, "epoch": talk.epoch, "reason": reason}, **more
        )

    def say(self, talk: Talk, role: str, text: str, author_id: str = "", **body: Any) -> Event:
        body = {"attachments": [], "buttons": [], "message_id": f"m-{role}-{next(self._numbers)}"} | body
        return self.append(talk, "message", role, author_id, text=text, **body)

    def receive(self, user: str, message: dict[str, Any]) -> dict[str, Any]:
        """What the doors answer to a customer's message; the bot's replies follow at once."""
        self.received.append(message)
        if message["message_id"] in self.seen:
            conversation, seq = self.seen[message["message_id"]]
            return {"conversation": conversation, "seq": seq, "duplicate": True}
        talk = self.open_talk(user) or self.new_talk(user)
        pictures = [{"id": item, "type": "image/png"} for item in message.get("attachments", [])]
        more = {"payload": message["payload"]} if message.get("payload") else {}
        event = self.say(
            talk, "customer", message.get("text", ""), message_id=message["message_id"], attachments=pictures, **more
        )
        self.seen[message["message_id"]] = (talk.id, event["seq"])
        return {"conversation": talk.id, "seq": event["seq"], "duplicate": False}

    def answer(self, conversation: str, message: dict[str, Any]) -> None:
        """Let the bot say what the script has for `message`; an echo when it has nothing."""
        talk = self.talks[conversation]
        if talk.state != "bot":
            return
        text = message.get("text", "")
        for reply in self.script.get(text, [{"text": f"收到：{text}"}]) or []:
            if "state" in reply:
                self.change(talk, reply["state"], reply.get("reason", "asked"))
            else:
                self.say(talk, "system" if reply.get("notice") else "bot", **reply, reply_to=[message["message_id"]])
