"""Vectors of texts in a file of this machine: what a base too large to keep in Redis need not encode after a start."""

from __future__ import annotations

import fcntl
import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog

from knowledge_base.vectors import Halved

_KEY_BYTES, _CHECK_BYTES = 8, 4
_MOST_BYTES = 8 << 30  # then nothing more is added: what editors threw away stays in the file

_log = structlog.get_logger(__name__)


class VectorFile:
    """Records of one size, a text's key, its vector at half precision and a checksum; only ever added to.

    Several processes may share it. It is read once, so what is added is found after the next start. What is damaged
    or cut off is as if it were not there.
    """

    def __init__(self, path: Path, dimension: int) -> None:
        self._path, self._dimension = path, dimension
        self._record = _KEY_BYTES + 2 * dimension + _CHECK_BYTES
        self._records: np.ndarray | None = None
        self._keys = np.zeros(0, np.uint64)
        self._order = np.zeros(0, np.int64)

    def find(self, text: str) -> Halved | None:
        """The vector of a prepared text, None when it is not there or not whole."""
        records = self._opened()
        key = _key(text)
        place = int(np.searchsorted(self._keys, np.frombuffer(key, "<u8")[0]))
        if place >= len(self._keys) or self._keys[place] != np.frombuffer(key, "<u8")[0]:
            return None
        record = records[self._order[place]].tobytes()
        if _checksum(record[:-_CHECK_BYTES]) != record[-_CHECK_BYTES:]:
            return None
        return np.frombuffer(record, "<f2", self._dimension, _KEY_BYTES)

    def add(self, texts: Sequence[str], vectors: Halved) -> None:
        """Keep one row a text. A file that cannot be written only costs the next start its time."""
        bodies = [_key(text) + row.astype("<f2").tobytes() for text, row in zip(texts, vectors, strict=True)]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                size = file.seek(0, os.SEEK_END)
                file.truncate(size - size % self._record)  # a record that was cut off would shift all that follow
                if size < _MOST_BYTES:
                    file.write(b"".join(body + _checksum(body) for body in bodies))
        except OSError as error:
            _log.warning("vectors_not_written", cause=repr(error))

    def _opened(self) -> np.ndarray:
        if self._records is None:
            self._records = self._read()
            keys = self._records[:, :_KEY_BYTES].copy().view("<u8").ravel()
            self._order = np.argsort(keys, kind="stable")
            self._keys = keys[self._order]
        return self._records

    def _read(self) -> np.ndarray:
        """One row of bytes a record, mapped, not read."""
        try:
            count = self._path.stat().st_size // self._record
            if count:
                return np.memmap(self._path, np.uint8, "r", shape=(count, self._record))
        except OSError:
            pass
        return np.zeros((0, self._record), np.uint8)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest()


def _checksum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(_CHECK_BYTES, "little")
