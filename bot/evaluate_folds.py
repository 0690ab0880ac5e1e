"""`python -m bot.evaluate_folds`: the bot's own examples in folds, each read by a model that has not seen it.

KNOWLEDGE_URL names the server that makes the vectors, and `--config` another pipeline.
"""

import argparse
import json
import logging
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot import rasa_fixes
from bot.evaluate import tell_progress
from bot.evaluate_figures import Read, confusions, figures, macro_f1

_FOLDS, _DRAWS = 5, 1000


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate_folds", description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--nlu", type=Path, default=Path("bot/nlu"))
    parser.add_argument("--report", type=Path, required=True)
    given = parser.parse_args(arguments)
    rasa_fixes.before_rasa()
    tell_progress()
    report = measured(given.config, own_examples(given.nlu), logging.getLogger("bot.evaluate").info)
    given.report.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")


def measured(config: Path, rows: Sequence[dict[str, Any]], tell: Callable[[str], None]) -> dict[str, Any]:
    """Figures over all folds, with 95 % intervals, and the worst confusions."""
    from bot.evaluate_pipeline import Pipeline

    read, seconds = list[Read](), list[float]()
    for held_out in folds([row["intent"] for row in rows]):
        away = set(held_out)
        with tempfile.TemporaryDirectory() as folder:
            rest = [row for place, row in enumerate(rows) if place not in away]
            pipeline, took = Pipeline.trained(config, rest, Path(folder))
            seconds.append(took)
            read += pipeline.read([rows[place] for place in held_out], tell)
    return {
        **figures(read, []),
        "intervals": intervals(read),
        "train_seconds": float(np.median(seconds)),
        "rows": len(rows),
        "confusions": confusions(read),
    }


def folds(labels: Sequence[str]) -> list[list[int]]:
    """Places of each fold; every label is spread evenly over them."""
    by_label = defaultdict(list)
    for place, label in enumerate(labels):
        by_label[label].append(place)
    found: list[list[int]] = [[] for _ in range(_FOLDS)]
    shuffled = random.Random(0)  # noqa: S311 - the same folds each time
    for number, places in enumerate(by_label.values()):
        shuffled.shuffle(places)
        for turn, place in enumerate(places, start=number):
            found[turn % _FOLDS].append(place)
    return found


def intervals(read: Sequence[Read]) -> dict[str, list[float]]:
    """95 % intervals by drawing as many texts again, with repetition."""
    chance = np.random.default_rng(0)
    right, guessed = np.array([one.right for one in read]), np.array([one.guessed for one in read])
    hits, f1 = list[float](), list[float]()
    for _ in range(_DRAWS):
        drawn = chance.integers(0, len(read), len(read))
        hits.append(float((right[drawn] == guessed[drawn]).mean()))
        f1.append(macro_f1(right[drawn].tolist(), guessed[drawn].tolist()))
    return {name: np.quantile(of, (0.025, 0.975)).tolist() for name, of in (("accuracy", hits), ("macro_f1", f1))}


def own_examples(nlu: Path) -> list[dict[str, Any]]:
    """{text, intent} of every example, as Rasa reads them."""
    from rasa.shared.importers.utils import training_data_from_paths

    data = training_data_from_paths([str(path) for path in sorted(nlu.glob("*.yml"))], "zh")
    return [{"text": one.get("text"), "intent": one.get("intent")} for one in data.intent_examples]


if __name__ == "__main__":
    main()
