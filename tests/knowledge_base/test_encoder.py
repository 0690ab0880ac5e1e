"""Any sentence-transformers model can take the packaged encoder's place."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from knowledge_base.encoder import load_encoder

WORDS = ["[UNK]", "query", "refund", "parcel", "late", "my"]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A small model saved as any other is."""
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(1).normal(size=(len(WORDS), 24)).astype(np.float32)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(
        str(tmp_path / "model")
    )
    return str(tmp_path / "model")


def test_a_model_in_a_folder_is_loaded_with_its_own_dimension(folder):
    encoder = load_encoder(folder)
    assert encoder.identity.name == folder
    assert encoder.identity.dimension == 24
    assert np.allclose(np.linalg.norm(encoder.encode(["refund", "my parcel"]), axis=1), 1, atol=1e-5)


def test_the_version_follows_weights_and_prompt_not_the_place(folder, tmp_path):
    moved = tmp_path / "elsewhere"
    Path(folder).rename(moved)
    version = load_encoder(str(moved)).identity.version
    moved.rename(folder)
    assert load_encoder(folder).identity.version == version
    assert load_encoder(folder, prompt="query: ").identity.version != version


def test_the_prompt_is_put_before_every_text(folder):
    plain, prompted = load_encoder(folder), load_encoder(folder, prompt="query ")
    assert np.allclose(prompted.encode(["refund"]), plain.encode(["query refund"]), atol=1e-6)


def test_no_texts_give_no_rows(folder):
    assert load_encoder(folder).encode([]).shape == (0, 24)
