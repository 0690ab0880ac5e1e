"""A packaged encoder as its exported graph: a tokenizer and onnxruntime, ready in a second and a few ms a text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge_base.encoders.packaged import GRAPH, TOKENIZER, Packaged
from knowledge_base.understanding import EncoderIdentity
from knowledge_base.vectors import Vectors


class NotExported(Exception):
    """Raised when a packaged encoder's graph could not be made."""

    code = "encoder_not_exported"


class ExportedEncoder:
    """Texts to vectors of length one on one thread, each text by itself: company changes no vector."""

    def __init__(self, packaged: Packaged) -> None:
        identity = packaged.identity()
        if identity is None:
            raise NotExported(f"{packaged.name} has not been exported")
        self._identity, self._prompt = identity, packaged.prompt
        self._tokenizer = Tokenizer.from_file(str(packaged.folder / TOKENIZER))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = str(packaged.folder / GRAPH)
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    @property
    def identity(self) -> EncoderIdentity:
        return self._identity

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._identity.dimension), np.float32)
        return np.stack([self._encoded(self._prompt + text) for text in texts])

    def _encoded(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        outputs = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        vector: Vectors = np.asarray(outputs[0], np.float32)[0]
        return vector


def load_exported(packaged: Packaged) -> ExportedEncoder:
    """The encoder, exported first where it never was; raises NotExported with the reason."""
    if packaged.identity() is None:
        # In a process of its own: exporting needs torch and 2 GB, serving neither.
        command = [sys.executable, "-m", "knowledge_base.encoders.export", packaged.name]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            raise NotExported(f"{packaged.name} could not be exported: {lines[-1]}")
    return ExportedEncoder(packaged)
