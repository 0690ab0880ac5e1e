"""The intents' probabilities, from examples with vectors, and from n-grams alone for messages without a vector."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack

from bot.components.names import NAMED
from bot.guess import Guesser
from bot.nearness import WITH_VECTORS, Kernel

FAMILIARITY = "familiarity"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classifier(GraphComponent, IntentClassifier):
    """Sets intent and ranking (all intents), and `familiarity`: near 0 for what is like nothing that was learned.

    Its settings are those of `bot.nearness.Kernel`.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return asdict(WITH_VECTORS)

    def __init__(
        self, kernel: Kernel, storage: ModelStorage, resource: Resource, guesser: Guesser | None = None
    ) -> None:
        self._kernel = kernel
        self._storage = storage
        self._resource = resource
        self._guesser = guesser

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - the signature is Rasa's
    ) -> Classifier:
        return cls(Kernel(**config), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> Classifier:
        with model_storage.read_from(resource) as directory:
            return cls(Kernel(**config), model_storage, resource, Guesser.load(directory))

    def train(self, training_data: TrainingData) -> Resource:
        examples = list(
            {(m.get(TEXT), m.get(INTENT)): m for m in training_data.intent_examples if m.get(TEXT)}.values()
        )
        intents = [m.get(INTENT) for m in examples]
        said = np.array([not m.get(NAMED) for m in examples])
        self._guesser = Guesser.learned(_vectors(examples), _ngrams(examples), intents, self._kernel, said)
        with self._storage.write_to(self._resource) as directory:
            self._guesser.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for blind in (False, True):
            alike = [m for m in messages if bool(m.get("vector_missing")) is blind and m.get_sparse_features(TEXT)[1]]
            if alike and self._guesser is not None:
                found = self._guesser.guess(None if blind else _vectors(alike), _ngrams(alike))
                for message, guess in zip(alike, found, strict=True):
                    message.set(INTENT, guess.ranking[0], add_to_output=True)
                    message.set(INTENT_RANKING_KEY, guess.ranking, add_to_output=True)
                    message.set(FAMILIARITY, guess.familiarity, add_to_output=True)
        return messages


def _vectors(messages: list[Message]) -> np.ndarray:
    """One row a message; no columns in a pipeline without vectors."""
    dense = [message.get_dense_features(TEXT)[1] for message in messages]
    return np.vstack([np.asarray(d.features if d else np.zeros((1, 0)), dtype=np.float32) for d in dense])


def _ngrams(messages: list[Message]) -> csr_matrix:
    rows = [message.get_sparse_features(TEXT)[1].features for message in messages]
    if len(rows) == 1 and rows[0].dtype == np.float32 and isinstance(rows[0], csr_matrix):
        return rows[0]  # every conversion of a single row costs as much as comparing it
    return csr_matrix(vstack(rows), dtype=np.float32)
