"""The vectors of phrasings, encoded once and kept in the store, so that a start takes them instead of encoding all."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Sequence

import numpy as np

from knowledge_base.classifier import key_of
from knowledge_base.encoded_ahead import EncodedAhead
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.retriever import Edition
from knowledge_base.search import Entry, entry_of, texts_of
from knowledge_base.store import ArticleStore
from knowledge_base.vector_file import VectorFile
from knowledge_base.vectors import Halved, Vectors

_AT_ONCE = 32  # articles
_OUT_OF_SCOPE = ":out-of-scope"  # no id of an article begins so
_MOST = 50_000  # phrasings kept: 70 MB in Redis at 512 dimensions


class KeptVectors:
    """Entries with their vectors, from the store where they are kept."""

    def __init__(self, store: ArticleStore, thread: EncoderThread, file: VectorFile | None = None) -> None:
        """`file` keeps what is too much for the store."""
        self._store, self._thread, self._file = store, thread, file
        self._encoder = "{name}:{version}:{dimension}".format(**thread.identity.as_json())
        self._ahead = EncodedAhead(thread.identity)
        self._done = self._wanted = self._phrasings = 0

    @property
    def progress(self) -> str:
        """How far the taking in of articles is, in words."""
        return f"The knowledge server has indexed {self._done} of {self._wanted} articles"

    async def entries(self, editions: Sequence[Edition]) -> AsyncIterator[tuple[Edition, Entry]]:
        """Each edition with its entry; what had to be encoded is kept from then on."""
        self._done, self._wanted = 0, len(editions)
        for start in range(0, len(editions), _AT_ONCE):
            batch = editions[start : start + _AT_ONCE]
            texts = [(edition.article.id, texts_of(edition.article)) for edition in batch]
            for edition, vectors in zip(batch, await self._vectors(texts), strict=True):
                yield edition, entry_of(edition.article, vectors)
            self._done += len(batch)

    async def of(self, asked: Sequence[tuple[str, tuple[str, ...]]]) -> list[Vectors]:
        """The vectors of each name's texts; no id of an article begins with a colon, as other names should."""
        return await self._vectors(asked) if asked else []

    async def forget(self, names: Sequence[str]) -> None:
        """Keep them no longer."""
        await self._store.forget_vectors(self._encoder, names)

    async def of_texts(self, texts: Sequence[str]) -> list[tuple[str, Vectors]]:
        """The out-of-scope texts with their vectors."""
        (vectors,) = await self._vectors([(_OUT_OF_SCOPE, tuple(texts))])
        return list(zip(texts, vectors, strict=True))

    async def _vectors(self, asked: Sequence[tuple[str, tuple[str, ...]]]) -> list[Vectors]:
        held = await self._store.vectors(self._encoder, [name for name, _ in asked])
        found, new = [], dict[str, str]()
        fresh: list[tuple[tuple[str, ...], Halved]] = []
        for (name, texts), packed in zip(asked, held, strict=True):
            vectors = self._unpacked(packed, name, texts)
            if vectors is None:
                halved = (await self._encoded(texts)).astype(np.float16)
                vectors = _unit(halved.astype(np.float32))  # as they come back, so that every process sees the same
                new[name] = f"{key_of(name, texts)} {base64.b64encode(halved.astype('<f2').tobytes()).decode()}"
                fresh.append((texts, halved))
            self._phrasings += len(texts)
            found.append(vectors)
        if self._phrasings <= _MOST:
            await self._store.keep_vectors(self._encoder, new)
        elif self._file and fresh:
            await asyncio.to_thread(self._keep_in, self._file, fresh)
        return found

    def _keep_in(self, file: VectorFile, fresh: Sequence[tuple[tuple[str, ...], Halved]]) -> None:
        for texts, halved in fresh:
            new = [place for place, text in enumerate(texts) if file.find(text) is None]
            if new:
                file.add([texts[place] for place in new], halved[new])

    async def _encoded(self, texts: Sequence[str]) -> Vectors:
        ahead = [self._known(text) for text in texts]
        wanted = [text for text, vector in zip(texts, ahead, strict=True) if vector is None]
        fresh = iter(await self._thread.vectors(wanted))
        empty = np.zeros((0, self._thread.identity.dimension), np.float32)
        return np.concatenate([empty, *((next(fresh) if vector is None else vector)[None] for vector in ahead)])

    def _known(self, text: str) -> Vectors | None:
        vector = self._ahead.vector(text)
        if vector is None and self._file is not None and (kept := self._file.find(text)) is not None:
            return kept.astype(np.float32)
        return vector

    def _unpacked(self, packed: str | None, name: str, texts: Sequence[str]) -> Vectors | None:
        key, _, data = (packed or "").rpartition(" ")
        if key != key_of(name, texts):
            return None
        try:
            raw = np.frombuffer(base64.b64decode(data, validate=True), "<f2").astype(np.float32)
            return _unit(raw.reshape(len(texts), self._thread.identity.dimension))
        except (ValueError, binascii.Error):
            return None


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit
