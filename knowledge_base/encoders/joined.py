"""Encoders joined: their vectors side by side in one, so that its likeness is a weighted mean of theirs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge_base.encoders.exported import ExportedEncoder
from knowledge_base.encoders.packaged import E5_SHARE, joined_identity
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors


class JoinedEncoder:
    """The Universal Sentence Encoder and multilingual-e5-small in one vector of length one."""

    def __init__(self, name: str, use: ExportedEncoder, e5: ExportedEncoder) -> None:
        self._use, self._e5 = use, e5
        self._identity = joined_identity(name, [use.identity, e5.identity])

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        parts = (1 - E5_SHARE) ** 0.5 * self._use.encode(texts), E5_SHARE**0.5 * self._e5.encode(texts)
        return np.concatenate(parts, axis=1).astype(np.float32)
