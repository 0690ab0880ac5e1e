"""The packaged encoders run as exported graphs that say what their modules say, need no network and take no company."""

import json
import socket
import subprocess
import sys

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from knowledge_base.encoder import load_encoder
from knowledge_base.encoders.e5_small import E5Small
from knowledge_base.encoders.exported import NotExported, load_exported
from knowledge_base.encoders.packaged import (
    ABOUT,
    E5,
    E5_EXACT,
    E5_SHARE,
    JOINED,
    JOINED_EXACT,
    PACKAGED,
    USE,
    identity_of,
)
from knowledge_base.encoders.use_multilingual import USEMultilingual
from knowledge_base.settings import BadSetting, Settings

TEXTS = ["我的快递三天没动了,能退款吗", "how do i return a jacket", "。", "", "长" * 600, "qh20260412345 到哪了"]


@pytest.mark.parametrize(
    ("name", "module", "least"), [(USE, USEMultilingual, 0.9999), (E5, E5Small, 0.94), (E5_EXACT, E5Small, 0.9999)]
)
def test_a_graph_gives_the_vectors_of_its_module(name, module, least):
    model = SentenceTransformer(modules=[module.from_package()], device="cpu")
    true = model.encode(TEXTS, prompt=PACKAGED[name].prompt or None, normalize_embeddings=True)
    cosines = (load_encoder(name).encode(TEXTS) * true).sum(axis=1)
    assert cosines.min() > least


def test_the_joined_likeness_is_the_weighted_mean_of_both(encoder):
    use, e5 = load_encoder(USE).encode(TEXTS), load_encoder(E5).encode(TEXTS)
    joined = encoder.encode(TEXTS)
    assert encoder.identity.name == JOINED
    assert np.allclose(joined @ joined.T, (1 - E5_SHARE) * use @ use.T + E5_SHARE * e5 @ e5.T, atol=1e-4)
    assert np.allclose(np.linalg.norm(joined, axis=1), 1, atol=1e-4)


def test_a_text_has_the_same_vector_alone_and_in_company(encoder):
    together, alone = encoder.encode(TEXTS), np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert (together == alone).all()


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode([]).shape == (0, encoder.identity.dimension)


@pytest.mark.parametrize("name", [USE, E5, JOINED, JOINED_EXACT])
def test_its_name_is_known_before_it_is_loaded(name):
    assert identity_of(name) == load_encoder(name).identity


def test_one_that_was_never_exported_is_exported_first(monkeypatch, tmp_path):
    monkeypatch.setenv("ENCODER_CACHE", str(tmp_path))
    assert identity_of(USE) is None
    assert identity_of(JOINED) is None
    assert load_exported(PACKAGED[USE]).encode(["你好"]).shape == (1, 512)
    about = PACKAGED[USE].folder / ABOUT
    assert json.loads(about.read_text())["likeness"] > 0.9999
    about.write_text("{")  # damaged: made again
    assert load_exported(PACKAGED[USE]).identity.dimension == 512
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == [about.parent.name]


def test_a_folder_that_cannot_be_written_is_said_in_one_line(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ENCODER_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(NotExported, match=r"^use-multilingual-v3 could not be exported: [^\n]+$"):
        load_exported(PACKAGED[USE])


def test_loading_and_encoding_open_no_connection(monkeypatch):
    def refuse(*_):
        raise AssertionError("a packaged encoder must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_encoder(JOINED).encode(["你好"]).shape == (1, 896)


def test_serving_a_packaged_encoder_loads_neither_torch_nor_transformers():
    code = "import sys; from knowledge_base.encoder import load_encoder; load_encoder(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "transformers", "sentence_transformers"} & set(loaded)


@pytest.mark.parametrize("name", [USE, E5, JOINED, ""])
def test_a_prompt_is_for_models_of_ones_own(name):
    with pytest.raises(BadSetting, match="ENCODER_PROMPT"):
        Settings.from_environment({"ENCODER": name, "ENCODER_PROMPT": "query: "})
