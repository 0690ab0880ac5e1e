"""How a route declares the problems that it may answer with, so that the OpenAPI document is true."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from gateway.problems import MEDIA_TYPE

_SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}
_ALWAYS = (500, 503)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route for these statuses, and for what every route may answer."""
    return {status: _response(status) for status in (*statuses, *_ALWAYS)}


def _response(status: int) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: _SCHEMA}}
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    return response


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """The `requestBody` of a route that reads its JSON by itself."""
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    return {"required": True, "content": {"application/json": {"schema": _inlined(schema, definitions)}}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items()}
