"""Characters and words of a text, as sparse features."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import ngrams

_FILE = "ngrams.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Ngrams(SparseFeaturizer, GraphComponent):
    """Learns which n-grams there are, and how rare each is, from the examples of intents."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**SparseFeaturizer.get_default_config()}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to set."""

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource, known: ngrams.Ngrams | None
    ) -> None:
        super().__init__(name, config)
        self._storage = storage
        self._resource = resource
        self._known = known

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Ngrams:
        return cls(config, execution_context.node_name, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> Ngrams:
        with model_storage.read_from(resource) as directory:
            known = ngrams.Ngrams.load(directory / _FILE)
        return cls(config, execution_context.node_name, model_storage, resource, known)

    def train(self, training_data: TrainingData) -> Resource:
        self._known = ngrams.Ngrams.learned([m.get(TEXT) for m in training_data.intent_examples if m.get(TEXT)])
        with self._storage.write_to(self._resource) as directory:
            self._known.save(directory / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if self._known is None or not messages:
            return messages
        rows = self._known.rows([m.get(TEXT) or "" for m in messages])
        for place, message in enumerate(messages):
            row = rows if len(messages) == 1 else rows[place]
            message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config["alias"]))
        return messages
