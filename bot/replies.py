"""What the bot said in a turn, sorted into replies for the customer, commands for the desk, and failures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.situation import Article, Offer


class Collector(OutputChannel):
    """An output channel that keeps every message whole."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002
        self.messages.append(dict(message))

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:  # noqa: ARG002
        self.messages.append({"text": text})


@dataclass
class Sorted:
    """The three kinds."""

    replies: list[dict[str, Any]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def sort(messages: Sequence[dict[str, Any]], choices: Sequence[Offer] = (), also: Sequence[Article] = ()) -> Sorted:
    """Sort `messages`; `choices` become the first buttons of the message that asks for a choice.

    `also` are said after the article that answers the first of several questions.
    """
    result = Sorted()
    for message in messages:
        custom = message.get("custom") or {}
        if "failure" in custom:
            result.failures.append(str(custom["failure"]))
        if "command" in custom:
            result.commands.append(dict(custom))
        reply = _reply(message, custom, choices)
        if reply:
            result.replies.append(reply)
        if "article" in custom:
            result.replies += [{"article": {"id": one.id, "version": one.version}} for one in also]
            also = ()
    return result


def with_reason(commands: Sequence[dict[str, Any]], reason: str) -> list[dict[str, Any]]:
    """`commands`, a handoff among them for `reason`."""
    return [{**c, "reason": reason} if c["command"] == "handoff.request" else c for c in commands]


def offers(replies: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The buttons of the last reply: what a short answer may refer to."""
    return list(replies[-1].get("buttons", [])) if replies else []


def _reply(message: dict[str, Any], custom: dict[str, Any], choices: Sequence[Offer]) -> dict[str, Any]:
    reply: dict[str, Any] = {}
    if (message.get("text") or "").strip():
        reply["text"] = message["text"].strip()
    buttons = [{"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or []]
    if custom.get("choices"):
        buttons = [{"title": offer.title, "payload": offer.payload} for offer in choices] + buttons
    if buttons:
        reply["buttons"] = buttons
    if message.get("image"):
        reply["image"] = message["image"]
    if "article" in custom:
        reply["article"] = {"id": custom["article"]["id"], "version": int(custom["article"]["version"])}
    if "ticket_status" in custom:
        reply["ticket_status"] = dict(custom["ticket_status"])
    return reply
