"""Rasa's own check of the rules: it passes on our stories, and fails on a broken one."""

import os
import subprocess
import sys
from pathlib import Path

from tests.dialogue.processes import ROOT

STORIES = ROOT / "tests/dialogue/stories/flows.yml"


def rasa_test_core(model: Path, stories: Path, out: Path) -> "subprocess.CompletedProcess[bytes]":
    # Without --fail-on-prediction-errors, failed stories are a success for Rasa.
    options = ["--fail-on-prediction-errors", "--endpoints", "endpoints.yml", "--out", str(out)]
    command = [sys.executable, "-m", "bot.launch", "test", "core", "-m", str(model), "-s", str(stories), *options]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, timeout=180, check=False)


def test_the_rules_lead_where_the_stories_say(model_path: Path, tmp_path: Path) -> None:
    done = rasa_test_core(model_path, STORIES, tmp_path)
    assert done.returncode == 0, done.stdout.decode()[-1500:] + done.stderr.decode()[-1500:]


def test_a_broken_story_fails(model_path: Path, tmp_path: Path) -> None:
    text, right = STORIES.read_text(encoding="utf-8"), "- action: action_return_goods"
    assert right in text
    broken = tmp_path / "broken.yml"
    broken.write_text(text.replace(right, "- action: action_cancel_order"), encoding="utf-8")
    assert rasa_test_core(model_path, broken, tmp_path / "out").returncode != 0
