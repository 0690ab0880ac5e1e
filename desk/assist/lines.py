"""What was said, as everything here reads it: from a conversation's log, or from anywhere else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from desk.article_choice import chosen_article
from desk.event import Event

Speaker = Literal["customer", "bot", "agent"]


@dataclass(frozen=True)
class Line:
    """One thing that was said. `article` is the id of the article that it was, `payload` that of a tapped button.

    `offered` are the ids of the articles among which it let the customer choose.
    """

    seq: int
    speaker: Speaker
    text: str
    article: str | None = None
    title: str = ""
    payload: str | None = None
    offered: tuple[str, ...] = ()
    notice: bool = False
    attachments: int = 0


def lines_of(events: Iterable[Event]) -> list[Line]:
    """The messages of a log, oldest first."""
    return [_line(event) for event in events if event.type == "message" and event.author.role != "system"]


def said_by(lines: Sequence[Line], speaker: Speaker) -> list[Line]:
    """What `speaker` said in words: no buttons."""
    return [line for line in lines if line.speaker == speaker and line.text.strip() and line.payload is None]


def _line(event: Event) -> Line:
    article = event.body.get("article") or {}
    return Line(
        seq=event.seq,
        speaker=event.author.role,  # type: ignore[arg-type] # not of the system, which says nothing itself
        text=event.text,
        article=article.get("id"),
        title=article.get("title", ""),
        payload=event.payload,
        offered=tuple(one.id for button in event.buttons if (one := chosen_article(button.get("payload", "")))),
        notice=bool(event.body.get("notice")),
        attachments=len(event.attachments),
    )
