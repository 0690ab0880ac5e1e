"""A SentencePiece unigram model file read into a fast tokenizer, without the sentencepiece library."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

_PIECES, _NORMALIZER = 1, 3  # fields of ModelProto
_PIECE_TEXT, _PIECE_SCORE = 1, 2  # fields of SentencePiece
_CHARSMAP = 2  # field of NormalizerSpec
_VARINT, _EIGHT_BYTES, _LENGTH_DELIMITED, _FOUR_BYTES = 0, 1, 2, 5
_UNKNOWN, _BEGIN, _END = 0, 1, 2  # ids of <unk>, <s>, </s> in models trained with the defaults


def read_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of the model at `path`, with <s> and </s> around every text."""
    fields = list(_fields(path.read_bytes()))
    pieces = [_piece(data) for number, data in fields if number == _PIECES]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=_UNKNOWN))
    steps = [normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
    for number, data in fields:
        if number == _NORMALIZER:
            steps = [normalizers.Precompiled(m) for n, m in _fields(data) if n == _CHARSMAP and m] + steps
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", _BEGIN), ("</s>", _END)]
    )
    return tokenizer


def _piece(data: bytes) -> tuple[str, float]:
    text, score = "", 0.0
    for number, value in _fields(data):
        if number == _PIECE_TEXT:
            text = value.decode()
        elif number == _PIECE_SCORE:
            (score,) = struct.unpack("<f", value)
    return text, score


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and raw value of each field of a protobuf message; varints, which nothing here needs, come out empty."""
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            _, position = _varint(data, position)
            yield number, b""
            continue
        if wire == _LENGTH_DELIMITED:
            length, position = _varint(data, position)
        elif wire in (_EIGHT_BYTES, _FOUR_BYTES):
            length = 8 if wire == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"not a SentencePiece model: wire type {wire}")
        yield number, data[position : position + length]
        position += length


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if byte < 0x80:
            return value, position
