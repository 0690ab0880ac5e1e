"""A member's payment card: known by its last four digits and those of the phone; frozen at once when it is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from office.connection import Connection
from office.errors import CardLocked, CardNotFound

STATES = ("active", "frozen")


@dataclass(frozen=True)
class Card:
    """What a verified customer may see of a card; `frozen_at` is UTC ISO 8601."""

    tail: str
    state: str
    frozen_at: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Card":
        if data["state"] not in STATES:
            raise ValueError("unknown state")
        return cls(str(data["card_tail"]), str(data["state"]), data.get("frozen_at"))


class CardOffice(Connection):
    """The card system. Raises CardNotFound (also for a wrong tail), CardLocked, OfficeUnavailable."""

    not_found = CardNotFound
    locked = CardLocked

    async def verify(self, card_tail: str, phone_tail: str) -> Card:
        """The card, when `phone_tail` is that of its phone."""
        return await self.ask("/v1/cards/verify", _who(card_tail, phone_tail), Card.from_json)

    async def freeze(self, card_tail: str, phone_tail: str, key: str) -> Card:
        """Freeze the card; one that is frozen already stays so."""
        return await self.ask("/v1/cards/freeze", _who(card_tail, phone_tail), Card.from_json, key)


def _who(card_tail: str, phone_tail: str) -> dict[str, str]:
    return {"card_tail": card_tail, "phone_tail": phone_tail}
