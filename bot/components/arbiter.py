"""Turns the classifier's guess and the knowledge base's finding into the one intent that the rules act on."""
# ruff: noqa: ARG003 - the signature of `create` is Rasa's

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.io import read_yaml_file

from bot import complaint_text, entities, payloads
from bot.arbitration import decide
from bot.situation import Situation, Thresholds, Verdict
from bot.turn import CURRENT, Turn

_WORDS = Path(__file__).parents[1] / "words.yml"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Arbiter(GraphComponent, IntentClassifier):
    """Comes last; `thresholds` and `without_vector` (raised ones, for messages without a vector) are probabilities."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"thresholds": {}, "without_vector": {}}

    def __init__(self, config: dict[str, Any]) -> None:
        self._sure = Thresholds(**config["thresholds"])
        self._unsure = Thresholds(**{**config["thresholds"], **config["without_vector"]})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Arbiter:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._judge(message, CURRENT.get())
        return messages

    def _judge(self, message: Message, turn: Turn | None) -> None:
        guess = dict(message.get(INTENT) or {})
        verdict = decide(_situation(message, turn), self._unsure if message.get("vector_missing") else self._sure)
        found = [e for e in message.get(ENTITIES, []) if "value" in e]
        if verdict.payload:
            chosen = payloads.parse(verdict.payload)
            missed = turn.missed if turn else False
            verdict = Verdict(payloads.route(chosen, missed), verdict.confidence)
            found += [{"entity": name, "value": value} for name, value in chosen.entities.items()]
        found += verdict.extra_entities() + complaint_text.entities(message.get(TEXT), verdict.intent)
        message.set(ENTITIES, found, add_to_output=True)
        message.set(INTENT, {"name": verdict.intent, "confidence": verdict.confidence}, add_to_output=True)
        if turn is not None:
            turn.verdict = verdict
            turn.reading = {"intent": guess.get("name"), "confidence": round(float(guess.get("confidence") or 0), 4)}


def _situation(message: Message, turn: Turn | None) -> Situation:
    ranking = {guess["name"]: float(guess["confidence"]) for guess in message.get(INTENT_RANKING_KEY) or []}
    text = message.get(TEXT) or ""
    found = tuple(entities.find(text))
    if turn is None:
        return Situation(text, ranking, found)
    return Situation(
        text=text,
        intents=ranking,
        entities=found,
        knowledge=turn.input.knowledge,
        offers=turn.offers,
        form=turn.form,
        requested_slot=turn.requested_slot,
        missed=turn.missed,
        insulted=turn.insulted,
        task_titles=_titles(turn.input.language),
    )


@lru_cache(maxsize=4)
def _titles(language: str) -> dict[str, str]:
    titles = read_yaml_file(_WORDS)["task_titles"]
    return dict(titles.get(language, titles["zh-Hans"]))
