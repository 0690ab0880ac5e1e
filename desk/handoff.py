"""A handoff is a customer waiting for, or talking to, a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from desk.skills import Need, need_of

OfferReason = Literal["transferred", "last_agent", "least_busy"]


@dataclass(frozen=True)
class Offer:
    """Until then nobody but `to` may claim the conversation."""

    to: str
    until: datetime
    reason: OfferReason


@dataclass(frozen=True)
class Waiting:
    """One customer in the queue. `position` 1 is next; `preview` is the start of the last message.

    `asks_since` is `since` less the head start in seconds: what the queue is ordered by.
    `last_agent` had this customer last; `transferred_by` gave it back, with `note`. `mood` is the worst of the
    last few messages. `offer` may be over; `offered_in` is the epoch in which there was one.
    """

    conversation: str
    since: datetime
    position: int
    language: str | None
    preview: str
    reason: str
    epoch: int
    asks_since: datetime
    category: str | None = None
    vip: bool = False
    mood: str = "calm"
    head_start: int = 0
    last_agent: str | None = None
    transferred_by: str | None = None
    note: str = ""
    offer: Offer | None = None
    offered_in: int = 0

    @property
    def need(self) -> Need:
        return need_of(self.category, self.language, vip=self.vip)

    @property
    def offered_to(self) -> str | None:
        return self.offer.to if self.offer else None

    def offer_at(self, now: datetime) -> Offer | None:
        """The offer that holds at this moment."""
        return self.offer if self.offer and now < self.offer.until else None


@dataclass(frozen=True)
class Outlook:
    """What a waiting customer may be told. `seconds` None: not known."""

    position: int
    seconds: int | None
