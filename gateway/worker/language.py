"""The language of a turn: the message's, else that of the customer's earlier ones, else what their page speaks."""

from desk import Conversation, Desk, Event
from reading.language import LANGUAGES, SIMPLIFIED, read_language

_RECENT = 40


async def language_of(desk: Desk, conversation: Conversation, message: Event) -> str:
    """`zh-Hans`, `zh-Hant` or `en`.

    The conversation's own language is only the last resort: a door may have set it again to the page's.
    """
    text = _telling(message)
    if len({read_language(text, previous) for previous in LANGUAGES}) == 1:
        return read_language(text, conversation.language)
    after = max(0, message.seq - _RECENT)
    events = await desk.events(conversation.id, after=after, limit=_RECENT)
    texts = [_telling(event) for event in events if event.author.role == "customer" and event.seq <= message.seq]
    language = _ours(conversation.language)
    for said in texts:
        language = read_language(said, language)
    return language or SIMPLIFIED


def _telling(event: Event) -> str:
    """A tapped button says nothing about the language of its customer."""
    return "" if event.payload else event.text


def _ours(language: str | None) -> str | None:
    return language if language in LANGUAGES else None
