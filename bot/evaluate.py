"""`python -m bot.evaluate`: trains the pipeline on one file, reads another, writes figures; `zhiban intents evaluate`.

The files are JSONL and have been checked by the caller; KNOWLEDGE_URL names the server that makes the vectors.
"""

import argparse
import json
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import rasa_fixes
from bot.evaluate_figures import confusions, figures


def main(arguments: Sequence[str] | None = None) -> None:
    given = _parser().parse_args(arguments)
    rasa_fixes.before_rasa()
    tell_progress()
    report = measured(given.config, given.train, given.test, given.oos)
    given.report.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")


def measured(config: Path, train: Path, test: Path, oos: Path | None) -> dict[str, Any]:
    """All figures by name, and `confusions`."""
    from bot.evaluate_pipeline import Pipeline

    learned, asked, strange = _rows(train), _rows(test), _rows(oos) if oos else []
    with tempfile.TemporaryDirectory() as folder:
        _tell(f"training on {len(learned)} texts")
        pipeline, seconds = Pipeline.trained(config, learned, Path(folder))
        _tell(f"trained in {seconds:.1f} s")
        # Timed first: the knowledge server remembers the texts that it has seen last.
        latencies = pipeline.latencies([row["text"] for row in asked], os.environ["KNOWLEDGE_URL"])
        inside = pipeline.read(asked, _tell)
        outside = pipeline.read([{"text": row["text"]} for row in strange], _tell)
    counts = {"train_rows": len(learned), "test_rows": len(asked), "oos_rows": len(strange)}
    classes = {"classes": len({row["intent"] for row in learned})}
    return {
        **figures(inside, outside),
        "train_seconds": seconds,
        **latencies,
        **counts,
        **classes,
        "confusions": confusions(inside),
    }


def tell_progress() -> None:
    """What this room says goes to standard error; the age of Rasa's libraries does not."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("bot").setLevel(logging.INFO)
    logging.captureWarnings(True)  # `-W ignore` is undone by one of them
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]


def _tell(words: str) -> None:
    logging.getLogger("bot.evaluate").info(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    for name in ("--train", "--test", "--report"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--oos", type=Path)
    return parser


if __name__ == "__main__":
    main()
