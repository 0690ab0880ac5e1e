"""The OpenAPI document says what really happens: generated requests find no answer that it does not declare."""

import asyncio
from typing import Any

import httpx2
import pytest

from desk import Address, Desk, Incoming
from desk.conversation import partition_of_conversation
from tests.gateway.cast import PASSWORD, Bot
from tests.gateway.openapi_tour import Tour, person

_RATES = ("MESSAGES", "SESSIONS", "REST", "PICTURES", "PICTURES_FROM", "SIGN_IN", "POLLS")
_PLENTY = {f"RATE_{name}": "100000 per minute" for name in _RATES}


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


@pytest.fixture
async def served(start: Any, desk: Desk, bot: Bot) -> str:
    """Doors with some people and some of everything."""
    process = await start(REST_WAIT_SECONDS="0.02", **_PLENTY)
    await desk.agents.sign_up("boss", PASSWORD, "主管", ("agent", "supervisor", "admin"))
    await desk.agents.sign_up("lin", PASSWORD, "小林")
    await desk.agents.sign_up("wang", PASSWORD, "小王")
    return str(process.url)


async def some_of_everything(desk: Desk, bot: Bot, holder: str | None) -> dict[str, str]:
    """Ids: a conversation with a ticket, held by an agent, and a message that could not be delivered."""
    receipt = await desk.receive(Incoming(Address("webhook", "shop", "mei"), "m1", "我要投诉"))
    ticket = await desk.reserve_ticket(partition_of_conversation(receipt.conversation))
    fields = {"contact": "mei@example.com", "description": "摔坏了"}
    opened = {"command": "ticket.open", "ticket": ticket, "kind": "complaint", "fields": fields, "due_hours": 24}
    asked = {"command": "handoff.request", "reason": "complaint"}
    await bot.answer(receipt.conversation, "已经登记", commands=[opened, asked])
    letter = await given_up(desk, receipt.conversation)
    if holder is not None:
        await desk.claim(receipt.conversation, holder)
    return {"conversation_id": receipt.conversation, "ticket_id": ticket, "letter_id": letter, "name": "wang"}


async def given_up(desk: Desk, conversation: str) -> str:
    lease = await desk.lease(partition_of_conversation(conversation), "sender", 5000)
    assert lease is not None
    [entry] = await desk.outbox.read([lease], 0)
    await desk.outbox.give_up(lease, entry, Address("webhook", "shop", "mei"), "b-1", "refused 404")
    await desk.give_back(lease)
    return (await desk.outbox.dead())[0].id


@pytest.mark.slow
@pytest.mark.parametrize(("name", "examples"), [("boss", 6), ("lin", 3), (None, 2)])
async def test_generated_requests_find_nothing_undeclared_and_no_failure(
    served: str, desk: Desk, bot: Bot, name: str | None, examples: int
) -> None:
    known = await some_of_everything(desk, bot, name)
    headers = await asyncio.to_thread(person, served, name, PASSWORD)
    if name is None:
        del headers["Authorization"]
    tour = Tour(served, headers, known, examples)
    assert await asyncio.to_thread(tour.go) > 60
    assert tour.statuses.total() > 60 * examples / 2
    assert set(tour.statuses) > {"boss": {200, 204, 404, 422}, "lin": {200, 403, 404, 422}, None: {200, 401}}[name]


@pytest.mark.parametrize(("name", "status", "out"), [("lin", 200, 204), (None, 401, 401)])
async def test_what_a_tour_leaves_out_answers_as_declared(served: str, name: str | None, status: int, out: int) -> None:
    headers = await asyncio.to_thread(person, served, name, PASSWORD)
    async with httpx2.AsyncClient(base_url=served, headers=headers) as client:
        async with client.stream("GET", "/v1/desk/events") as events:
            assert events.status_code == status
            kind = "text/event-stream" if status == 200 else "application/problem+json"
            assert events.headers["content-type"].startswith(kind)
        assert (await client.post("/v1/desk/sign-out")).status_code == out
        assert (await client.get("/v1/desk/me")).status_code == 401
