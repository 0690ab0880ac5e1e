"""Which way messages go: the arbiter's verdicts, by the trained model and a real knowledge server."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.evaluation.heldout import ROOT, ROUTING
from benchmarks.suggestion_server import suggesting_server
from zhiban.evaluating.figures import Figure, mean, of_rows
from zhiban.evaluating.report import Section, Table
from zhiban.model import ready_made
from zhiban.settings import Settings

NAME = "routing"
_SECONDS = 900
_COSTLY, _COST = ("person", "complaint"), 5
_MOST = 12
_TEXT = (
    "The odd rows; the even ones are there to tune on. Cost: a missed person or complaint counts five, every other "
    "wrong way one. Labels within flows are stricter than the conversation (docs/understanding.md)."
)

Row = dict[str, Any]


class NoModel(Exception):
    """Raised when there is no trained model of the sources as they are."""


def rows() -> list[Row]:
    """`{wanted, found, form, language}` of each message. Raises NoModel."""
    model = ready_made(Settings.from_environment())
    if model is None:
        raise NoModel("no trained model: .venv/bin/zhiban train makes it")
    with tempfile.TemporaryDirectory(prefix="zbr") as folder, suggesting_server(Path(folder)) as url:
        report = Path(folder) / "routes.json"
        command = [ROOT / ".venv-rasa/bin/python", "-W", "ignore", "-m", "bot.evaluate_routes", "--model", model]
        command += ["--rows", ROUTING, "--half", "1", "--report", report]
        environ = {**Settings.from_environment().environ, "KNOWLEDGE_URL": url, "RASA_TELEMETRY_ENABLED": "false"}
        done = subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=_SECONDS
        )
        if done.returncode:
            raise NoModel(f"bot.evaluate_routes failed: {done.stderr[-500:]}")
        return list(json.loads(report.read_text(encoding="utf-8")))


def figures(found: Sequence[Row]) -> dict[str, Figure]:
    """Right ways, missed persons and complaints, cost a hundred messages."""
    costly = [one for one in found if one["wanted"] in _COSTLY]
    return {
        "right": mean([_right(one) for one in found]),
        "persons and complaints missed": mean([1 - _right(one) for one in costly]),
        "cost of a hundred": of_rows(
            lambda places: float(100 * sum(_cost(found[at]) for at in places) / len(places)), len(found)
        ),
    }


def section(found: Sequence[Row], command: str) -> Section:
    parts = {
        "outside flows": [one for one in found if not one["form"]],
        "within flows": [one for one in found if one["form"]],
    }
    parts |= {
        f"language {name}": [one for one in found if one["language"] == name]
        for name in sorted({one["language"] for one in found})
    }
    head = ["messages", "number", *figures(found)]
    lines = [[name, str(len(those)), *map(str, figures(those).values())] for name, those in parts.items()]
    ways = [
        [way, str(len(those)), str(mean([_right(one) for one in those])), _instead(those)]
        for way in sorted({one["wanted"] for one in found})
        for those in [[one for one in found if one["wanted"] == way]]
    ]
    tables = [Table(head, lines), Table(["way", "messages", "right", "otherwise"], ways, "Each way")]
    return Section("Routing", _TEXT, tables, (), command)


def _right(one: Row) -> float:
    return float(one["wanted"] == one["found"])


def _cost(one: Row) -> float:
    return 0.0 if _right(one) else float(_COST if one["wanted"] in _COSTLY else 1)


def _instead(those: Sequence[Row]) -> str:
    others = Counter(one["found"] for one in those if not _right(one))
    return ", ".join(f"{name} {count}" for name, count in others.most_common(_MOST))
