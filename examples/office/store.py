"""The sample office in SQLite: who may see what, wrong tries and the lock."""

import hmac
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from examples.office.policy import refusals
from examples.office.tables import opened, written, yuan

TRIES = 5
WINDOW = timedelta(minutes=15)
_NOBODY = "\0\0\0\0"


class Locked(Exception):
    """Raised when an order or a card has had too many wrong tails."""


class Refused(Exception):
    """Raised when what is asked cannot be done; the text is the reason's code."""


class KeyReused(Exception):
    """Raised when an idempotency key comes again with something else to do."""


@dataclass
class Store:
    """One connection, one user at a time."""

    connection: sqlite3.Connection

    def __post_init__(self) -> None:
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: str, now: datetime) -> "Store":
        """A database at `path` (`:memory:` for none on disk), filled with the samples when it is new."""
        return cls(opened(path, now))

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else meanwhile."""
        with self._lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    def verify(self, number: str, tail: str, now: datetime) -> dict[str, Any] | None:
        """The order as it may be shown, or None for an unknown number and a wrong tail alike; Locked."""
        with self._lock:
            order = self.order(number, tail, now)
            return None if order is None else self._shown(order, now)

    def look_up(self, number: str, now: datetime) -> dict[str, Any] | None:
        """The order for staff, who need no tail."""
        with self._lock:
            order = self.connection.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
            return None if order is None else self._shown(order, now)

    def order(self, number: str, tail: str, now: datetime) -> sqlite3.Row | None:
        """The order, or None for an unknown number and a wrong tail alike; Locked after too many wrong tails."""
        rows = self.connection.execute("SELECT * FROM orders WHERE number = ?", (number,))
        return self._of_this_phone(f"order {number}", rows.fetchall(), tail, now)

    def fresh(self, order: sqlite3.Row) -> sqlite3.Row:
        """`order` as it is now: inside `once`, nobody else changes it."""
        rows = self.connection.execute("SELECT * FROM orders WHERE number = ?", (order["number"],))
        return cast("sqlite3.Row", rows.fetchone())

    def card(self, card_tail: str, tail: str, now: datetime) -> sqlite3.Row | None:
        """The card, found and locked as an order is."""
        rows = self.connection.execute("SELECT rowid, * FROM cards WHERE tail = ?", (card_tail,))
        return self._of_this_phone(f"card {card_tail}", rows.fetchall(), tail, now)

    def once(self, key: str, asked: Mapping[str, Any], do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What `do` answers; asked again with the same key, the same answer without doing it again.

        Raises KeyReused when the key came with something else, Refused as `do` does: a refusal changes nothing and is
        not kept.
        """
        written_down = json.dumps(asked, sort_keys=True)
        with self.transaction():
            found = self.connection.execute("SELECT asked, body FROM answers WHERE key = ?", (key,)).fetchone()
            if found and found["asked"] != written_down:
                raise KeyReused
            if found:
                return dict(json.loads(found["body"]))
            answer = do()
            row = (key, written_down, 200, json.dumps(answer))
            self.connection.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", row)
            return answer

    def _of_this_phone(self, what: str, rows: list[sqlite3.Row], tail: str, now: datetime) -> sqlite3.Row | None:
        """The row whose phone ends in `tail`. What is unknown is counted and locked like what is known: neither
        answer nor time tells them apart."""
        with self._lock:
            since = written(now - WINDOW)
            tries = "SELECT count(*) FROM wrong_tries WHERE what = ? AND at > ?"
            if self.connection.execute(tries, (what, since)).fetchone()[0] >= TRIES:
                raise Locked(what)
            phones = [row["phone"][-4:] for row in rows] or [_NOBODY]
            right = [hmac.compare_digest(phone.encode(), tail.encode()) for phone in phones]
            if any(right):
                return rows[right.index(True)]
            self.connection.execute("INSERT INTO wrong_tries VALUES (?, ?)", (what, written(now)))
            return None

    def _shown(self, order: sqlite3.Row, now: datetime) -> dict[str, Any]:
        number = order["number"]
        movements = self.connection.execute(
            "SELECT at, place, text FROM movements WHERE number = ? ORDER BY at DESC", (number,)
        )
        items = self.connection.execute("SELECT id, name, cents FROM items WHERE number = ? ORDER BY id", (number,))
        return {
            "order": number,
            **{name: order[name] for name in ("state", "carrier", "tracking", "estimated")},
            "events": [dict(movement) for movement in movements],
            "items": [{"id": item["id"], "name": item["name"], "price": yuan(item["cents"])} for item in items],
            "refusals": refusals(order, now),
        }
