"""An encoder that keeps what it has encoded in a file, by digest: a second run loads no model at all."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge_base.encoded_ahead import EncodedAhead
from knowledge_base.encoder import Encoder, load_encoder
from knowledge_base.encoders.packaged import identity_of
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors

_KEY_BYTES = 16
_TOLD_EVERY = 500

Tell = Callable[[str, int, int], None]


class KeptEncoder:
    """Texts are encoded one at a time, as messages are: a batch gives 8-bit graphs slightly other vectors."""

    def __init__(self, folder: Path, name: str, prompt: str = "", tell: Tell = lambda *_: None) -> None:
        """Raises what `load_encoder` raises, for an encoder of the user's own at once, else when first needed."""
        self._name, self._prompt, self._tell = name, prompt, tell
        known = None if prompt else identity_of(name)
        self._encoder: Encoder | None = None if known else load_encoder(name, prompt)
        self._identity = known or self._loaded().identity
        digest = hashlib.sha256(f"{self._identity} {prompt}".encode()).hexdigest()[:16]
        self._path = folder / f"vectors-{digest}.npz"
        self._ahead = EncodedAhead(self._identity)
        self._known = _read(self._path, self._identity.dimension)
        self._fresh = False

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each prepared text."""
        missing = [text for text in dict.fromkeys(texts) if _key(text) not in self._known and not self._look(text)]
        for place, text in enumerate(missing, start=1):
            self._known[_key(text)] = self._loaded().encode([text])[0]
            self._fresh = True
            if place % _TOLD_EVERY == 0 or (place == len(missing) and place > 1):
                self._tell("encoding", place, len(missing))
        if not texts:
            return np.zeros((0, self._identity.dimension), np.float32)
        return np.stack([self._known[_key(text)] for text in texts])

    def keep(self) -> None:
        """Write what is new, whole or not at all."""
        if not self._fresh:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(self._known), np.uint8).reshape(-1, _KEY_BYTES)
        with tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".npz", delete=False) as scratch:
            np.savez(scratch, keys=keys, vectors=np.stack(list(self._known.values())))
        Path(scratch.name).replace(self._path)
        self._fresh = False

    def _look(self, text: str) -> bool:
        """Shipped texts as the server has them: in half precision."""
        vector = self._ahead.vector(text)
        if vector is not None:
            self._known[_key(text)] = vector / max(float(np.linalg.norm(vector)), 1e-9)
        return vector is not None

    def _loaded(self) -> Encoder:
        if self._encoder is None:
            self._encoder = load_encoder(self._name, self._prompt)
        return self._encoder


def _read(path: Path, dimension: int) -> dict[bytes, Vectors]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            keys, vectors = held["keys"], held["vectors"]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        return {}
    if vectors.shape != (len(keys), dimension):
        return {}
    return {bytes(key): vector for key, vector in zip(keys, vectors, strict=True)}


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_KEY_BYTES).digest()
