"""The pipeline of a config file, trained by Rasa on any labelled texts, and read with as Rasa reads a message."""

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.components.classifier import FAMILIARITY
from bot.evaluate_figures import Read
from bot.turn import CURRENT, Turn, TurnInput
from knowledge_base.client import SyncKnowledgeClient

_AT_ONCE = 256
_TIMED = 200
# To Rasa, these mean something in the name of an intent; what they become (of Unicode's private use) no name has.
_MEANINGLESS = str.maketrans({"/": "\ue000", "+": "\ue001"})

Row = dict[str, Any]
Tell = Callable[[str], None]
Run = Callable[[Sequence[str]], list[Any]]


class Pipeline:
    """One trained model."""

    def __init__(self, model: Path, names: Mapping[str, str]) -> None:
        from rasa.core.agent import Agent

        self._names = names
        self._processor: Any = Agent.load(str(model)).processor
        if self._processor is None:
            raise RuntimeError(f"Rasa does not load {model}")

    @classmethod
    def trained(cls, config: Path, rows: Sequence[Row], folder: Path) -> tuple["Pipeline", float]:
        """The pipeline that learned `rows` ({text, intent}), and the seconds it took, vectors included."""
        from rasa.model_training import train_nlu

        names = {row["intent"].translate(_MEANINGLESS): row["intent"] for row in rows}
        data = folder / "nlu.json"
        data.write_text(json.dumps({"rasa_nlu_data": {"common_examples": _examples(rows)}}), encoding="utf-8")
        started = time.monotonic()
        model = train_nlu(str(config), str(data), str(folder), fixed_model_name="evaluated")
        if model is None:
            raise RuntimeError("Rasa trained no model")
        return cls(Path(model), names), time.monotonic() - started

    def read(self, rows: Sequence[Row], tell: Tell) -> list[Read]:
        """Many at a time; what is read does not depend on that."""
        found: list[Read] = []
        for start in range(0, len(rows), _AT_ONCE):
            batch = rows[start : start + _AT_ONCE]
            messages = self._run([row["text"] for row in batch])
            found += [self._read(row, message) for row, message in zip(batch, messages, strict=True)]
            tell(f"reading {len(found)}/{len(rows)}")
        return found

    def latencies(self, texts: Sequence[str], url: str) -> dict[str, float]:
        """Milliseconds for one message, at the median: with its vector made, and with it given as in a turn."""
        texts = texts[:: max(1, len(texts) // _TIMED)][:_TIMED]
        for text in texts[:3]:  # the first pay for what is built once
            self._run([f"{text} "])
        whole = [_timed(text, self._run) for text in texts]
        with SyncKnowledgeClient(url) as client:
            vectors = client.embed(texts)
        given = [_in_turn(text, vector, self._run) for text, vector in zip(texts, vectors, strict=True)]
        return {"latency_ms_p50": statistics.median(whole), "latency_ms_p50_given_vector": statistics.median(given)}

    def _run(self, texts: Sequence[str]) -> list[Any]:
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

        target = self._processor.model_metadata.nlu_target
        messages = [UserMessage(text) for text in texts]
        inputs = {PLACEHOLDER_MESSAGE: messages, PLACEHOLDER_TRACKER: None}
        return list(self._processor.graph_runner.run(inputs=inputs, targets=[target])[target])

    def _read(self, row: Row, message: Any) -> Read:
        best = max(
            message.get("intent_ranking") or [{"name": "", "confidence": 0.0}], key=lambda one: one["confidence"]
        )
        guessed = self._names[best["name"]] if best["name"] else ""
        familiarity = message.get(FAMILIARITY)
        return Read(
            row["text"],
            row.get("intent"),
            guessed,
            float(best["confidence"]),
            float(best["confidence"] if familiarity is None else familiarity),
        )


def _examples(rows: Sequence[Row]) -> list[Row]:
    return [{"text": row["text"], "intent": row["intent"].translate(_MEANINGLESS), "entities": []} for row in rows]


def _timed(text: str, run: Run) -> float:
    started = time.perf_counter()
    run([text])
    return (time.perf_counter() - started) * 1000


def _in_turn(text: str, vector: Sequence[float], run: Run) -> float:
    token = CURRENT.set(Turn(TurnInput("c0-0", 1, "m", text, "zh-Hans", vector=tuple(vector))))
    try:
        return _timed(text, run)
    finally:
        CURRENT.reset(token)
