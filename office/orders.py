"""An order and where its parcel is, from the company's order system."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx2

from office.errors import OfficeUnavailable, OrderLocked, OrderNotFound

STATES = ("pending", "packed", "shipped", "out_for_delivery", "delivered", "delayed", "returned", "cancelled")
CONNECT_SECONDS = 0.5
READ_SECONDS = 2.0

_NUMBER = re.compile(r"QH\d{11}")
_TAIL = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Movement:
    """One line of the carrier: `at` is UTC ISO 8601."""

    at: str
    place: str
    text: str


@dataclass(frozen=True)
class Order:
    """What a verified customer may see of an order: the logistics and nothing else."""

    number: str
    state: str
    carrier: str | None = None
    tracking: str | None = None
    events: tuple[Movement, ...] = ()
    estimated: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Order":
        if data["state"] not in STATES:
            raise ValueError("unknown state")
        events = tuple(Movement(e["at"], e["place"], e["text"]) for e in data.get("events", ()))
        return cls(
            data["order"], data["state"], data.get("carrier"), data.get("tracking"), events, data.get("estimated")
        )


def is_order_number(text: str) -> bool:
    """Whether `text` is an order number in its full form: QH and eleven digits."""
    return _NUMBER.fullmatch(text) is not None


def is_phone_tail(text: str) -> bool:
    """Whether `text` is the last four digits of a phone."""
    return text.isascii() and _TAIL.fullmatch(text) is not None


class OrderOffice:
    """The order system from asyncio; use as a context manager or call `aclose`."""

    def __init__(self, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        self._http = httpx2.AsyncClient(base_url=url, timeout=timeout, trust_env=False, transport=transport)

    async def __aenter__(self) -> "OrderOffice":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    async def verify(self, number: str, phone_tail: str) -> Order:
        """The order, when `phone_tail` is that of its phone.

        Raises OrderNotFound (also for a wrong tail), OrderLocked, OfficeUnavailable.
        """
        response = await self._ask({"order": number, "phone_tail": phone_tail})
        if response.status_code == 404:
            raise OrderNotFound(number)
        if response.status_code == 429:
            raise OrderLocked(number)
        if response.status_code != 200:
            raise OfficeUnavailable(f"status {response.status_code}")
        try:
            return Order.from_json(response.json())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OfficeUnavailable("an answer that cannot be read") from error

    async def _ask(self, body: dict[str, str]) -> httpx2.Response:
        try:
            return await self._http.post("/v1/orders/verify", json=body)
        except httpx2.HTTPError as error:
            raise OfficeUnavailable(type(error).__name__) from error
