"""The OpenAPI document, made true: problems for every refusal, and a page that shows it without any other server."""

import html
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from gateway.doors.declared import problems
from gateway.problems import FieldError, Problem

_METHODS = ("get", "post", "put", "patch", "delete")


def describe_truly(app: FastAPI) -> None:
    """Replace FastAPI's own document, which knows nothing of our problems."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/docs", lambda: HTMLResponse(_page(document())), methods=["GET"], response_class=HTMLResponse)
    app.include_router(router)


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    template = "#/components/schemas/{model}"
    schemas["FieldError"] = FieldError.model_json_schema(ref_template=template)
    schemas["Problem"] = Problem.model_json_schema(ref_template=template)
    schemas["Problem"].pop("$defs", None)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for _path, _method, operation in _operations(document):
        if "application/json" in operation["responses"].get("422", {}).get("content", {}):
            operation["responses"] |= {str(status): said for status, said in problems(422).items()}
    return document


def _page(document: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{html.escape(path)}</code></td>"
        f"<td>{html.escape(operation.get('description', ''))}</td>"
        f"<td>{html.escape(', '.join(operation['responses']))}</td></tr>"
        for path, method, operation in _operations(document)
    )
    title = html.escape(f"{document['info']['title']} {document['info']['version']}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>body{{font:16px/1.5 sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}}"
        "td,th{padding:.4rem .8rem .4rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #ddd}"
        f'</style><h1>{title}</h1><p>All of it: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>'
        f"<table><tr><th>Method<th>Path<th>What it does<th>Answers</tr>{rows}</table></html>"
    )


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]
