"""Search while typing, and macros edited through the door, on the real knowledge server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import create_app
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.suggesting.client import SuggestingClient
from tests.gateway.assisting import path, say
from tests.gateway.cast import PASSWORD
from tests.gateway.conftest import MakeDoors, running, send, visitor
from tests.knowledge_base.conftest import server_url
from tests.knowledge_base.test_macros import GOOD

__all__ = ["server_url"]

PARROT = {name: value for name, value in GOOD.items() if name != "id"} | {
    "asked": {"zh-Hans": ["我的鹦鹉学会了骂人"]},
    "when": {},
}


@pytest.fixture
async def at_server(make_doors: MakeDoors, desk: Desk, server_url: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Lin, agent and editor, at doors that ask the real knowledge server."""
    async with SuggestingClient(server_url) as knowledge:
        for _ in range(600):
            try:
                await knowledge.macros()
                break
            except KnowledgeUnavailable:
                await asyncio.sleep(0.05)
        doors = replace(make_doors(knowledge_url=server_url), knowledge=knowledge)
        async with running(create_app(doors)) as app, visitor(app) as client:
            await desk.agents.sign_up("lin", PASSWORD, "林小姐", ("agent", "editor"))
            client.headers["X-Requested-With"] = "zhiban"
            await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
            yield client


async def test_agents_find_what_customers_may_not_see(at_server: httpx2.AsyncClient) -> None:
    answer = await at_server.get("/v1/agent/search", params={"q": "家属来问客户的账单怎么答复"})
    found = {one["id"]: one for one in answer.json()["articles"]}
    assert found["account-third-party-agent"]["audience"] == "agent"
    assert "refuse-third-party" in [one["id"] for one in answer.json()["macros"]]


async def test_what_is_for_agents_only_is_never_suggested_as_a_reply(
    at_server: httpx2.AsyncClient, customer: httpx2.AsyncClient, waiting: str
) -> None:
    await send(customer, "我帮我妈查一下她的账单，她是我妈", "m2")
    found = (await at_server.get(path(waiting, "suggestions"))).json()["suggestions"]
    assert "account-third-party-agent" not in [one["source"]["id"] for one in found]
    assert "refuse-third-party" in [one["source"]["id"] for one in found]


async def test_a_conversation_fills_the_slots_of_macros_that_are_found(
    at_server: httpx2.AsyncClient, customer: httpx2.AsyncClient, waiting: str
) -> None:
    await send(customer, "订单QH20260412345", "m2")
    query = {"q": "已查到订单", "conversation": waiting}
    found = (await at_server.get("/v1/agent/search", params=query)).json()["macros"]
    macro = next(one for one in found if one["id"] == "found-order")
    assert "QH20260412345" in macro["text"]
    assert macro["missing"] == []


async def test_an_editor_writes_a_macro_that_is_used_at_once(at_server: httpx2.AsyncClient) -> None:
    saved = await at_server.put("/v1/agent/macros/parrots", json=PARROT, headers={"If-Match": "0"})
    assert (saved.status_code, saved.json()["id"]) == (200, "parrots")
    found = (await at_server.get("/v1/agent/search", params={"q": "鹦鹉骂人"})).json()["macros"]
    assert found[0]["id"] == "parrots"
    again = await at_server.put("/v1/agent/macros/parrots", json=PARROT, headers={"If-Match": "0"})
    assert (again.status_code, again.json()["code"]) == (412, "macro_changed")
    wrong = {**PARROT, "text": {"zh-Hans": "{nonsense}", "en": "x"}}
    bad = await at_server.put("/v1/agent/macros/parrots", json=wrong, headers={"If-Match": "1"})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_macro")
    listed = (await at_server.get("/v1/agent/macros")).json()["macros"]
    assert next(one for one in listed if one["id"] == "parrots")["by"] == "lin"
    gone = await at_server.delete("/v1/agent/macros/parrots", headers={"If-Match": str(saved.json()["version"])})
    assert gone.status_code == 204
    assert (await at_server.delete("/v1/agent/macros/parrots")).json()["code"] == "version_missing"


async def test_who_is_no_editor_changes_no_macro(lin: httpx2.AsyncClient) -> None:
    answer = await lin.put("/v1/agent/macros/greet", json=PARROT, headers={"If-Match": "1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_editor")


async def test_the_whole_way_from_a_message_to_what_became_of_its_suggestion(
    at_server: httpx2.AsyncClient, customer: httpx2.AsyncClient, waiting: str
) -> None:
    await at_server.post(f"/v1/conversations/{waiting}/claim", json={})
    first = (await at_server.get(path(waiting, "suggestions"))).json()
    best = first["suggestions"][0]
    chosen = {"id": best["id"], "for_seq": first["for_seq"]}
    text = best["text"].replace("{order_number}", "QH20260412345")
    assert (await say(at_server, waiting, text, suggestion=chosen)).status_code == 202
    for number in range(40):
        await send(customer, "快递不动了，想退款", f"again{number}")
        found = (await at_server.get(path(waiting, "suggestions"))).json()["suggestions"]
        same = next((one for one in found if one["source"]["id"] == best["source"]["id"]), None)
        if same and same["prior"] and same["prior"]["used"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody counted that it was used")
