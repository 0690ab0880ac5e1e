"""The sentence vector that came with the request, as a dense feature."""

from __future__ import annotations

import json
import os
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import vectors
from knowledge_base.client import DEFAULT_URL, KnowledgeUnavailable, SyncKnowledgeClient

_FILE = "encoder.json"


class NoEncoder(Exception):
    """Raised in training when the knowledge server, which makes the vectors, does not answer."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class RequestVector(DenseFeaturizer, GraphComponent):
    """Remembers in the model which encoder it was trained with; `weight` scales them."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "weight": 1.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        if not float(config["weight"]) > 0:
            raise ValueError("RequestVector: weight must be above 0")

    def __init__(
        self, config: dict[str, Any], name: str, storage: ModelStorage, resource: Resource, encoder: dict[str, Any]
    ) -> None:
        super().__init__(name, config)
        self.encoder = encoder
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RequestVector:
        return cls(config, execution_context.node_name, model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> RequestVector:
        with model_storage.read_from(resource) as directory:
            encoder = json.loads((directory / _FILE).read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, encoder)

    def train(self, training_data: TrainingData) -> Resource:  # noqa: ARG002 - the name is part of Rasa's graph
        self.encoder = self._ask_encoder()
        with self._storage.write_to(self._resource) as directory:
            (directory / _FILE).write_text(json.dumps(self.encoder), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        made = vectors.of_server(_url(), [m.get(TEXT) for m in messages], self.encoder["dimension"])
        if made.missing:
            raise NoEncoder(_no_encoder())
        self._add(messages, made)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        texts = [m.get(TEXT) or "" for m in messages]
        dimension = self.encoder["dimension"]
        made = vectors.of_turn(texts, dimension) or vectors.of_server(_url(), texts, dimension)
        self._add(messages, made)
        return messages

    def _add(self, messages: list[Message], made: vectors.Vectors) -> None:
        for message, row in zip(messages, made.rows, strict=True):
            features = row[None, :] * float(self._config["weight"])
            message.add_features(Features(features, FEATURE_TYPE_SENTENCE, TEXT, self._config["alias"]))
            message.set("vector_missing", made.missing)

    def _ask_encoder(self) -> dict[str, Any]:
        try:
            with SyncKnowledgeClient(_url()) as client:
                return client.encoder().as_json()
        except KnowledgeUnavailable as error:
            raise NoEncoder(_no_encoder()) from error


def _url() -> str:
    return os.environ.get("KNOWLEDGE_URL", DEFAULT_URL)


def _no_encoder() -> str:
    return f"the knowledge server at {_url()} (KNOWLEDGE_URL) makes the vectors and does not answer; run `zhiban train`"
