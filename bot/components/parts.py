"""The parts of a message that the knowledge server has read one by one, as messages of their own behind the whole."""
# ruff: noqa: ARG003 - the signature of `create` is Rasa's

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.turn import CURRENT


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Parts(GraphComponent):
    """Before all that reads messages; the arbiter takes the parts out again."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Parts:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        turn = CURRENT.get()
        parts = turn.input.parts if turn is not None and len(messages) == 1 else ()
        return [*messages, *(Message({TEXT: part.text}) for part in parts)]
