"""An order: where its parcel is, what may still be done with it, and doing it in the company's order system."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from office.connection import Connection
from office.errors import OrderLocked, OrderNotFound

STATES = ("pending", "packed", "shipped", "out_for_delivery", "delivered", "delayed", "returned", "cancelled")
REFUNDS = ("none", "requested", "inspecting", "processing", "paid")
URGED = ("dispatch", "parcel", "refund")

_NUMBER = re.compile(r"QH\d{11}")
_TAIL = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Movement:
    """One line of the carrier: `at` is UTC ISO 8601."""

    at: str
    place: str
    text: str


@dataclass(frozen=True)
class Item:
    """One thing that was ordered; `price` is in yuan."""

    id: str
    name: str
    price: str


@dataclass(frozen=True)
class Order:
    """What a verified customer may see of an order; `refusals`: what cannot be done with it now, and why."""

    number: str
    state: str
    carrier: str | None = None
    tracking: str | None = None
    events: tuple[Movement, ...] = ()
    estimated: str | None = None
    items: tuple[Item, ...] = ()
    refusals: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Order":
        return cls(
            number=data["order"],
            state=_one_of(STATES, data["state"]),
            carrier=data.get("carrier"),
            tracking=data.get("tracking"),
            events=tuple(Movement(e["at"], e["place"], e["text"]) for e in data.get("events", ())),
            estimated=data.get("estimated"),
            items=tuple(Item(str(i["id"]), i["name"], str(i["price"])) for i in data.get("items", ())),
            refusals={str(what): str(why) for what, why in data.get("refusals", {}).items()},
        )


@dataclass(frozen=True)
class Refund:
    """How far a refund is; `amount` in yuan, `at` and `expected` UTC ISO 8601; all absent when there is none."""

    state: str
    amount: str | None = None
    at: str | None = None
    expected: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Refund":
        return cls(_one_of(REFUNDS, data["state"]), data.get("amount"), data.get("at"), data.get("expected"))


@dataclass(frozen=True)
class Urged:
    """What the office makes of being urged: `about` what, answered by when; `again`: it had been urged before."""

    about: str
    reply_by: str
    again: bool

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Urged":
        return cls(_one_of(URGED, data["about"]), str(data["reply_by"]), bool(data["again"]))


def is_order_number(text: str) -> bool:
    """Whether `text` is an order number in its full form: QH and eleven digits."""
    return _NUMBER.fullmatch(text) is not None


def is_phone_tail(text: str) -> bool:
    """Whether `text` is the last four digits of a phone."""
    return text.isascii() and _TAIL.fullmatch(text) is not None


class OrderOffice(Connection):
    """The order system. Every call names the order and the tail of its phone.

    Each raises OrderNotFound (also for a wrong tail), OrderLocked, OfficeUnavailable; each write also NotPossible.
    """

    not_found = OrderNotFound
    locked = OrderLocked

    async def verify(self, number: str, phone_tail: str) -> Order:
        """The order, when `phone_tail` is that of its phone."""
        return await self.ask("/v1/orders/verify", _who(number, phone_tail), Order.from_json)

    async def refund(self, number: str, phone_tail: str) -> Refund:
        """How far the refund of the order is."""
        return await self.ask("/v1/orders/refund", _who(number, phone_tail), Refund.from_json)

    async def urge(self, number: str, phone_tail: str, key: str) -> Urged:
        """Have somebody look at what is late: the dispatch, the parcel or the refund."""
        return await self.ask("/v1/orders/urge", _who(number, phone_tail), Urged.from_json, key)

    async def cancel(self, number: str, phone_tail: str, key: str) -> Refund:
        """Cancel an order that has not left; the refund that follows."""
        return await self.ask("/v1/orders/cancel", _who(number, phone_tail), _refund_of, key)

    async def change_address(self, number: str, phone_tail: str, address: str, key: str) -> str:
        """Send the order to `address`; the address as the office noted it."""
        body = {**_who(number, phone_tail), "address": address}
        return await self.ask("/v1/orders/address", body, lambda data: str(data["address"]), key)


def _who(number: str, phone_tail: str) -> dict[str, str]:
    return {"order": number, "phone_tail": phone_tail}


def _refund_of(data: Mapping[str, Any]) -> Refund:
    return Refund.from_json(data["refund"])


def _one_of(known: tuple[str, ...], value: Any) -> str:
    if value not in known:
        raise ValueError("unknown state")
    return str(value)
