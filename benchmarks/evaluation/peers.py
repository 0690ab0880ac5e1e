"""Stock Rasa on the same texts: DIET for intents, DIET and ResponseSelector for articles; trained once, then cached.

Training takes up to an hour each on two cores; `.venv-rasa-full` is made when it is not there (2.7 GB).
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.evaluation.heldout import ROOT
from benchmarks.stock_rasa.environment import NoEnvironment, environment
from benchmarks.stock_rasa.training import MODEL, QUIET, TrainingFailed, train, trained
from knowledge_base.article import CUSTOMER, Article
from zhiban.evaluating.intent_model import Labelled
from zhiban.evaluating.result import ANSWERED, Result, System
from zhiban.evaluating.rows import Question
from zhiban.problems import Problem

_CACHE = ROOT / "var" / "benchmarks"
_STOCK = ROOT / "benchmarks" / "stock_rasa" / "project" / "config-diet.yml"
_LAST = "DIETClassifier"  # what follows it answers, which is not asked here
_READ_SECONDS = 3600

Reading = dict[str, Any]


def retrieval(articles: Sequence[Article], questions: Sequence[Question]) -> System:
    """The article whose response is chosen; answered when the intent is `faq` and not the fallback."""
    named = {_response(one): one.id for one in articles if one.audience == CUSTOMER}
    try:
        readings = _readings(trained("diet", articles, _CACHE).model, [one.text for one in questions])
    except (NoEnvironment, TrainingFailed) as error:
        raise Problem(f"stock Rasa: {error}") from error
    results = [_chosen(question, reading, named) for question, reading in zip(questions, readings, strict=True)]
    return System("stock Rasa, DIET and ResponseSelector", results)


def intents(examples: Sequence[Labelled], texts: Sequence[Question]) -> System:
    """DIET with the pipeline that stock Rasa proposes, on all of the bot's examples."""
    try:
        readings = _readings(_intent_model(examples), [one.text for one in texts])
    except (NoEnvironment, TrainingFailed) as error:
        raise Problem(f"stock Rasa: {error}") from error
    results = [
        Result(question.text, question.right, tuple(reading["ranking"]), reading["confidence"], groups=question.groups)
        for question, reading in zip(texts, readings, strict=True)
    ]
    return System("stock Rasa, DIET", results)


def _intent_model(examples: Sequence[Labelled]) -> Path:
    """From the cache, or trained now."""
    config = yaml.safe_load(_STOCK.read_text(encoding="utf-8"))
    names = [step["name"] for step in config["pipeline"]]
    config = {**config, "pipeline": config["pipeline"][: names.index(_LAST) + 1], "policies": [{"name": "RulePolicy"}]}
    by_intent: dict[str, list[str]] = {}
    for text, intent in examples:
        by_intent.setdefault(intent, []).append(text.replace("[", "(").replace("]", ")"))
    nlu = [{"intent": name, "examples": "".join(f"- {one}\n" for one in said)} for name, said in by_intent.items()]
    domain = {"version": "3.1", "intents": list(by_intent), "responses": {"utter_none": [{"text": "-"}]}}
    files = {"config.yml": config, "domain.yml": domain, "data/nlu.yml": {"version": "3.1", "nlu": nlu}}
    files["data/rules.yml"] = {
        "version": "3.1",
        "rules": [{"rule": "any", "steps": [{"intent": next(iter(by_intent))}, {"action": "utter_none"}]}],
    }
    written = {name: yaml.safe_dump(of, allow_unicode=True, sort_keys=False) for name, of in files.items()}
    folder = _CACHE / f"stock-intents-{hashlib.sha256(json.dumps(written).encode()).hexdigest()[:12]}"
    if not (folder / "trained").exists():
        for name, text in written.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        train(folder, nice=10)
        (folder / "trained").touch()
    return folder / MODEL


def _readings(model: Path, texts: Sequence[str]) -> list[Reading]:
    with tempfile.TemporaryDirectory() as place:
        asked, out = Path(place) / "texts.json", Path(place) / "readings.json"
        asked.write_text(json.dumps(list(texts)), encoding="utf-8")
        command = [environment(), Path(__file__).with_name("rasa_side.py"), model, asked, out]
        done = subprocess.run(
            [str(part) for part in command],
            cwd=place,
            env={**os.environ, **QUIET},
            capture_output=True,
            text=True,
            timeout=_READ_SECONDS,
        )
        if done.returncode:
            raise TrainingFailed(done.stderr[-1500:])
        return list(json.loads(out.read_text(encoding="utf-8")))


def _chosen(question: Question, reading: Reading, named: dict[str, str]) -> Result:
    found = tuple(named[name] for name, _ in reading["selected"] if name in named)
    sure = reading["confidence"] * reading["selected"][0][1] if reading["selected"] else 0.0
    outcome = ANSWERED if reading["intent"] == "faq" and found else "unknown"
    return Result(question.text, question.right, found, sure if outcome == ANSWERED else sure / 1000, outcome)


def _response(article: Article) -> str:
    return f"faq/{article.id.replace('.', '_').replace('-', '_')}"
