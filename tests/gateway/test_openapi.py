"""The OpenAPI document says what really happens: generated requests find no answer that it does not declare."""

import asyncio
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from desk import Desk
from tests.gateway.cast import PASSWORD

_RATES = ("MESSAGES", "SESSIONS", "REST", "PICTURES", "PICTURES_FROM", "SIGN_IN", "POLLS")
_PLENTY = {f"RATE_{name}": "100000 per minute" for name in _RATES}
_ENDLESS = "/v1/desk/events"
_ENDS_THE_SESSION = "/v1/desk/sign-out"
_NEEDS_KNOWLEDGE = (
    "/v1/desk/search",
    "/v1/conversations/{conversation_id}/suggestions",
    "/v1/agent/conversations/{conversation_id}/suggestions",
    "/v1/agent/search",
    "/v1/agent/macros",
    "/v1/articles",
)
_EXAMPLES = 15

CONFORMANCE = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


async def test_the_document_is_openapi_3_1_and_declares_problems(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    declared = document["paths"]["/v1/messages"]["post"]["responses"]
    assert {"202", "400", "401", "413", "422", "429", "500", "503"} <= set(declared)
    assert document["paths"]["/v1/messages"]["post"]["security"] == [{"session": []}]
    assert document["paths"]["/v1/desk/me"]["get"]["security"] == [{"agent": []}]
    for item in document["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]


async def test_the_page_for_people_lists_every_path(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    for path in (await client.get("/openapi.json")).json()["paths"]:
        assert path in page
    assert "https://" not in page


@pytest.mark.slow
async def test_generated_requests_find_nothing_undeclared(start: Any, desk: Desk) -> None:
    process = await start(REST_WAIT_SECONDS="0.02", **_PLENTY)
    await desk.agents.sign_up("boss", PASSWORD, "主管", ("agent", "admin"))
    headers = await _every_right(process.url)
    await asyncio.to_thread(_try_every_operation, process.url, headers)


async def _every_right(url: str) -> dict[str, str]:
    async with httpx2.AsyncClient(base_url=url, headers={"X-Requested-With": "zhiban"}) as client:
        session = (await client.post("/v1/sessions", json={})).json()["session"]
        await client.post("/v1/desk/sign-in", json={"name": "boss", "password": PASSWORD})
        cookie = f"zhiban_agent={client.cookies['zhiban_agent']}"
        return {"Authorization": f"Bearer {session}", "Cookie": cookie, "X-Requested-With": "zhiban"}


def _try_every_operation(url: str, headers: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path not in (_ENDLESS, _ENDS_THE_SESSION):
            _try(operation, headers)
            tried += 1
    assert tried > 20


def _try(operation: Any, headers: dict[str, str]) -> None:
    own = {} if operation.path.startswith("/webhooks") else headers
    checks = [*CONFORMANCE, *([] if operation.path.startswith(_NEEDS_KNOWLEDGE) else [not_a_server_error])]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        case.headers, case.cookies = {}, {}
        case.query = {**(case.query or {}), **({"wait": 0.01} if operation.path == "/v1/events" else {})}
        case.validate_response(case.call(headers=own), checks=checks)

    run()
