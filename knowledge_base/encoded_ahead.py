"""Vectors of the shipped texts, encoded once a machine: a first start, and every test's, takes them from a file."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.encoder import Encoder, prepared
from knowledge_base.encoders.packaged import home
from knowledge_base.search import phrasings_of
from knowledge_base.shipped import read_articles, read_out_of_scope
from knowledge_base.suggesting.shipped import read_macros
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors

_KEY_BYTES = 8


class EncodedAhead:
    """What the file of one encoder holds; nothing where there is none, or it is damaged."""

    def __init__(self, identity: EncoderIdentity) -> None:
        self._rows: dict[bytes, int] = {}
        self._vectors = np.zeros((0, identity.dimension), np.float16)
        try:
            with np.load(_path(identity), allow_pickle=False) as held:
                keys, vectors = held["keys"], held["vectors"]
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
            return
        if vectors.shape == (len(keys), identity.dimension):
            self._rows = {bytes(key): row for row, key in enumerate(keys)}
            self._vectors = vectors

    def vector(self, text: str) -> Vectors | None:
        """The vector of a prepared text, None when it is not there."""
        row = self._rows.get(_key(text))
        return None if row is None else np.asarray(self._vectors[row], np.float32)


def encode_ahead(encoder: Encoder) -> None:
    """Write the file for this encoder, unless it holds all shipped texts."""
    texts = [text for article in read_articles() for text in phrasings_of(article)]
    texts += [text for macro in read_macros() for text in macro.wordings()]
    texts = list(dict.fromkeys([*texts, *map(prepared, read_out_of_scope())]))
    held = EncodedAhead(encoder.identity)
    known = [held.vector(text) for text in texts]
    if all(vector is not None for vector in known):
        return
    vectors = [
        encoder.encode([text])[0] if vector is None else vector for text, vector in zip(texts, known, strict=True)
    ]
    _write(_path(encoder.identity), texts, np.array(vectors, np.float16))


def _write(path: Path, texts: Sequence[str], vectors: np.ndarray) -> None:
    """Whole or not at all."""
    keys = np.frombuffer(b"".join(map(_key, texts)), np.uint8).reshape(-1, _KEY_BYTES)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as scratch:
        np.savez(scratch, keys=keys, vectors=vectors)
    Path(scratch.name).replace(path)


def _path(identity: EncoderIdentity) -> Path:
    version = hashlib.sha256(f"{identity.name} {identity.version}".encode()).hexdigest()[:16]
    return home() / f"shipped-{version}.npz"


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest()
