"""An encoder turns texts into vectors of length one whose inner product says how alike they are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge_base.understanding import EncoderIdentity
from reading.normalisation import for_matching
from reading.script import to_simplified

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "use-multilingual-v3"
PACKAGED_E5 = "multilingual-e5-small"
BATCH = 32

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Anything that makes vectors of texts."""

    @property
    def identity(self) -> EncoderIdentity: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each text, as they are: the caller has `prepared` them."""
        ...


def prepared(text: str) -> str:
    """`text` as encoders and indexes see it: one written form, Simplified characters, lower case, no faces."""
    return to_simplified(for_matching(text))


class SentenceEncoder:
    """An encoder on a sentence-transformers model; `prompt` is put before every text, such as E5's `query: `."""

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


def load_encoder(name: str = PACKAGED, prompt: str = "") -> SentenceEncoder:
    """A packaged encoder, or any sentence-transformers model by its folder or its name on the hub.

    Runs on one thread: the server answers many short texts, and a second thread only takes time from its neighbours.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    if name == PACKAGED:
        from knowledge_base.use_multilingual import PACKAGE, USEMultilingual

        model = SentenceTransformer(modules=[USEMultilingual.from_package()], device="cpu")
        return SentenceEncoder(model, name, version(PACKAGE), prompt)
    if name == PACKAGED_E5:
        from knowledge_base.e5_small import PACKAGE as E5_PACKAGE
        from knowledge_base.e5_small import PROMPT, E5Small

        prompt = prompt or PROMPT
        model = SentenceTransformer(modules=[E5Small.from_package()], device="cpu")
        return SentenceEncoder(model, name, f"{version(E5_PACKAGE)}-{_text_print(prompt)}", prompt)
    model = SentenceTransformer(name, device="cpu")
    return SentenceEncoder(model, name, _fingerprint(model, prompt), prompt)


def _text_print(prompt: str) -> str:
    """Eight hex digits of prompt and centre, on which the vectors of E5 depend beside the package's version."""
    from knowledge_base.e5_small import CENTRE

    return hashlib.sha256(prompt.encode() + CENTRE.read_bytes()).hexdigest()[:8]


def _fingerprint(model: SentenceTransformer, prompt: str) -> str:
    """Twelve hex digits of weights and prompt, the same wherever the same model is loaded from."""
    import torch

    digest = hashlib.sha256(prompt.encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()[:12]
