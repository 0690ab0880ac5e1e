"""The loaded model: whether there is one, and with which encoder it was trained."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ModelError(Exception):
    """Base class of what is wrong with the model; `code` is part of the contract."""

    code = "no_model"


class NoModel(ModelError):
    """Raised when no model is loaded."""


class EncoderMismatch(ModelError):
    """Raised when vectors come from another encoder than the one the model was trained with."""

    code = "encoder_mismatch"


def described(agent: Any) -> dict[str, Any]:
    """The model's file name and its encoder; NoModel when there is none."""
    _ready(agent)
    return {"model": Path(agent.processor.model_filename or "").name, "encoder": encoder(agent)}


def check_encoder(agent: Any, given: Mapping[str, Any] | None) -> None:
    """NoModel, or EncoderMismatch when `given`, the encoder of the request's vector, is not the model's."""
    _ready(agent)
    trained = encoder(agent)
    if given is not None and dict(given) != trained:
        raise EncoderMismatch(
            f"the model was trained with {_named(trained)}, the vector is of {_named(given)}: run `zhiban train`"
        )


def encoder(agent: Any) -> dict[str, Any]:
    """Name, version and dimension of the encoder that the model was trained with."""
    for node in agent.processor.graph_runner._instantiated_nodes.values():  # noqa: SLF001 - Rasa offers no other way
        found = getattr(node._component, "encoder", None)  # noqa: SLF001
        if isinstance(found, dict):
            return dict(found)
    return {}


def _ready(agent: Any) -> None:
    if agent is None or not agent.is_ready():
        raise NoModel("no model is loaded: run `zhiban train`")


def _named(given: Mapping[str, Any]) -> str:
    return f"{given.get('name')} {given.get('version')} ({given.get('dimension')})"
