"""A reranker reads a question together with each article, and says how well they fit."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from knowledge_base.article import ENGLISH, SIMPLIFIED, Article

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Passages = Mapping[str, Mapping[str, str]]  # by article, then by language (`zh-Hans`, `en`)

_LONGEST_PASSAGE = 120  # characters: question and first sentence; cost grows with the length
_LONGEST_PAIR = 256  # tokens


class BadReranker(Exception):
    """Raised for a model that cannot be loaded as a cross-encoder with one score a pair; says what would be right."""

    code = "bad_reranker"


class Reranker(Protocol):
    """Anything that scores a question against passages."""

    @property
    def identity(self) -> str:
        """Name and version: what was fitted for one is not used with another."""
        ...

    def scores(self, text: str, passages: Sequence[str]) -> list[float]:
        """One number a passage, in log-odds or the like: the higher, the better it answers the `prepared` text."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder; may be used by several threads, one after the other."""

    def __init__(self, model: CrossEncoder, name: str) -> None:
        from torch.nn import Identity

        self._model, self._logits = model, Identity()
        self._identity = f"{name}:{_fingerprint(model)}"
        self._lock = threading.Lock()  # its tokenizer can be borrowed by one thread at a time

    @property
    def identity(self) -> str:
        return self._identity

    def scores(self, text: str, passages: Sequence[str]) -> list[float]:
        if not passages:
            return []
        pairs = [(text, passage) for passage in passages]
        with self._lock:
            # Raw: what a sigmoid has pressed against 1 tells no article from the other.
            found = self._model.predict(pairs, activation_fn=self._logits, show_progress_bar=False)
        return [float(score) for score in found]


def load_reranker(name: str) -> CrossEncoderReranker:
    """The cross-encoder in a folder or under a name of a hub, on one thread. Raises BadReranker.

    A model with classes of its own is not loaded: `trust_remote_code` stays off.
    """
    import torch
    from sentence_transformers import CrossEncoder

    torch.set_num_threads(1)
    try:
        model = CrossEncoder(name, device="cpu", max_length=_LONGEST_PAIR)
    except Exception as error:
        raise BadReranker(f"RERANKER={name!r} cannot be loaded ({type(error).__name__}): {error}") from error
    if model.num_labels != 1:
        raise BadReranker(f"RERANKER={name!r} gives {model.num_labels} scores a pair: expected a model that gives one")
    return CrossEncoderReranker(model, name)


def passages_of(article: Article) -> dict[str, str]:
    """What a reranker reads of an article, by the language of the question."""
    return {language: passage_of(article, language) for language in (SIMPLIFIED, ENGLISH)}


def passage_of(article: Article, language: str) -> str:
    """Question and answer, in Simplified for all Chinese: so are the texts that are asked."""
    shown = article.render(ENGLISH if language == ENGLISH else SIMPLIFIED, 0)
    return f"{shown.question}\n{shown.answer}"[:_LONGEST_PASSAGE]


def _fingerprint(model: CrossEncoder) -> str:
    """Twelve hex digits of the weights, the same wherever the same model is loaded from."""
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()[:12]
