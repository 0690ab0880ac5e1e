"""What the sample company allows with an order, and the reasons of its refusals."""

import sqlite3
from datetime import datetime, timedelta

from examples.office.tables import written

RETURN_DAYS = timedelta(days=8)  # seven days from the day after delivery
EXCHANGE_DAYS = timedelta(days=16)
REFUND_DAYS = timedelta(days=3)
WAITING = ("pending", "packed")
ON_ITS_WAY = ("shipped", "out_for_delivery", "delayed")
OUR_FAULT = ("quality", "wrong_item")


def refusals(order: sqlite3.Row, now: datetime) -> dict[str, str]:
    """What cannot be done with `order`, and why; all else can."""
    asked = {
        "cancel": _changing(order),
        "change_address": _changing(order) or ("address_changed_before" if order["address"] else None),
        "return": _sending_back(order, now, RETURN_DAYS),
        "exchange": _sending_back(order, now, EXCHANGE_DAYS),
        "invoice": _invoice(order),
        "urge": None if to_urge(order) else "nothing_to_urge",
    }
    return {what: why for what, why in asked.items() if why}


def to_urge(order: sqlite3.Row) -> str | None:
    """What of `order` is open and can be urged."""
    if order["refund"] not in ("none", "paid"):
        return "refund"
    if order["state"] in WAITING:
        return "dispatch"
    return "parcel" if order["state"] in ON_ITS_WAY else None


def _changing(order: sqlite3.Row) -> str | None:
    if order["state"] in WAITING:
        return None
    return "already_cancelled" if order["state"] == "cancelled" else "already_shipped"


def _sending_back(order: sqlite3.Row, now: datetime, within: timedelta) -> str | None:
    if order["state"] == "cancelled":
        return "already_cancelled"
    if order["state"] == "returned":
        return "already_returned"
    if not order["delivered_at"]:
        return "not_delivered"
    return "too_late" if order["delivered_at"] < written(now - within) else None


def _invoice(order: sqlite3.Row) -> str | None:
    if order["invoice"]:
        return "already_invoiced"
    return "already_cancelled" if order["state"] in ("cancelled", "returned") else None
