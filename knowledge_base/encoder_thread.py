"""The one thread on which encoding and searching happen, away from the event loop."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from knowledge_base.encoder import BATCH, Encoder, prepared
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors

RECENT = 2048  # texts whose vectors are kept: 4 MB at 512 dimensions
MOST_WAITING = 64

_Result = TypeVar("_Result")


class TooBusy(Exception):
    """Raised when so much is waiting that the answer would come too late to be of use."""

    code = "too_busy"


class EncoderThread:
    """An encoder with its thread and the vectors of recent texts."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="encoder")
        self._waiting = 0

    @property
    def identity(self) -> EncoderIdentity:
        return self._encoder.identity

    @property
    def encoder(self) -> Encoder:
        """The encoder itself; to be used on this thread only."""
        return self._encoder

    async def run(self, task: Callable[[], _Result], patient: bool = False) -> _Result:
        """`task()` on the thread, in order of arrival; raises TooBusy unless `patient`."""
        if self._waiting >= MOST_WAITING and not patient:
            raise TooBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, task)
        finally:
            self._waiting -= 1

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, prepared first; in small batches, so that other tasks get their turn between them."""
        parts = [np.zeros((0, self.identity.dimension), np.float32)]
        for start in range(0, len(texts), BATCH):
            batch = [prepared(text) for text in texts[start : start + BATCH]]
            parts.append(await self.run(lambda batch=batch: self._encoder.encode(batch), patient=True))  # type: ignore[misc]
        return np.concatenate(parts)

    def vector(self, text: str) -> Vectors:
        """The vector of one prepared text, kept for the next time; to be called on the thread."""
        known = self._recent.get(text)
        if known is None:
            known = self._encoder.encode([text])[0]
            self._recent[text] = known
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        else:
            self._recent.move_to_end(text)
        return known

    def close(self) -> None:
        """Let the task at hand finish and drop the rest."""
        self._executor.shutdown(wait=True, cancel_futures=True)
