"""What the sample office does with an order or a card; each runs inside `Store.once`."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from examples.office.policy import OUR_FAULT, REFUND_DAYS, refusals, to_urge
from examples.office.store import Refused, Store
from examples.office.tables import written, yuan

REPLY_WITHIN = timedelta(hours=24)
SEND_WITHIN = timedelta(days=7)
INVOICE_WITHIN = timedelta(hours=24)


def refund(store: Store, order: sqlite3.Row) -> dict[str, Any]:
    """How far the refund of `order` is."""
    if order["refund"] == "none":
        return {"state": "none"}
    begun = datetime.fromisoformat(order["refund_at"])
    expected = None if order["refund"] == "paid" else written(begun + REFUND_DAYS)
    return {"state": order["refund"], "amount": _amount(store, order), "at": order["refund_at"], "expected": expected}


def cancel(store: Store, order: sqlite3.Row, now: datetime) -> dict[str, Any]:
    _refuse("cancel", order, now)
    change = "UPDATE orders SET state = 'cancelled', refund = 'processing', refund_at = ? WHERE number = ?"
    store.connection.execute(change, (written(now), order["number"]))
    changed = store.connection.execute("SELECT * FROM orders WHERE number = ?", (order["number"],)).fetchone()
    return {"order": order["number"], "state": "cancelled", "refund": refund(store, changed)}


def change_address(store: Store, order: sqlite3.Row, address: str, now: datetime) -> dict[str, Any]:
    _refuse("change_address", order, now)
    store.connection.execute("UPDATE orders SET address = ? WHERE number = ?", (address, order["number"]))
    return {"order": order["number"], "address": address}


def urge(store: Store, order: sqlite3.Row, now: datetime) -> dict[str, Any]:
    about = to_urge(order)
    if about is None:
        raise Refused("nothing_to_urge")
    number = order["number"]
    before = store.connection.execute(
        "SELECT at FROM urgings WHERE number = ? AND about = ? AND at > ? ORDER BY at",
        (number, about, written(now - REPLY_WITHIN)),
    ).fetchone()
    store.connection.execute("INSERT INTO urgings VALUES (?, ?, ?)", (number, about, written(now)))
    since = datetime.fromisoformat(before["at"]) if before else now
    return {"order": number, "about": about, "reply_by": written(since + REPLY_WITHIN), "again": before is not None}


def send_back(store: Store, order: sqlite3.Row, kind: str, item: str, reason: str, now: datetime) -> dict[str, Any]:
    _refuse(kind, order, now)
    number = order["number"]
    if not store.connection.execute("SELECT 1 FROM items WHERE number = ? AND id = ?", (number, item)).fetchone():
        raise Refused("no_such_item")
    if store.connection.execute("SELECT 1 FROM returns WHERE number = ? AND item = ?", (number, item)).fetchone():
        raise Refused("already_returned")
    row = (number, item, kind, reason, written(now))
    added = store.connection.execute("INSERT INTO returns (number, item, kind, reason, at) VALUES (?, ?, ?, ?, ?)", row)
    name = ("TH" if kind == "return" else "HH") + f"{now:%Y%m%d}{added.lastrowid:04d}"
    free = reason in OUR_FAULT
    return {"return": name, "order": number, "kind": kind, "send_by": written(now + SEND_WITHIN), "free": free}


def invoice(store: Store, order: sqlite3.Row, now: datetime) -> dict[str, Any]:
    _refuse("invoice", order, now)
    number = f"FP{order['number'][2:]}"
    store.connection.execute("UPDATE orders SET invoice = ? WHERE number = ?", (number, order["number"]))
    return {"invoice": number, "order": order["number"], "ready_by": written(now + INVOICE_WITHIN)}


def freeze(store: Store, card: sqlite3.Row, now: datetime) -> dict[str, Any]:
    """A card that is frozen already stays so, and says since when."""
    at = card["frozen_at"] or written(now)
    store.connection.execute("UPDATE cards SET frozen_at = ? WHERE rowid = ?", (at, card["rowid"]))
    return {"card_tail": card["tail"], "state": "frozen", "frozen_at": at}


def shown_card(card: sqlite3.Row) -> dict[str, Any]:
    return {
        "card_tail": card["tail"],
        "state": "frozen" if card["frozen_at"] else "active",
        "frozen_at": card["frozen_at"],
    }


def _refuse(what: str, order: sqlite3.Row, now: datetime) -> None:
    reason = refusals(order, now).get(what)
    if reason:
        raise Refused(reason)


def _amount(store: Store, order: sqlite3.Row) -> str:
    asked = "SELECT sum(cents) FROM items WHERE number = ?"
    return yuan(store.connection.execute(asked, (order["number"],)).fetchone()[0] or 0)
