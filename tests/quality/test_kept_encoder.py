"""Vectors are made once; a damaged file is made anew."""

import numpy as np
import pytest

from knowledge_base.understanding import EncoderIdentity
from zhiban.evaluating import kept_encoder
from zhiban.evaluating.kept_encoder import KeptEncoder


class Counting:
    identity = EncoderIdentity("counting", "1", 2)

    def __init__(self):
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        return np.array([[1, len(text)] for text in texts], np.float32)


@pytest.fixture
def encoder(monkeypatch):
    made = Counting()
    monkeypatch.setattr(kept_encoder, "load_encoder", lambda *_: made)
    return made


def test_a_second_run_encodes_nothing(encoder, tmp_path):
    first = KeptEncoder(tmp_path, "counting")
    vectors = first.encode(["一", "二二", "一"])
    first.keep()
    assert encoder.asked == ["一", "二二"]
    again = KeptEncoder(tmp_path, "counting").encode(["二二", "一"])
    assert encoder.asked == ["一", "二二"]
    assert again.tolist() == vectors[[1, 0]].tolist()


def test_a_damaged_file_is_made_anew(encoder, tmp_path):
    first = KeptEncoder(tmp_path, "counting")
    first.encode(["一"])
    first.keep()
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:40])
    assert KeptEncoder(tmp_path, "counting").encode(["一"]).tolist() == [[1, 1]]
    assert encoder.asked == ["一", "一"]


def test_of_no_texts_there_are_no_rows(encoder, tmp_path):
    assert KeptEncoder(tmp_path, "counting").encode([]).shape == (0, 2)
