"""The peer's models: trained once for each state of articles, examples and configuration, then found in the cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.started import end_with_parent
from benchmarks.stock_rasa.environment import environment
from benchmarks.stock_rasa.project import make_project
from knowledge_base.article import Article

MODEL = Path("models") / "model.tar.gz"
_TRAIN_SECONDS = 3600
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "TQDM_DISABLE": "1"}


class TrainingFailed(Exception):
    """Raised with the end of what Rasa said."""


@dataclass(frozen=True)
class Trained:
    """A project with its model; `seconds` is what the training took, when and however busy the machine was."""

    folder: Path
    seconds: float

    @property
    def model(self) -> Path:
        return self.folder / MODEL


def trained(
    kind: str, articles: Sequence[Article], cache: Path, nice: int = 10, like: Trained | None = None
) -> Trained:
    """From the cache, or trained now, with what Rasa itself remembers of `like`. Raises TrainingFailed."""
    project = make_project(kind, articles)
    folder = cache / f"stock-{kind}-{project.digest()}"
    note = folder / "trained.json"
    if not note.exists():
        project.write(folder)
        if like is not None:
            shutil.copytree(like.folder / ".rasa", folder / ".rasa", dirs_exist_ok=True)
        note.write_text(json.dumps({"seconds": round(train(folder, nice), 1), "nice": nice}))
    return Trained(folder, json.loads(note.read_text())["seconds"])


def train(folder: Path, nice: int = 0) -> float:
    """Run `rasa train` there; the seconds it took. Raises TrainingFailed."""
    begun = time.monotonic()
    command = [environment(), "-m", "rasa", "train", "--fixed-model-name", MODEL.name.removesuffix(".tar.gz")]
    # Stories as they are: put together at random, an epoch of TED took four minutes.
    command += ["--augmentation", "0"]
    with (folder / "train.log").open("wb") as log:
        done = subprocess.run(
            ["nice", "-n", str(nice), *map(str, command)],
            cwd=folder,
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=end_with_parent,
            timeout=_TRAIN_SECONDS,
        )
    if done.returncode or not (folder / MODEL).exists():
        raise TrainingFailed((folder / "train.log").read_text(errors="replace")[-2000:])
    return time.monotonic() - begun
