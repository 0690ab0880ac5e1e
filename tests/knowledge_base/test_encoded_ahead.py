"""Shipped texts are encoded once a machine; a damaged or missing file costs time and nothing else."""

import numpy as np
import pytest

from knowledge_base import encoded_ahead
from knowledge_base.encoded_ahead import EncodedAhead, encode_ahead
from knowledge_base.encoder import prepared
from knowledge_base.search import phrasings_of
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.shop import OUT_OF_SCOPE, SHOP


class Counting(LetterEncoder):
    """Counts what it is asked to encode."""

    asked = 0

    def encode(self, texts):
        self.asked += len(texts)
        return super().encode(texts)


@pytest.fixture(autouse=True)
def shop(monkeypatch, tmp_path):
    monkeypatch.setenv("ENCODER_CACHE", str(tmp_path))
    monkeypatch.setattr(encoded_ahead, "read_articles", lambda: SHOP)
    monkeypatch.setattr(encoded_ahead, "read_out_of_scope", lambda: OUT_OF_SCOPE)
    return tmp_path


def test_every_shipped_text_is_there_and_no_other():
    encoder = LetterEncoder()
    encode_ahead(encoder)
    held = EncodedAhead(encoder.identity)
    for text in [*phrasings_of(SHOP[0]), *map(prepared, OUT_OF_SCOPE)]:
        vector = held.vector(text)
        assert vector is not None
        assert np.allclose(vector, encoder.encode([text])[0], atol=1e-3)
    assert held.vector("另一句话") is None


def test_only_what_is_new_is_encoded_again(monkeypatch):
    encoder = Counting()
    encode_ahead(encoder)
    encoder.asked = 0
    encode_ahead(encoder)
    assert encoder.asked == 0
    monkeypatch.setattr(encoded_ahead, "read_out_of_scope", lambda: [*OUT_OF_SCOPE, "新的一句"])
    encode_ahead(encoder)
    assert encoder.asked == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 100])
def test_a_damaged_file_is_as_good_as_none(shop, content):
    encoder = LetterEncoder()
    encode_ahead(encoder)
    (path,) = shop.glob("*.npz")
    path.write_bytes(content)
    assert EncodedAhead(encoder.identity).vector(OUT_OF_SCOPE[0]) is None
    encode_ahead(encoder)
    assert EncodedAhead(encoder.identity).vector(OUT_OF_SCOPE[0]) is not None
