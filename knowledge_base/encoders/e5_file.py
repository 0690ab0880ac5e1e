"""The package's file of multilingual-e5-small: sizes, vocabulary and weights of four bits, little-endian throughout.

    "E5S1", u32 version, i32: width, layers, heads, inner width, vocabulary, positions, types; f32 eps; i32 block
    i32: pieces, <s>, </s>, <pad>, <unk>; u64 bytes of text; u32 offsets[pieces + 1]; f32 scores[pieces]; text
    i32 normalisation rules, u32 their bytes; the rules (NFKC, which we have)
    i32 arrays, each: u16 length of name, name, u8 type, u32 count, u64 offset, u64 bytes
An array is float32, or blocks of 18 bytes for 32 weights: half-precision scale, then 16 bytes whose low halves are the
first sixteen weights and whose high halves the others, each (half - 8) * scale.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np

from knowledge_base.vectors import Vectors

_MAGIC = b"E5S1"
_BLOCK, _BLOCK_BYTES, _MIDDLE = 32, 18, 8


class E5File:
    """What the file holds; its arrays are read when asked for."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._position = 4
        if self._data[:4] != _MAGIC:
            raise ValueError(f"{path.name} is no file of this encoder")
        self._take("<I")
        (self.width, self.layers, self.heads, self.inner, self.vocabulary, self.positions, self.types) = self._take(
            "<7i"
        )
        _, _ = self._take("<fi")  # the model's own eps is 1e-12; the file's is the engine's
        self.eps = 1e-12
        self.pieces = self._pieces()
        _, skipped = self._take("<iI")
        self._position += skipped
        self._arrays = dict(self._entry() for _ in range(self._take("<i")[0]))

    def array(self, name: str, shape: tuple[int, ...]) -> Vectors:
        """One array as float32."""
        offset, size = self._arrays[name]
        total = math.prod(shape)
        if size == total * 4:
            return np.frombuffer(self._data, "<f4", total, offset).reshape(shape).astype(np.float32)
        if size != total // _BLOCK * _BLOCK_BYTES:
            raise ValueError(f"{name} has {size} bytes, which fit no array of {shape}")
        blocks = np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - _MIDDLE
        weights: Vectors = (halves * scales).reshape(shape)
        return weights

    def _pieces(self) -> list[tuple[str, float]]:
        count, self.begin, self.end, self.padding, self.unknown = self._take("<5i")
        (size,) = self._take("<Q")
        offsets, scores = self._take(f"<{count + 1}I"), self._take(f"<{count}f")
        text = self._data[self._position : self._position + size]
        self._position += size
        return [(text[offsets[n] : offsets[n + 1]].decode(), scores[n]) for n in range(count)]

    def _entry(self) -> tuple[str, tuple[int, int]]:
        (length,) = self._take("<H")
        name = self._data[self._position : self._position + length].decode()
        self._position += length
        _, _, offset, size = self._take("<BIQQ")
        return name, (offset, size)

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._position)
        self._position += struct.calcsize(layout)
        return values
