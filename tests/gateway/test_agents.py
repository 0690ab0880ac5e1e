"""What agents may do, and what they may not see."""

import asyncio

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import Application
from tests.gateway.cast import CARD, PASSWORD, Bot, Shelf
from tests.gateway.conftest import send, visitor


@pytest.fixture
async def waiting(customer: httpx2.AsyncClient, bot: Bot) -> str:
    """A conversation whose customer waits for a person."""
    conversation = await send(customer, "快递不动了，转人工")
    await bot.call_a_person(conversation)
    return conversation


async def claim(agent: httpx2.AsyncClient, conversation: str) -> int:
    answer = await agent.post(f"/v1/conversations/{conversation}/claim", json={})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["epoch"])


async def test_an_agent_signs_in_and_out(app: Application, desk: Desk) -> None:
    await desk.agents.sign_up("lin", PASSWORD, "林小姐")
    async with visitor(app) as client:
        client.headers["X-Requested-With"] = "zhiban"
        wrong = await client.post("/v1/desk/sign-in", json={"name": "lin", "password": "wrong password"})
        right = await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
        me = await client.get("/v1/desk/me")
        token = client.cookies["zhiban_agent"]
        await client.post("/v1/desk/sign-out")
        client.cookies.set("zhiban_agent", token)
        after = await client.get("/v1/desk/me")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_refused")
    cookie = right.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/"))
    assert me.json()["display_name"] == "林小姐"
    assert set(me.json()["duty"]) == {"open", "reachable", "opens_at", "agents"}
    assert (after.status_code, after.json()["code"]) == (401, "not_signed_in")


async def test_guessing_passwords_ends_soon(app: Application, desk: Desk) -> None:
    await desk.agents.sign_up("lin", PASSWORD, "林小姐")
    async with visitor(app) as client:
        client.headers["X-Requested-With"] = "zhiban"
        body = {"name": "lin", "password": "wrong password"}
        codes = [(await client.post("/v1/desk/sign-in", json=body)).json()["code"] for _ in range(6)]
        right = await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
    assert codes[0] == "sign_in_refused"
    assert codes[-1] == "too_many_attempts"
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) >= 1


async def test_a_form_of_another_site_can_do_nothing(lin: httpx2.AsyncClient, waiting: str) -> None:
    del lin.headers["X-Requested-With"]
    for path in (f"/v1/conversations/{waiting}/claim", "/v1/desk/presence", "/v1/desk/sign-out", "/v1/desk/sign-in"):
        answer = await lin.post(path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "header_missing"), path


async def test_only_an_administrator_makes_accounts(app: Application, desk: Desk, lin: httpx2.AsyncClient) -> None:
    body = {"name": "zhao", "password": "a long password", "display_name": "赵"}
    assert (await lin.post("/v1/desk/agents", json=body)).json()["code"] == "not_admin"
    await desk.agents.sign_up("boss", PASSWORD, "主管", ("agent", "admin"))
    async with visitor(app) as boss:
        boss.headers["X-Requested-With"] = "zhiban"
        await boss.post("/v1/desk/sign-in", json={"name": "boss", "password": PASSWORD})
        weak = await boss.post("/v1/desk/agents", json={**body, "password": "short"})
        made = await boss.post("/v1/desk/agents", json=body)
        again = await boss.post("/v1/desk/agents", json=body)
    assert [weak.status_code, made.status_code, again.status_code] == [422, 201, 409]
    assert (made.json()["name"], made.json()["display_name"], made.json()["roles"]) == ("zhao", "赵", ["agent"])


async def test_an_agent_sees_who_waits_answers_and_gives_it_back(
    lin: httpx2.AsyncClient, customer: httpx2.AsyncClient, waiting: str
) -> None:
    queue = (await lin.get("/v1/desk/waiting")).json()["waiting"]
    assert [(entry["conversation"], entry["position"], entry["reason"]) for entry in queue] == [(waiting, 1, "asked")]
    epoch = await claim(lin, waiting)
    assert [held["id"] for held in (await lin.get("/v1/desk/held")).json()["conversations"]] == [waiting]
    confirm = {"rules": ["personal_data"], "reason": "客户自己发来的卡号"}
    body = {"epoch": epoch, "message_id": "a1", "text": f"您好。卡号 {CARD} 请不要发给我们。", "confirm": confirm}
    first = await lin.post(f"/v1/conversations/{waiting}/messages", json=body)
    again = await lin.post(f"/v1/conversations/{waiting}/messages", json=body)
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    transcript = (await lin.get(f"/v1/conversations/{waiting}")).json()
    assert transcript["conversation"]["holder"] == "lin"
    assert CARD not in str(transcript)
    released = await lin.post(f"/v1/conversations/{waiting}/release", json={"epoch": epoch})
    assert released.json()["state"] == "bot"
    assert (await lin.get(f"/v1/conversations/{waiting}")).status_code == 404


async def test_the_slower_agent_is_told_who_has_the_customer(
    lin: httpx2.AsyncClient, wang: httpx2.AsyncClient, waiting: str
) -> None:
    answers = await asyncio.gather(*(agent.post(f"/v1/conversations/{waiting}/claim") for agent in (lin, wang)))
    winner = next(answer for answer in answers if answer.status_code == 200).json()["holder"]
    loser = next(answer for answer in answers if answer.status_code == 409).json()
    assert (loser["code"], loser["holder"]) == ("handoff_already_claimed", winner)


async def test_a_colleagues_customer_is_not_there(
    lin: httpx2.AsyncClient, wang: httpx2.AsyncClient, waiting: str
) -> None:
    await claim(lin, waiting)
    for path in (f"/v1/conversations/{waiting}", f"/v1/conversations/{waiting}/suggestions"):
        answer = await wang.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "conversation_not_found")


async def test_what_the_bot_holds_no_agent_sees_or_takes(lin: httpx2.AsyncClient, customer: httpx2.AsyncClient) -> None:
    conversation = await send(customer, "在吗")
    epoch = {"epoch": 1}
    answers = [
        await lin.get(f"/v1/conversations/{conversation}"),
        await lin.post(f"/v1/conversations/{conversation}/claim", json=epoch),
        await lin.post(f"/v1/conversations/{conversation}/close", json=epoch),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_write_under_an_old_epoch_is_refused(lin: httpx2.AsyncClient, waiting: str) -> None:
    epoch = await claim(lin, waiting)
    body = {"epoch": epoch - 1, "message_id": "a1", "text": "您好"}
    answer = await lin.post(f"/v1/conversations/{waiting}/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "conversation_moved_on")


async def test_suggestions_say_when_the_knowledge_base_is_away(
    lin: httpx2.AsyncClient, waiting: str, shelf: Shelf
) -> None:
    shelf.away = True
    answer = await lin.get(f"/v1/conversations/{waiting}/suggestions")
    assert (answer.status_code, answer.json()["code"]) == (503, "knowledge_unavailable")


async def test_agents_search_the_articles(lin: httpx2.AsyncClient) -> None:
    found = (await lin.get("/v1/desk/search", params={"q": "退款"})).json()["articles"]
    assert [article["id"] for article in found] == ["refund_stuck", "invoice"]


async def test_a_ticket_is_worked_on_and_its_conversation_can_be_read(
    lin: httpx2.AsyncClient, wang: httpx2.AsyncClient, customer: httpx2.AsyncClient, bot: Bot, desk: Desk
) -> None:
    conversation = await send(customer, "我要投诉")
    ticket = await desk.reserve_ticket((await desk.conversation(conversation)).partition)
    opening = {
        "command": "ticket.open",
        "ticket": ticket,
        "kind": "complaint",
        "fields": {"what": "慢"},
        "due_hours": 24,
    }
    await bot.answer(conversation, "已登记", commands=[opening])
    listed = (await lin.get("/v1/tickets", params={"state": "open"})).json()["tickets"]
    assert [(one["id"], one["kind"], one["fields"]["what"]) for one in listed] == [(ticket, "complaint", "慢")]
    assert (await lin.get(f"/v1/conversations/{conversation}")).status_code == 200
    change = {"version": listed[0]["version"], "state": "in_progress", "note": "已联系仓库"}
    changed = await lin.patch(f"/v1/tickets/{ticket}", json=change)
    stale = await wang.patch(f"/v1/tickets/{ticket}", json=change)
    assert changed.json()["state"] == "in_progress"
    assert (stale.status_code, stale.json()["code"]) == (409, "ticket_changed")
    done = {"version": changed.json()["version"], "state": "done"}
    assert (await lin.patch(f"/v1/tickets/{ticket}", json=done)).json()["state"] == "done"
    assert [one["id"] for one in (await lin.get("/v1/tickets", params={"state": "done"})).json()["tickets"]] == [ticket]
    assert (await lin.get("/v1/tickets/T1-999")).json()["code"] == "ticket_not_found"


async def test_presence_makes_people_reachable(lin: httpx2.AsyncClient, desk: Desk) -> None:
    assert (await lin.get("/v1/desk/me")).json()["available"] is False
    await lin.post("/v1/desk/presence", json={"available": True})
    me = (await lin.get("/v1/desk/me")).json()
    assert (me["available"], me["duty"]["agents"]) == (True, ["lin"])
    await lin.post("/v1/desk/sign-out")
    assert not await desk.is_available("lin")


async def test_without_signing_in_there_is_nothing(client: httpx2.AsyncClient, waiting: str) -> None:
    for path in (
        "/v1/desk/me",
        "/v1/desk/waiting",
        "/v1/desk/held",
        "/v1/desk/events",
        "/v1/desk/search?q=x",
        "/v1/tickets",
        "/v1/tickets/T1-1",
        f"/v1/conversations/{waiting}",
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), path
