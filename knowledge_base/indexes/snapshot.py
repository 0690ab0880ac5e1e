"""Lists in a file, with what they were made from and a checksum: whole and of today, or not used at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.indexes.lists import VERSION, DamagedLists, Lists, unpack
from knowledge_base.indexes.plan import Plan
from knowledge_base.vector_file import VectorFile

_FORMAT = 1
_LONGEST_HEAD = 4_096
_KEY = np.dtype("V8")
_ABANDONED_SECONDS = 3_600


class UnusableSnapshot(Exception):
    """Raised for a snapshot that is not there, not whole, or of something else; says which."""

    code = "unusable_snapshot"


@dataclass(frozen=True)
class Snapshot:
    """Lists, the key of each of their rows, and the revision of the base that they were made of."""

    lists: Lists
    keys: NDArray[np.void]
    revision: int


class SnapshotFile:
    """The one file of one base on one machine; several processes may share it, the last one to write wins."""

    def __init__(self, path: Path, encoder: str) -> None:
        """`encoder` is its name with its version: vectors of another one mean something else."""
        self.path, self._encoder = path, encoder

    def vectors(self, dimension: int) -> VectorFile:
        """Beside it, the vectors of this encoder."""
        encoder = hashlib.sha256(self._encoder.encode()).hexdigest()[:16]
        return VectorFile(self.path.with_name(f"{self.path.stem}-{encoder}.vectors"), dimension)

    def write(self, lists: Lists, keys: NDArray[np.void], revision: int, plan: Plan) -> None:
        """All of it or nothing, whatever happens meanwhile. Raises OSError."""
        packed = lists.packed()
        digest = hashlib.sha256(keys.tobytes())
        digest.update(packed.data)
        head = {
            **self._made_from(plan),
            "revision": revision,
            "made_for": lists.made_for,
            "rows": len(lists),
            "bytes": len(packed),
            "sha256": digest.hexdigest(),
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._clear_up()
        with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=f"{self.path.name}.", delete=False) as scratch:
            try:
                scratch.write(json.dumps(head, sort_keys=True).encode() + b"\n")
                scratch.write(keys.tobytes())
                scratch.write(packed.data)
                scratch.flush()
                os.fsync(scratch.fileno())
                Path(scratch.name).replace(self.path)
            except BaseException:
                Path(scratch.name).unlink(missing_ok=True)
                raise

    def read(self, plan: Plan, revision: int) -> Snapshot:
        """What was written, for a base that is now at `revision`; raises UnusableSnapshot."""
        try:
            with self.path.open("rb") as file:
                head = _head(file.readline(_LONGEST_HEAD))
                self._check(head, plan, revision)
                keys = np.frombuffer(file.read(head["rows"] * _KEY.itemsize), np.uint8)
                packed = np.frombuffer(file.read(head["bytes"] + 1), np.uint8)
        except OSError as error:
            raise UnusableSnapshot(f"not readable: {error.strerror}") from error
        if len(keys) != head["rows"] * _KEY.itemsize or len(packed) != head["bytes"]:
            raise UnusableSnapshot("not as long as it should be")
        digest = hashlib.sha256(keys.data)
        digest.update(packed.data)
        if digest.hexdigest() != head["sha256"]:
            raise UnusableSnapshot("the checksum is wrong")
        try:
            lists = unpack(packed, np.arange(head["rows"]), head["made_for"], plan)
        except DamagedLists as error:
            raise UnusableSnapshot(f"no lists: {error}") from error
        return Snapshot(lists, keys.view(_KEY), head["revision"])

    def _clear_up(self) -> None:
        """Away with what a process that was killed while it wrote has left."""
        for left in self.path.parent.glob(f"{self.path.name}.*"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    left.unlink()

    def _check(self, head: dict[str, Any], plan: Plan, revision: int) -> None:
        other = [name for name, value in self._made_from(plan).items() if head.get(name) != value]
        if other:
            raise UnusableSnapshot(f"made with another {', '.join(other)}")
        if head["revision"] > revision:
            raise UnusableSnapshot(f"made of revision {head['revision']}, which is not yet: the base is at {revision}")

    def _made_from(self, plan: Plan) -> dict[str, Any]:
        return {"format": _FORMAT, "encoder": self._encoder, "faiss": VERSION, "plan": asdict(plan)}


def _head(line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line)
        if not isinstance(head, dict):
            raise TypeError("no object")
        for name in ("rows", "bytes", "made_for", "revision"):
            if not isinstance(head.get(name), int) or head[name] < 0:
                raise TypeError(f"no {name}")
    except (ValueError, TypeError, RecursionError) as error:
        raise UnusableSnapshot(f"its first line is damaged: {error}") from error
    return head
