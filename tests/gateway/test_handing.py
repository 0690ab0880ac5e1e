"""Who has a customer: the next one, handing on, taking over, and what does not exist for whom."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx2
import pytest

from desk import Desk, Reply, Role, Skills
from gateway.doors.app import Application
from tests.gateway.cast import Bot
from tests.gateway.conftest import send, signed_in, visitor


@contextlib.asynccontextmanager
async def customer_of(app: Application, ip: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with visitor(app, ip) as client:
        opened = await client.post("/v1/sessions", json={"language": "zh-CN"})
        client.headers["Authorization"] = f"Bearer {opened.json()['session']}"
        yield client


async def one_waits(app: Application, bot: Bot, number: int = 1, category: str = "") -> str:
    """The conversation of another customer who waits for a person."""
    async with customer_of(app, f"203.0.113.{number}") as client:
        conversation = await send(client, "转人工")
        if category:
            await bot.answer(conversation, Reply("……", article={"id": "a", "version": 1, "category": category}))
            await send(client, "还是转人工", "m2")
        await bot.call_a_person(conversation)
        return conversation


@pytest.fixture
async def boss(app: Application, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(app, desk, "boss", "", "supervisor") as client:
        yield client


async def here(*agents: httpx2.AsyncClient) -> None:
    for agent in agents:
        assert (await agent.post("/v1/desk/presence", json={"available": True})).status_code == 204


async def claim(agent: httpx2.AsyncClient, conversation: str) -> int:
    answer = await agent.post(f"/v1/conversations/{conversation}/claim", json={})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["epoch"])


async def waiting(agent: httpx2.AsyncClient) -> list[str]:
    return [one["conversation"] for one in (await agent.get("/v1/desk/waiting")).json()["waiting"]]


async def test_the_next_customer_is_taken_in_order_until_there_is_none(
    app: Application, bot: Bot, lin: httpx2.AsyncClient
) -> None:
    await here(lin)
    first, second = [await one_waits(app, bot, number) for number in (1, 2)]
    assert (await lin.get("/v1/desk/me")).json()["held"] == 0
    for expected in (first, second):
        answer = await lin.post("/v1/agent/next", json={})
        assert (answer.status_code, answer.json()["id"], answer.json()["holder"]) == (200, expected, "lin")
    nothing = await lin.post("/v1/agent/next", json={})
    assert (nothing.status_code, nothing.content) == (204, b"")
    assert (await lin.get("/v1/desk/me")).json()["held"] == 2


async def test_two_agents_who_press_next_at_once_get_two_customers(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, wang: httpx2.AsyncClient
) -> None:
    await here(lin, wang)
    customers = {await one_waits(app, bot, number) for number in (1, 2)}
    answers = await asyncio.gather(*(agent.post("/v1/agent/next") for agent in (lin, wang)))
    assert {answer.json()["id"] for answer in answers} == customers


async def test_who_has_enough_to_do_is_told_so(app: Application, bot: Bot, lin: httpx2.AsyncClient, desk: Desk) -> None:
    await desk.agents.change("lin", capacity=1)
    await here(lin)
    _, second = [await one_waits(app, bot, number) for number in (1, 2)]
    await lin.post("/v1/agent/next")
    full = await lin.post("/v1/agent/next")
    assert (full.status_code, full.json()["code"]) == (409, "at_capacity")
    assert (full.json()["held"], full.json()["capacity"]) == (1, 1)
    assert await claim(lin, second)  # by hand they may


async def test_what_is_outside_an_agents_skills_is_not_there(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, wang: httpx2.AsyncClient, desk: Desk
) -> None:
    await desk.agents.change("lin", skills=Skills(categories=("card",)))
    await here(lin, wang)
    refund = await one_waits(app, bot, category="refunds")
    assert await waiting(lin) == []
    assert await waiting(wang) == [refund]
    path = f"/v1/conversations/{refund}"
    answers = [
        await lin.get(path),
        await lin.get(f"{path}/suggestions"),
        await lin.post(f"{path}/claim", json={}),
        await lin.post(f"{path}/close", json={"epoch": 2}),
        await lin.post(f"{path}/decline", json={"epoch": 2}),
        await lin.post(f"{path}/take-over", json={"epoch": 2}),
        await lin.put(f"{path}/routing", json={"epoch": 2, "category": "card"}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "conversation_not_found")}
    assert (await lin.post("/v1/agent/next")).status_code == 204
    shown = (await wang.get("/v1/desk/waiting")).json()["waiting"][0]
    assert (shown["category"], shown["position"], shown["yours"], shown["offered"]) == ("refunds", 1, False, None)


async def test_a_customer_is_handed_to_a_colleague_with_a_note(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, wang: httpx2.AsyncClient, boss: httpx2.AsyncClient, desk: Desk
) -> None:
    await here(lin, wang, boss)
    conversation = await one_waits(app, bot)
    epoch = await claim(lin, conversation)
    colleagues = (await lin.get("/v1/desk/colleagues")).json()
    assert [one["name"] for one in colleagues["colleagues"]] == ["wang", "boss"]
    assert {"id": "refunds", "title": {"zh-Hans": "退款", "en": "Refunds"}} in colleagues["categories"]
    path = f"/v1/conversations/{conversation}"
    body = {"epoch": epoch, "to": {"agent": "wang"}, "note": "卡号 4111 1111 1111 1111，已核对"}
    handed = await lin.post(f"{path}/transfer", json=body)
    assert (handed.status_code, handed.json()["state"]) == (200, "waiting")
    (shown,) = (await wang.get("/v1/desk/waiting")).json()["waiting"]
    assert (shown["offered"]["to"], shown["transferred_by"]) == ("you", "lin")
    assert "已核对" in shown["note"]
    assert "4111 1111 1111 1111" not in shown["note"]
    refused = await boss.post(f"{path}/claim", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "handoff_offered")
    assert refused.json()["until"] == shown["offered"]["until"]
    assert (await wang.post(f"{path}/decline", json={"epoch": epoch + 1})).status_code == 204
    assert await claim(boss, conversation)
    whats = [entry.what for entry in (await desk.audit.read(conversation=conversation)).entries]
    assert whats == ["claimed", "declined", "transferred", "claimed"]


async def test_a_transfer_that_cannot_be_is_refused_and_the_customer_stays(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, wang: httpx2.AsyncClient
) -> None:
    conversation = await one_waits(app, bot)
    epoch = await claim(lin, conversation)
    path = f"/v1/conversations/{conversation}/transfer"
    tried = [
        ({"agent": "nobody"}, 404, "agent_not_found"),
        ({"agent": "wang"}, 409, "agent_away"),
        ({"category": "weather"}, 422, "unknown_category"),
        ({}, 422, "invalid"),
        ({"agent": "wang", "category": "refunds"}, 422, "invalid"),
    ]
    for to, status, code in tried:
        answer = await lin.post(path, json={"epoch": epoch, "to": to})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await lin.post(path, json={"epoch": epoch, "note": "长" * 1001})).status_code == 422
    assert [one["id"] for one in (await lin.get("/v1/desk/held")).json()["conversations"]] == [conversation]


async def test_a_supervisor_reads_and_takes_over_what_a_colleague_holds(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, boss: httpx2.AsyncClient, desk: Desk
) -> None:
    conversation = await one_waits(app, bot)
    epoch = await claim(lin, conversation)
    path = f"/v1/conversations/{conversation}"
    assert (await boss.get(path)).status_code == 200
    taken = await boss.post(f"{path}/take-over", json={"epoch": epoch, "note": "我来"})
    assert (taken.status_code, taken.json()["holder"]) == (200, "boss")
    late = await lin.post(f"{path}/messages", json={"epoch": epoch, "message_id": "a1", "text": "您好"})
    assert (late.status_code, late.json()["code"]) == (404, "conversation_not_found")  # gone for her, as the rest
    assert (await lin.get(path)).status_code == 404
    entries = (await desk.audit.read(who="boss", conversation=conversation)).entries
    assert [(entry.what, dict(entry.details)) for entry in entries] == [("taken_over", {"from": "lin"}), ("read", {})]


async def test_a_message_repeated_after_it_was_given_back_is_the_same_and_a_new_one_finds_nobody(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, wang: httpx2.AsyncClient
) -> None:
    conversation = await one_waits(app, bot)
    epoch = await claim(lin, conversation)
    path = f"/v1/conversations/{conversation}"
    body = {"epoch": epoch, "message_id": "a1", "text": "您好"}
    first = await lin.post(f"{path}/messages", json=body)
    for action in ("release", "transfer", "messages"):
        hidden = await wang.post(f"{path}/{action}", json=body | {"message_id": "w1"})
        assert (hidden.status_code, hidden.json()["code"]) == (404, "conversation_not_found")
    await lin.post(f"{path}/release", json={"epoch": epoch})
    again = await lin.post(f"{path}/messages", json=body)
    assert (again.status_code, again.json()) == (202, first.json())
    assert (await lin.post(f"{path}/messages", json=body | {"message_id": "a2"})).status_code == 404


async def test_an_agent_takes_nothing_over(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, wang: httpx2.AsyncClient
) -> None:
    conversation = await one_waits(app, bot)
    path = f"/v1/conversations/{conversation}/take-over"
    allowed_to_see = await wang.post(path, json={"epoch": 2})
    assert (allowed_to_see.status_code, allowed_to_see.json()["right"]) == (403, "conversations.take_over")
    epoch = await claim(lin, conversation)
    assert (await wang.post(path, json={"epoch": epoch})).status_code == 404


async def test_an_editor_reads_no_conversation_ticket_picture_or_queue(
    app: Application, desk: Desk, bot: Bot, customer: httpx2.AsyncClient
) -> None:
    from tests.gateway.cast import PNG

    picture = (await customer.post("/v1/attachments", files={"file": ("a.png", PNG, "image/png")})).json()["id"]
    conversation = await send(customer, "我要投诉")
    ticket = await desk.reserve_ticket((await desk.conversation(conversation)).partition)
    opening = {"command": "ticket.open", "ticket": ticket, "kind": "complaint", "fields": {}, "due_hours": 24}
    await bot.answer(conversation, "已登记", commands=[opening, {"command": "handoff.request"}])
    async with signed_in(app, desk, "editor", "", "editor") as editor:
        path = f"/v1/conversations/{conversation}"
        body = {"epoch": 2, "message_id": "m", "text": "x"}
        missing = [
            *[await editor.get(one) for one in (path, f"{path}/suggestions", f"/v1/tickets/{ticket}")],
            *[await editor.get(f"/v1/attachments/{picture}")],
            *[
                await editor.post(f"{path}/{one}", json=body)
                for one in ("claim", "release", "transfer", "close", "take-over", "decline", "messages")
            ],
            await editor.put(f"{path}/routing", json=body),
            await editor.patch(f"/v1/tickets/{ticket}", json={"version": 1, "state": "done"}),
        ]
        assert [answer.status_code for answer in missing] == [404] * len(missing)
        refused = [
            await editor.get("/v1/desk/waiting"),
            await editor.get("/v1/desk/held"),
            await editor.get("/v1/desk/events"),
            await editor.get("/v1/desk/colleagues"),
            await editor.get("/v1/desk/board"),
            await editor.get("/v1/desk/audit"),
            await editor.get("/v1/tickets"),
            await editor.post("/v1/agent/next"),
            await editor.post("/v1/desk/presence", json={"available": True}),
        ]
        assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "not_allowed")}
        assert (await editor.get("/v1/desk/search", params={"q": "退款"})).status_code == 200


async def test_a_role_that_changes_counts_in_an_open_session(
    app: Application, desk: Desk, bot: Bot, lin: httpx2.AsyncClient
) -> None:
    await here(lin)
    conversation = await one_waits(app, bot)
    epoch = await claim(lin, conversation)
    async with signed_in(app, desk, "root", "", "admin") as root:
        version = (await desk.agents.agent("lin")).version  # type: ignore[union-attr]
        changed = await root.patch("/v1/desk/agents/lin", json={"version": version, "roles": ["editor"]})
        assert changed.json()["roles"] == ["editor"]
    body = {"epoch": epoch, "message_id": "a1", "text": "您好"}
    assert (await lin.post(f"/v1/conversations/{conversation}/messages", json=body)).status_code == 404
    assert (await lin.get("/v1/desk/waiting")).status_code == 403
    assert "articles.edit" in (await lin.get("/v1/desk/me")).json()["rights"]
    assert not await desk.is_available("lin")


async def test_marking_a_vip_needs_the_right_and_saying_what_it_is_about_does_not(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, boss: httpx2.AsyncClient
) -> None:
    conversation = await one_waits(app, bot)
    path = f"/v1/conversations/{conversation}/routing"
    assert (await lin.put(path, json={"epoch": 2, "category": "repair"})).json()["category"] == "repair"
    assert (await lin.put(path, json={"epoch": 2, "vip": True})).json()["right"] == "routing.edit"
    assert (await boss.put(path, json={"epoch": 2, "vip": True})).json()["vip"] is True
    assert (await lin.get("/v1/desk/waiting")).json()["waiting"][0]["vip"] is True


@pytest.mark.parametrize("roles", [("agent",), ("supervisor",), ("editor",), ("admin",), ("agent", "editor")])
async def test_everybody_is_told_what_they_may_do(app: Application, desk: Desk, roles: tuple[Role, ...]) -> None:
    async with signed_in(app, desk, "somebody", "", *roles) as client:
        me = (await client.get("/v1/desk/me")).json()
    assert (me["roles"], me["number"], me["display_name"]) == (list(roles), 101, "")
    assert ("articles.edit" in me["rights"]) is bool({"editor", "admin"} & set(roles))
    assert me["routing"]["assignment"] == "pick"
