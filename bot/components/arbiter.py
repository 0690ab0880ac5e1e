"""Turns the classifier's guess and the knowledge base's finding into the one intent that the rules act on."""
# ruff: noqa: ARG003 - the signature of `create` is Rasa's

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import complaint_text, dialogue, entities, payloads
from bot.arbitration import decide
from bot.flows import flows
from bot.situation import Clause, Situation, Thresholds, Verdict
from bot.turn import CURRENT, Turn


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
        turn = CURRENT.get()
        if turn is None:
            for message in messages:
                self._judge(message, None)
            return messages
        whole, *parts = messages
        self._judge(whole, turn, tuple(Clause(part.get(TEXT) or "", _ranking(part)) for part in parts))
        return [whole]

    def _judge(self, message: Message, turn: Turn | None, parts: tuple[Clause, ...] = ()) -> None:
        guess = dict(message.get(INTENT) or {})
        text, language = message.get(TEXT) or "", turn.input.language if turn else "zh-Hans"
        named = entities.find(text, _today())
        thresholds = self._unsure if message.get("vector_missing") else self._sure
        verdict = decide(_situation(message, named, turn, parts), thresholds, language)
        found = [e for e in message.get(ENTITIES, []) if "value" in e]
        found += [e.as_rasa() for e in named if e.kind == entities.DATE]
        if verdict.payload:
            chosen = payloads.parse(verdict.payload)
            verdict = Verdict(payloads.route(chosen, bool(turn and turn.missed)), verdict.confidence)
            found += [{"entity": name, "value": value} for name, value in chosen.entities.items()]
        filled = verdict.extra_entities() + complaint_text.entities(text, verdict.intent)
        names = {entity["entity"] for entity in filled}
        found = [entity for entity in found if entity["entity"] not in names] + filled
        message.set(ENTITIES, found, add_to_output=True)
        message.set(INTENT, {"name": verdict.intent, "confidence": verdict.confidence}, add_to_output=True)
        if turn is not None:
            turn.verdict = verdict
            turn.reading = {"intent": guess.get("name"), "confidence": round(float(guess.get("confidence") or 0), 4)}


def _ranking(message: Message) -> dict[str, float]:
    return {guess["name"]: float(guess["confidence"]) for guess in message.get(INTENT_RANKING_KEY) or []}


def _situation(
    message: Message, named: list[entities.Entity], turn: Turn | None, parts: tuple[Clause, ...]
) -> Situation:
    ranking = _ranking(message)
    text = message.get(TEXT) or ""
    if turn is None:
        return Situation(text, ranking, tuple(named))
    before = dialogue.begin(turn.input.dialogue, turn.input.epoch)
    return Situation(
        text=text,
        intents=ranking,
        entities=tuple(named),
        knowledge=turn.input.knowledge,
        offers=turn.offers,
        form=turn.form,
        requested_slot=turn.requested_slot,
        missed=int(before["slots"].get("missed") or 0),
        insulted=turn.insulted,
        task_titles=flows().titles(turn.input.language),
        known={**before["slots"], **turn.input.slots},
        parts=parts,
        said_before=tuple(e.get("text") or "" for e in before["events"] if e.get("event") == "user"),
    )


def _today() -> date:
    """The day in the shop's time zone, to which 上周三 is relative."""
    return datetime.now(_ZONE).date()


_ZONE = ZoneInfo("Asia/Shanghai")
