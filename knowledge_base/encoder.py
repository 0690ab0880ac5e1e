"""An encoder turns texts into vectors of length one whose inner product says how alike they are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from knowledge_base.courtesy import without_courtesy
from knowledge_base.encoders.packaged import JOINED, PACKAGED, PARTS
from knowledge_base.local_words import in_mainland_words
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors
from reading.normalisation import for_matching
from reading.script import to_simplified

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from knowledge_base.encoders.exported import ExportedEncoder

BATCH = 32


class Encoder(Protocol):
    """Anything that makes vectors of texts."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each text, as they are: the caller has `prepared` them."""
        ...


def prepared(text: str) -> str:
    """`text` as encoders and indexes see it: one written form, Simplified, lower case, no faces, words of one place,
    without greetings and thanks around it.
    """
    return without_courtesy(in_mainland_words(to_simplified(for_matching(text))))


class SentenceEncoder:
    """A sentence-transformers model of the user's own; `prompt` is put before every text, such as E5's `query: `."""

    def __init__(self, model: SentenceTransformer, name: str, version: str, prompt: str = "") -> None:
        self._model, self._prompt = model, prompt or None
        dimension = model.get_embedding_dimension()
        if not dimension:
            raise ValueError(f"{name} does not say how long its vectors are")
        self._identity = EncoderIdentity(name, version, dimension)

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._identity.dimension), np.float32)
        vectors = self._model.encode(
            list(texts), prompt=self._prompt, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def load_encoder(name: str = JOINED, prompt: str = "") -> Encoder:
    """A packaged encoder, or any sentence-transformers model by its folder or its name on the hub.

    Runs on one thread: the server answers many short texts, and a second thread only takes time from its neighbours.
    Raises NotExported when a packaged one cannot be made ready.
    """
    if name in PARTS:
        from knowledge_base.encoders.joined import JoinedEncoder

        use, e5 = PARTS[name]
        return JoinedEncoder(name, _packaged(use), _packaged(e5))
    return _packaged(name) if name in PACKAGED else _own(name, prompt)


def _packaged(name: str) -> ExportedEncoder:
    from knowledge_base.encoders.exported import load_exported  # here: not every client of this module encodes

    return load_exported(PACKAGED[name])


def _own(name: str, prompt: str) -> SentenceEncoder:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(name, device="cpu")
    return SentenceEncoder(model, name, _fingerprint(model, prompt), prompt)


def _fingerprint(model: SentenceTransformer, prompt: str) -> str:
    """Twelve hex digits of weights and prompt, the same wherever the same model is loaded from."""
    import torch

    digest = hashlib.sha256(prompt.encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()[:12]
