"""A model is trained again when, and only when, what it is made from has changed."""

from pathlib import Path

import pytest

from bot.fingerprint import fingerprint
from knowledge_base.client import EncoderIdentity

ENCODER = EncoderIdentity("use", "1", 512)
FILES = {
    "config.yml": "pipeline: []",
    "requirements/rasa.lock": "rasa==3.6.21",
    "bot/nlu/greet.yml": "nlu: []",
    "bot/rules/flows.yml": "rules: []",
    "bot/domain/intents.yml": "intents: []",
    "bot/components/segmenter.py": "pass",
    "bot/guess.py": "pass",
    "bot/lens.py": "pass",
    "bot/nearness.py": "pass",
    "bot/ngrams.py": "pass",
    "bot/probabilities.py": "pass",
    "bot/segmenting.py": "pass",
    "bot/simplified.py": "pass",
    "bot/simplified.txt": "發发",
    "bot/unseen.py": "pass",
    "bot/vectors.py": "pass",
    "reading/normalisation.py": "pass",
    "bot/channel.py": "pass",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@pytest.mark.parametrize("name", [name for name in FILES if name != "bot/channel.py"])
def test_every_source_of_the_model_counts(root: Path, name: str) -> None:
    before = fingerprint(root, ENCODER)
    (root / name).write_text(FILES[name] + " ")
    assert fingerprint(root, ENCODER) != before


@pytest.mark.parametrize(
    "encoder", [EncoderIdentity("e5", "1", 512), EncoderIdentity("use", "2", 512), EncoderIdentity("use", "1", 384)]
)
def test_every_part_of_the_encoder_counts(root: Path, encoder: EncoderIdentity) -> None:
    assert fingerprint(root, encoder) != fingerprint(root, ENCODER)


def test_a_new_or_renamed_file_counts(root: Path) -> None:
    before = fingerprint(root, ENCODER)
    (root / "bot/nlu/greet.yml").rename(root / "bot/nlu/hello.yml")
    assert fingerprint(root, ENCODER) != before


def test_what_only_runs_does_not_count(root: Path) -> None:
    before = fingerprint(root, ENCODER)
    (root / "bot/channel.py").write_text("changed")
    (root / "bot/nlu/notes.txt").write_text("notes")
    assert fingerprint(root, ENCODER) == before


def test_place_and_line_ends_do_not_count(root: Path, tmp_path: Path) -> None:
    before = fingerprint(root, ENCODER)
    (root / "config.yml").write_bytes(b"pipeline: []\r\n")
    with_windows = fingerprint(root, ENCODER)
    (root / "config.yml").write_bytes(b"pipeline: []\n")
    assert fingerprint(root, ENCODER) == with_windows != before


def test_an_encoder_may_be_a_mapping(root: Path) -> None:
    assert fingerprint(root, ENCODER.as_json()) == fingerprint(root, ENCODER)


def test_no_lock_yet_is_no_obstacle(root: Path) -> None:
    (root / "requirements/rasa.lock").unlink()
    assert len(fingerprint(root, ENCODER)) == 20
