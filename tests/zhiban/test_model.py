"""A model that is there is found without a server, and only the one of these sources and this encoder."""

import os

from bot.fingerprint import fingerprint
from knowledge_base.encoders.packaged import JOINED, USE, identity_of
from zhiban.model import ready_made
from zhiban.settings import ROOT, Settings


def test_the_model_of_the_packaged_encoder_is_known_before_anything_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(Settings, "models", property(lambda _: tmp_path))
    settings = Settings.from_environment({}, ROOT)
    assert ready_made(settings) is None
    path = tmp_path / f"{fingerprint(ROOT, identity_of(JOINED))}.tar.gz"
    path.write_bytes(b"")
    os.utime(path, (0, 0))
    assert ready_made(settings) == path
    assert path.stat().st_mtime > 0  # in use: not the first to go when models are many
    assert ready_made(Settings.from_environment({"ENCODER": USE}, ROOT)) is None
    assert ready_made(Settings.from_environment({"ENCODER": "a/model"}, ROOT)) is None
    elsewhere = Settings.from_environment({"KNOWLEDGE_URL": "http://127.0.0.1:1"}, ROOT)
    assert ready_made(elsewhere) is None
