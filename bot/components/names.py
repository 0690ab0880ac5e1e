"""The name of an intent as one more example of it, where there are few."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

NAMED = "is_name"
_WORD = re.compile(r"[A-Z]?[^\W_A-Z]+|[A-Z]+(?![^\W_A-Z])")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Names(GraphComponent):
    """Adds `card arrival` to the examples of `card_arrival` while these are fewer than `below`. First in a pipeline.

    The classifier learns it as an example, but does not expect customers to write it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"below": 20}

    def __init__(self, below: int) -> None:
        self._below = below

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - the signature is Rasa's
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> Names:
        return cls(int(config["below"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        counts = Counter(m.get(INTENT) for m in training_data.intent_examples if m.get(TEXT))
        few = sorted(intent for intent, count in counts.items() if count < self._below and in_words(intent))
        names = [Message({TEXT: in_words(intent), INTENT: intent, NAMED: True}) for intent in few]
        return training_data.merge(TrainingData(names)) if names else training_data

    def process(self, messages: list[Message]) -> list[Message]:
        return messages


def in_words(name: str) -> str:
    """`card_arrival` or `CardArrival` as somebody would say it: words and nothing else."""
    return " ".join(_WORD.findall(name)).lower()
