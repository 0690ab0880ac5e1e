"""Messages in the shapes of Rasa's own channels, so that its clients need no change."""

from collections.abc import Iterable, Mapping
from typing import Any

from desk import Event

Shape = dict[str, Any]


def is_for_rasa(event: Event) -> bool:
    """Rasa's clients know only what is said to the customer."""
    return event.type == "message" and event.author.role != "customer"


def rest_messages(recipient: str, events: Iterable[Event]) -> list[Shape]:
    """As Rasa's REST channel: a text without buttons is split on blank lines, one with buttons is not."""
    return [{"recipient_id": recipient, **shape} for event in events for shape in _rest_shapes(event)]


def _rest_shapes(event: Event) -> list[Shape]:
    shapes: list[Shape] = []
    if event.buttons:
        shapes.append({"text": event.text, "buttons": _buttons(event)})
    elif event.text:
        shapes += [{"text": part} for part in _parts(event.text)]
    return shapes + [{"image": source} for source in _pictures(event)]


def bot_uttered(event: Event) -> list[Shape]:
    """As Rasa's socket channel: split on blank lines, quick replies on the last part, and not one key more.

    rasa-webchat tells messages apart by the number of their keys: it shows nothing of a text with a key of ours.
    """
    shapes: list[Shape] = [{"text": part} for part in _parts(event.text)]
    if event.buttons:
        shapes = [shape | {"quick_replies": []} for shape in shapes or [{"text": ""}]]
        shapes[-1]["quick_replies"] = [{"content_type": "text", **button} for button in _buttons(event)]
    return shapes + [{"attachment": {"type": "image", "payload": {"src": source}}} for source in _pictures(event)]


def _parts(text: str) -> list[str]:
    return [part for part in text.strip().split("\n\n") if part.strip()]


def _buttons(event: Event) -> list[Mapping[str, str]]:
    return [{"title": button["title"], "payload": button["payload"]} for button in event.buttons]


def _pictures(event: Event) -> list[str]:
    image = event.body.get("image")
    stored = [f"/v1/attachments/{attachment['id']}" for attachment in event.attachments]
    return ([str(image)] if image else []) + stored
