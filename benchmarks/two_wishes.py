"""Two wishes in one message: `python -m benchmarks.two_wishes [--pairs 300]`.

Held-out messages that want something done, in pairs, joined as customers join them, read by the trained model and a
real knowledge server. Prints how often both flows are found, the first begun and the second offered after it; and how
often a message with one wish is offered another. Nothing may be tuned on what this prints.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation.heldout import INTENTS, ROOT
from benchmarks.suggestion_server import suggesting_server
from bot.flows import flows
from zhiban.model import ready_made
from zhiban.settings import Settings

_BETWEEN = {"zh": ("，另外", "，还有", "，顺便", "，", "。", "\n"), "en": (" and also ", ", ", ". ", "\n")}
_RESAMPLES = 2000
_SECONDS = 900

Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=300)
    pairs = made_pairs(parser.parse_args().pairs)
    single = [{**row, "wants": [row["intent"]]} for row in _messages()]
    found = read([*pairs, *single])
    verdicts = [verdict(row["wants"], one) for row, one in zip(pairs, found, strict=False)]
    for name, marks in (("all", None), ("with a word between", ("另外", "还有", "顺便", "also"))):
        those = [
            kind for row, kind in zip(pairs, verdicts, strict=True) if not marks or any(m in row["by"] for m in marks)
        ]
        print(name, len(those), {kind: _share([one == kind for one in those]) for kind in KINDS})
    tasks = [(row, one) for row, one in zip(single, found[len(pairs) :], strict=True)]
    extra = Counter(row["intent"] in flows().by_name for row, one in tasks if one["offered"])
    print(f"one wish: {len(tasks)} messages, offered another: {sum(extra.values())}, of these {extra[True]} tasks")


KINDS = ("both", "one, other in words", "one", "none", "wrong")


def verdict(wants: Sequence[str], one: Row) -> str:
    """What became of a message with two wishes; `wrong` when a flow begins or is offered that nobody wanted."""
    got = [flow for flow in (one["begun"], one["offered"]) if flow]
    if any(flow not in wants for flow in got):
        return "wrong"
    if len(set(got)) == len(wants):
        return "both"
    if not got:
        return "none"
    return "one, other in words" if one["words"] else "one"


def made_pairs(count: int) -> list[Row]:
    """Two messages of one language with different flows, and what stands between them."""
    chance, tasks = random.Random(7), [row for row in _messages() if row["intent"] in flows().by_name]
    pairs: list[Row] = []
    while len(pairs) < count:
        first, second = chance.sample(tasks, 2)
        if first["language"] == second["language"] and first["intent"] != second["intent"]:
            between = chance.choice(_BETWEEN["en" if first["language"] == "en" else "zh"])
            text = first["text"].rstrip("。.！!，, ") + between + second["text"]
            wants = [first["intent"], second["intent"]]
            pairs.append({"text": text, "language": first["language"], "wants": wants, "by": between})
    return pairs


def read(rows: Sequence[Row]) -> list[Row]:
    """`{begun, offered, words}` of each message."""
    model = ready_made(Settings.from_environment())
    if model is None:
        raise SystemExit("no trained model: .venv/bin/zhiban train makes it")
    with tempfile.TemporaryDirectory(prefix="zbw") as folder, suggesting_server(Path(folder)) as url:
        asked, report = Path(folder) / "rows.jsonl", Path(folder) / "report.json"
        asked.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        command = [ROOT / ".venv-rasa/bin/python", "-W", "ignore", "-m", "bot.evaluate_wishes", "--model", model]
        command += ["--rows", asked, "--report", report]
        environ = {**Settings.from_environment().environ, "KNOWLEDGE_URL": url, "RASA_TELEMETRY_ENABLED": "false"}
        subprocess.run([str(part) for part in command], cwd=ROOT, env=environ, check=True, timeout=_SECONDS)
        return list(json.loads(report.read_text(encoding="utf-8")))


def _messages() -> list[Row]:
    return [json.loads(line) for line in INTENTS.read_text(encoding="utf-8").splitlines() if line.strip()]


def _share(true: Sequence[bool]) -> str:
    values = np.array(true, float)
    draws = np.random.default_rng(7).choice(values, (_RESAMPLES, len(values))).mean(axis=1)
    return f"{values.mean():.3f} [{np.percentile(draws, 2.5):.3f}-{np.percentile(draws, 97.5):.3f}]"


if __name__ == "__main__":
    main()
