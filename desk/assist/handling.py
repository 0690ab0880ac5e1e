"""How long a case took an agent: talk and after-work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.event import Event

LONGEST_AFTER = timedelta(minutes=15)  # a form that is finished the next morning was not worked on all night


@dataclass(frozen=True)
class Handling:
    """Seconds. `talk`: the customer was the agent's; `after`: from the end of the talk until the form was done."""

    talk: float
    after: float

    @property
    def total(self) -> float:
        return self.talk + self.after


def handling(events: Iterable[Event], agent: str, began: datetime | None, now: datetime) -> Handling:
    """How long `agent` took; `began`: when they turned to the form, which counts unless the customer wrote again."""
    talk, left, since, last_word = timedelta(), None, None, None
    for event in events:
        if event.type == "message" and event.author.role == "customer":
            last_word = event.at
        if event.type != "state":
            continue
        if since is not None:
            talk, left, since = talk + (event.at - since), event.at, None
        if event.body.get("to") == "person" and event.body.get("holder") == agent:
            since = event.at
    if since is not None:
        left = _turned(began, since, last_word, now)
        talk += left - since
    after = min(max(now - left, timedelta()), LONGEST_AFTER) if left is not None else timedelta()
    return Handling(talk.total_seconds(), after.total_seconds())


def _turned(began: datetime | None, since: datetime, last_word: datetime | None, now: datetime) -> datetime:
    """When the agent turned from the talk to the form."""
    if began is None or began < since or (last_word is not None and last_word > began):
        return now
    return began
