"""The index of a base of any size: flat while that is quick, then lists with what is fresh beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from knowledge_base.faiss_index import FaissIndex
from knowledge_base.indexes.aside import Aside
from knowledge_base.indexes.lists import Lists, make_lists
from knowledge_base.indexes.plan import Plan
from knowledge_base.indexes.rows import Rows, keys_of
from knowledge_base.indexes.snapshot import SnapshotFile, UnusableSnapshot
from knowledge_base.vectors import Halved, Vectors

_CHANGED = 0.05  # of the rows: then the snapshot is written anew
_FOREIGN = 0.1  # of the rows: then a snapshot is of no use
_AT_ONCE = 4_096
_NO_KEY = bytes(8)

_log = structlog.get_logger(__name__)


class GrowingIndex:
    """An `Index` for one thread. Scores are exact, and what was just added or removed counts at once.

    A large base is in `Lists`, which propose candidates; their scores come from the vectors themselves. What is not in
    the lists is `fresh` and searched one by one until it is folded in, on a thread that gives way; what is gone is
    no longer among the vectors and so is never found.
    """

    def __init__(self, dimension: int, plan: Plan | None = None, snapshot: SnapshotFile | None = None) -> None:
        """Without `snapshot`, lists are made anew after every start; a small base needs neither."""
        self._dimension, self._plan, self._snapshot = dimension, plan or Plan(), snapshot
        self._rows = Rows(dimension)
        self._fresh, self._fresh_numbers = FaissIndex(dimension), dict[int, None]()
        self._waiting: dict[int, None] = {}  # added, and not yet in the flat index: many may come before a search
        self._lists: Lists | None = None
        self._aside: Aside[Lists] = Aside()
        self._added_since: dict[int, None] = {}  # the work aside began
        self._next_try = 0  # rows: after a failure there is no other try before there are more
        self._written = 0  # rows in the snapshot
        self.revision = 0  # of the base, for the snapshot

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def kind(self) -> str:
        """`flat` or `lists`."""
        return "flat" if self._lists is None else "lists"

    @property
    def busy(self) -> bool:
        """Whether lists are being made."""
        return self._aside.busy

    def add(self, numbers: Sequence[int], vectors: Vectors) -> Vectors | Halved:
        """Take in one row a number; no number may be in use. Gives what is kept: halved in a large base."""
        large = len(self._rows) + len(numbers) > self._plan.flat_up_to
        # A copy, as blocks are kept for good, and a plain one: rows of a file mapped into memory are slow to take out.
        plain = np.asarray(vectors)
        kept = plain.astype(np.float16) if large else plain.astype(np.float32)
        self._rows.put(numbers, kept)
        self._waiting.update(dict.fromkeys(numbers))
        if self._aside.busy:
            self._added_since.update(dict.fromkeys(numbers))
        return kept

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget these; unknown ones are ignored."""
        known = self._rows.drop(numbers)
        self._fresh.remove([number for number in known if number in self._fresh_numbers])
        for held in (self._waiting, self._fresh_numbers, self._added_since):
            for number in known:
                held.pop(number, None)

    def nearest(self, vector: Vectors, most: int) -> list[tuple[int, float]]:
        """Up to `most` numbers with their inner products to `vector`, largest first."""
        self._keep_up()
        self._take_in()
        fresh = self._fresh.nearest(vector, most)
        if self._lists is None:
            return fresh
        known, rows = self._rows.read(self._proposed(self._lists, vector, most))
        found = dict(zip(known, (rows @ vector).tolist(), strict=True))
        found.update(fresh)
        return sorted(found.items(), key=lambda pair: pair[1], reverse=True)[:most]

    def settle(self) -> None:
        """Once a base is loaded: its lists, from the snapshot or made now; takes minutes for a million."""
        if self._lists is None and len(self._rows) > self._plan.flat_up_to and self._snapshot:
            self._resume(self._snapshot)
        self._keep_up()
        while self._aside.busy:
            self._aside.wait()
            self._keep_up()

    def _proposed(self, lists: Lists, vector: Vectors, most: int) -> list[int]:
        if most >= len(self._rows):
            return self._rows.numbers()
        return lists.candidates(vector, self._plan.candidates(most))

    def _take_in(self) -> None:
        """What waits, into the flat index."""
        if self._waiting:
            known, rows = self._rows.read(list(self._waiting))
            self._fresh.add(known, rows)
            self._fresh_numbers.update(dict.fromkeys(known))
            self._waiting = {}

    def _keep_up(self) -> None:
        """Use lists that have been made, and have others made when they are due."""
        if self._aside.busy:
            self._use_what_was_made()
        if not self._aside.busy and len(self._rows) >= self._next_try:
            work = self._due()
            if work is not None:
                self._added_since = {}
                self._aside.start(work)

    def _use_what_was_made(self) -> None:
        try:
            made = self._aside.take()
        except Exception as error:  # noqa: BLE001 - out of memory, say: search goes on as it is
            self._next_try = len(self._rows) + self._plan.fold_from
            _log.warning("index_not_made", cause=repr(error), rows=len(self._rows))
            return
        if made is not None:
            self._lists = made
            self._begin_afresh(self._added_since)
            _log.info("index_made", rows=len(made), made_for=made.made_for)

    def _begin_afresh(self, numbers: dict[int, None]) -> None:
        """Only these are not in the lists."""
        self._fresh, self._fresh_numbers = FaissIndex(self._dimension), {}
        self._waiting, self._added_since = numbers, {}

    def _due(self) -> Callable[[], Lists] | None:
        """What is to be made now; it runs on another thread and touches nothing of ours but rows."""
        plan, lists, rows = self._plan, self._lists, self._rows
        fresh = len(self._fresh_numbers) + len(self._waiting)
        if lists is None:
            anew = len(rows) > plan.flat_up_to
        else:
            anew = plan.is_outgrown(lists.made_for, len(rows), len(lists) - (len(rows) - fresh))
        if anew:
            numbers = rows.numbers()
            return lambda: self._kept(make_lists(numbers, rows, self._dimension, plan), anew=True)
        if lists is not None and fresh > plan.fold_from:
            numbers = [*self._fresh_numbers, *self._waiting]
            return lambda: self._kept(lists.with_more(numbers, rows, plan))
        return None

    def _kept(self, lists: Lists, anew: bool = False) -> Lists:
        """`lists`, written down when that is worth it; on the thread that made them."""
        if self._snapshot and (anew or abs(len(lists) - self._written) > _CHANGED * len(lists)):
            try:
                self._snapshot.write(lists, self._keys(lists), self.revision, self._plan)
                self._written = len(lists)
            except OSError as error:
                _log.warning("index_not_written", cause=repr(error))
        return lists

    def _keys(self, lists: Lists) -> NDArray[np.void]:
        keys: list[bytes] = []
        for start in range(0, len(lists), _AT_ONCE):
            wanted = lists.numbers[start : start + _AT_ONCE].tolist()
            known, rows = self._rows.read(wanted)
            found = dict(zip(known, keys_of(rows), strict=True))
            keys += [found.get(number, _NO_KEY) for number in wanted]
        return np.frombuffer(b"".join(keys), "V8")

    def _resume(self, file: SnapshotFile) -> None:
        """Go on with the lists of the snapshot; what it does not know is fresh, what is gone is left out."""
        try:
            snapshot = file.read(self._plan, self.revision)
            numbers = self._rows.numbers()
            held: dict[bytes, int] = {}
            for start in range(0, len(numbers), _AT_ONCE):
                known, rows = self._rows.read(numbers[start : start + _AT_ONCE])
                held.update(zip(keys_of(rows), known, strict=True))
            found = np.array([held.pop(key, -1) for key in snapshot.keys.tolist()], np.int64)
            foreign = int((found < 0).sum()) + len(numbers) - int((found >= 0).sum())
            if foreign > _FOREIGN * len(numbers):
                raise UnusableSnapshot(f"{foreign} of {len(numbers)} rows are others by now")
        except UnusableSnapshot as reason:
            _log.info("index_snapshot_not_used", reason=str(reason))
            return
        self._lists, self._written = snapshot.lists.renumbered(found, self._plan), len(snapshot.lists)
        self._begin_afresh(dict.fromkeys(numbers, None) if not len(found) else _without(numbers, found))
        _log.info("index_resumed", rows=len(found), revision=snapshot.revision, fresh=len(self._waiting))


def _without(numbers: Sequence[int], found: NDArray[np.int64]) -> dict[int, None]:
    known = set(found.tolist())
    return {number: None for number in numbers if number not in known}
