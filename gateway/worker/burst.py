"""A burst: messages of one conversation that wait together, and are read and answered as one."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from desk import Desk, Event, InboxEntry

MOST_MESSAGES = 8
MOST_CHARACTERS = 2000


def burst(waiting: Sequence[InboxEntry]) -> list[InboxEntry]:
    """Those from the front that may be answered together; a tapped button, a picture or a REST request stays alone."""
    taken, characters = [waiting[0]], waiting[0].joins
    if characters is None:
        return taken
    for entry in waiting[1:MOST_MESSAGES]:
        if entry.joins is None or characters + 1 + entry.joins > MOST_CHARACTERS:
            break
        characters += 1 + entry.joins
        taken.append(entry)
    return taken


def may_grow(waiting: Sequence[InboxEntry]) -> bool:
    """Whether a message that comes now could still join those that wait."""
    return len(waiting) < MOST_MESSAGES and waiting[-1].joins is not None and len(burst(waiting)) == len(waiting)


async def read_messages(desk: Desk, entries: Sequence[InboxEntry]) -> list[Event]:
    """The events that entries of one conversation point to, up to the first that is not there."""
    first, last = entries[0].seq, entries[-1].seq
    events = {event.seq: event for event in await desk.events(entries[0].conversation, first - 1, last - first + 1)}
    found: list[Event] = []
    for entry in entries:
        if entry.seq not in events:
            break
        found.append(events[entry.seq])
    return found


def joined(messages: Sequence[Event], is_courtesy: Callable[[str], bool]) -> Event:
    """One message that says what all of them say, a line each; its number is the last one's.

    A greeting or a word of thanks beside other words is left out: it says nothing, and blurs what they ask for.
    Its id is the first one's: a burst that is begun again after a crash may have grown, but it begins alike,
    and what a turn does elsewhere is done once under that id.
    """
    if len(messages) == 1:
        return messages[0]
    texts = [message.text for message in messages if not is_courtesy(message.text)] or [messages[-1].text]
    return replace(messages[-1], body={**messages[0].body, "text": "\n".join(texts)})
