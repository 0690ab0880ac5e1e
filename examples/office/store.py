"""The sample orders in SQLite: look-up, wrong tries and the lock."""

import hmac
import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

_ORDERS = Path(__file__).with_name("orders.yml")
TRIES = 5
WINDOW = timedelta(minutes=15)
_SCHEMA = """
CREATE TABLE orders (
    number TEXT PRIMARY KEY, phone TEXT NOT NULL, state TEXT NOT NULL, carrier TEXT, tracking TEXT, estimated TEXT
);
CREATE TABLE movements (
    number TEXT NOT NULL REFERENCES orders, at TEXT NOT NULL, place TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE wrong_tries (number TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX wrong_tries_by_number ON wrong_tries (number, at);
"""
_NOBODY = "\0\0\0\0"


class Locked(Exception):
    """Raised when an order has had too many wrong tails."""


@dataclass
class Store:
    """One connection, one user at a time."""

    connection: sqlite3.Connection

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: str, now: datetime) -> "Store":
        """A database at `path` (`:memory:` for none on disk), filled with the sample orders when it is new."""
        connection = sqlite3.connect(path, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'orders'").fetchone():
            connection.executescript(_SCHEMA)
            for order in yaml.safe_load(_ORDERS.read_text(encoding="utf-8"))["orders"]:
                _insert(connection, order, now)
            connection.commit()
        return cls(connection)

    def close(self) -> None:
        self.connection.close()

    def verify(self, number: str, tail: str, now: datetime) -> dict[str, Any] | None:
        """The order, or None for an unknown number and a wrong tail alike; Locked after too many wrong tails.

        An unknown number is counted and locked like a known one: neither answer nor time tells them apart.
        """
        with self._lock, self.connection:
            since = _written(now - WINDOW)
            asked = self.connection.execute(
                "SELECT count(*) FROM wrong_tries WHERE number = ? AND at > ?", (number, since)
            ).fetchone()
            if asked[0] >= TRIES:
                raise Locked(number)
            row = self.connection.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
            right = hmac.compare_digest((row["phone"][-4:] if row else _NOBODY).encode(), tail.encode())
            if row is None or not right:
                self.connection.execute("INSERT INTO wrong_tries VALUES (?, ?)", (number, _written(now)))
                return None
            return self._shown(row)

    def _shown(self, row: sqlite3.Row) -> dict[str, Any]:
        found = self.connection.execute(
            "SELECT at, place, text FROM movements WHERE number = ? ORDER BY at DESC", (row["number"],)
        )
        shown = {key: row[key] for key in ("state", "carrier", "tracking", "estimated")}
        return {"order": row["number"], **shown, "events": [dict(movement) for movement in found]}


def _insert(connection: sqlite3.Connection, order: dict[str, Any], now: datetime) -> None:
    due = order.get("estimated_in")
    estimated = _written(now + timedelta(hours=due)) if due else None
    connection.execute(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)",
        (order["order"], order["phone"], order["state"], order.get("carrier"), order.get("tracking"), estimated),
    )
    for hours, place, text in order["events"]:
        at = _written(now - timedelta(hours=hours))
        connection.execute("INSERT INTO movements VALUES (?, ?, ?, ?)", (order["order"], at, place, text))


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
