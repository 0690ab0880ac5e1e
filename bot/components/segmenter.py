"""Rasa's tokens of a Chinese or mixed text."""
# ruff: noqa: ARG003 - the signature of `create` is Rasa's

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot import segmenting


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Segmenter(Tokenizer):
    """Words in one script and case; `start` and `end` of a token index the original text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @staticmethod
    def required_packages() -> list[str]:
        return ["jieba"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Segmenter:
        segmenting.warm_up()
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        words = segmenting.segment(message.get(attribute))
        return self._apply_token_pattern([Token(word.text, word.start) for word in words])
