"""What follows an order: sending things back, exchanging them, invoices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from office.connection import Connection
from office.errors import OrderLocked, OrderNotFound

RETURN, EXCHANGE = "return", "exchange"
PERSONAL, COMPANY = "personal", "company"


@dataclass(frozen=True)
class GoodsReturn:
    """A return or an exchange that was accepted; to be sent by `send_by`, UTC ISO 8601; `free`: we pay the postage."""

    number: str
    send_by: str
    free: bool

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "GoodsReturn":
        return cls(str(data["return"]), str(data["send_by"]), bool(data["free"]))


@dataclass(frozen=True)
class InvoiceTitle:
    """Whom an invoice is made out to; a company has a name and a tax number."""

    kind: str
    company: str | None = None
    tax_number: str | None = None


@dataclass(frozen=True)
class Invoice:
    """An invoice that was asked for, ready by `ready_by`, UTC ISO 8601."""

    number: str
    ready_by: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Invoice":
        return cls(str(data["invoice"]), str(data["ready_by"]))


class AfterSalesOffice(Connection):
    """After-sales. Raises OrderNotFound (also for a wrong tail), OrderLocked, NotPossible, OfficeUnavailable."""

    not_found = OrderNotFound
    locked = OrderLocked

    async def send_back(self, number: str, phone_tail: str, kind: str, item: str, reason: str, key: str) -> GoodsReturn:
        """Register a return or an exchange (`kind`) of one item."""
        body = {"order": number, "phone_tail": phone_tail, "kind": kind, "item": item, "reason": reason}
        return await self.ask("/v1/returns", body, GoodsReturn.from_json, key)

    async def invoice(self, number: str, phone_tail: str, title: InvoiceTitle, key: str) -> Invoice:
        """Ask for the invoice of an order."""
        titled = {"kind": title.kind, "company": title.company, "tax_number": title.tax_number}
        body = {"order": number, "phone_tail": phone_tail, **titled}
        return await self.ask("/v1/invoices", body, Invoice.from_json, key)
