"""The tables of the sample office, and the samples that fill them."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

_SAMPLES = Path(__file__).with_name("orders.yml")
_SCHEMA = """
CREATE TABLE orders (
    number TEXT PRIMARY KEY, phone TEXT NOT NULL, state TEXT NOT NULL, carrier TEXT, tracking TEXT, estimated TEXT,
    address TEXT, invoice TEXT, refund TEXT NOT NULL DEFAULT 'none', refund_at TEXT, delivered_at TEXT
);
CREATE TABLE items (number TEXT NOT NULL REFERENCES orders, id TEXT NOT NULL, name TEXT NOT NULL, cents INT NOT NULL);
CREATE TABLE movements (
    number TEXT NOT NULL REFERENCES orders, at TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE returns (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL REFERENCES orders, item TEXT NOT NULL, kind TEXT NOT NULL,
    reason TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE urgings (number TEXT NOT NULL REFERENCES orders, about TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE cards (tail TEXT NOT NULL, phone TEXT NOT NULL, frozen_at TEXT);
CREATE TABLE wrong_tries (what TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX wrong_tries_by_what ON wrong_tries (what, at);
CREATE TABLE answers (key TEXT PRIMARY KEY, asked TEXT NOT NULL, status INT NOT NULL, body TEXT NOT NULL);
"""


def opened(path: str, now: datetime) -> sqlite3.Connection:
    """The database at `path` (`:memory:` for none on disk), filled with the samples when it is new."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.row_factory = sqlite3.Row
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'orders'").fetchone():
        samples = yaml.safe_load(_SAMPLES.read_text(encoding="utf-8"))
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        for order in samples["orders"]:
            _insert(connection, order, now)
        for card in samples["cards"]:
            _insert_card(connection, card, now)
        connection.execute("COMMIT")
    return connection


def written(moment: datetime) -> str:
    """As the tables and the answers have it: UTC, whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def yuan(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _insert(connection: sqlite3.Connection, order: dict[str, Any], now: datetime) -> None:
    number, events = order["order"], order["events"]
    refund, refunded_hours = order.get("refund", ("none", None))
    delivered = events[-1][0] if order["state"] == "delivered" else None
    row = {
        "number": number,
        "phone": order["phone"],
        "state": order["state"],
        "carrier": order.get("carrier"),
        "tracking": order.get("tracking"),
        "estimated": _ago(now, -order["estimated_in"] if "estimated_in" in order else None),
        "invoice": f"FP{number[2:]}" if order.get("invoiced") else None,
        "refund": refund,
        "refund_at": _ago(now, refunded_hours),
        "delivered_at": _ago(now, delivered),
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO orders ({names}) VALUES ({marks})", row)  # noqa: S608 - the names are ours
    for place, (name, price) in enumerate(order["items"], start=1):
        connection.execute("INSERT INTO items VALUES (?, ?, ?, ?)", (number, str(place), name, _cents(price)))
    for hours, place, text in events:
        connection.execute("INSERT INTO movements VALUES (?, ?, ?, ?)", (number, _ago(now, hours), place, text))


def _insert_card(connection: sqlite3.Connection, card: dict[str, Any], now: datetime) -> None:
    row = (card["card"], card["phone"], _ago(now, card.get("frozen")))
    connection.execute("INSERT INTO cards VALUES (?, ?, ?)", row)


def _ago(now: datetime, hours: float | None) -> str | None:
    return None if hours is None else written(now - timedelta(hours=hours))


def _cents(price: str) -> int:
    whole, _, rest = price.partition(".")
    return int(whole) * 100 + int(rest or 0)
