"""What a turn says and asks for, before it is rendered: the shape that Rasa's channel answers in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.article_choice import ArticleReference


class Unreadable(ValueError):
    """Raised for an answer that is not in the agreed shape."""


@dataclass(frozen=True)
class TicketQuestion:
    """A customer asks how a ticket stands; `contact_tail` is what they know of the contact they left."""

    ticket: str
    contact_tail: str | None = None


@dataclass(frozen=True)
class Said:
    """One reply, not yet rendered: an article, the state of a ticket, or plain words."""

    text: str = ""
    buttons: Sequence[Mapping[str, str]] = ()
    image: str | None = None
    article: ArticleReference | None = None
    ticket_status: TicketQuestion | None = None
    asks_contact: bool = False


@dataclass(frozen=True)
class Answer:
    """`dialogue` None: keep the one that is stored. `by`: who decided, for the metrics."""

    said: Sequence[Said]
    commands: Sequence[Mapping[str, Any]] = ()
    dialogue: Mapping[str, Any] | None = None
    by: str = "bot"

    @property
    def is_empty(self) -> bool:
        return not self.said and not self.commands


def read_answer(body: object) -> Answer:
    """Rasa's answer from its JSON. Raises Unreadable."""
    try:
        return _answer(body)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(type(error).__name__) from error


def _answer(body: Any) -> Answer:
    said = tuple(reply for reply in map(_said, body.get("replies") or ()) if reply != Said())
    commands = tuple(dict(command, command=str(command["command"])) for command in body.get("commands") or ())
    dialogue = body.get("dialogue")
    if dialogue is not None and not isinstance(dialogue, dict):
        raise Unreadable("dialogue")
    return Answer(said, commands, dialogue)


def _said(reply: Mapping[str, Any]) -> Said:
    article, status = reply.get("article"), reply.get("ticket_status")
    return Said(
        text=str(reply.get("text") or "").strip(),
        buttons=tuple(map(_button, reply.get("buttons") or ())),
        image=str(reply["image"]) if reply.get("image") else None,
        article=_article(article) if article else None,
        ticket_status=TicketQuestion(str(status["ticket"]), _text(status.get("contact_tail"))) if status else None,
    )


def _article(article: Mapping[str, Any]) -> ArticleReference:
    version = article.get("version")
    return ArticleReference(str(article["id"]), int(version) if version is not None else None)


def _button(button: Mapping[str, Any]) -> Mapping[str, str]:
    return {"title": str(button.get("title") or ""), "payload": str(button["payload"])}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
