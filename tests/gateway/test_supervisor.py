"""The supervisors' door: board, audit, opening hours."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import Application
from tests.gateway.cast import Bot
from tests.gateway.conftest import send, signed_in
from tests.gateway.test_handing import claim, here, one_waits

SECRET_WORDS = "我的手机号是 13800138000"


@pytest.fixture
async def boss(app: Application, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(app, desk, "boss", "班长", "supervisor") as client:
        yield client


async def test_the_board_shows_who_waits_who_is_here_and_what_they_hold(
    app: Application, bot: Bot, desk: Desk, lin: httpx2.AsyncClient, boss: httpx2.AsyncClient
) -> None:
    await here(lin)
    held, waiting = await one_waits(app, bot, 1, "refunds"), await one_waits(app, bot, 2)
    epoch = await claim(lin, held)
    board = (await boss.get("/v1/desk/board")).json()
    assert board["duty"]["agents"] == ["lin"]
    assert [(one["conversation"], one["position"]) for one in board["waiting"]] == [(waiting, 1)]
    assert board["waiting"][0]["waited_seconds"] >= 0
    (agent,) = board["agents"]  # the supervisor has not said that she is here
    assert (agent["name"], agent["state"], agent["capacity"]) == ("lin", "available", 5)
    assert [(one["conversation"], one["category"]) for one in agent["holds"]] == [(held, "refunds")]
    assert board["handling"]["count"] == 0
    assert board["handling"]["median_seconds"] is None
    assert board["waits"]["count"] == 1
    await lin.post(f"/v1/conversations/{held}/close", json={"epoch": epoch})
    handling = (await boss.get("/v1/desk/board")).json()["handling"]
    assert (handling["count"], handling["target_seconds"], handling["within_target"]) == (1, 185, 1.0)
    assert [(one["name"], one["count"]) for one in handling["by_agent"]] == [("lin", 1)]


async def test_an_agent_who_is_gone_but_holds_somebody_stays_on_the_board(
    app: Application, bot: Bot, desk: Desk, lin: httpx2.AsyncClient, boss: httpx2.AsyncClient
) -> None:
    held = await one_waits(app, bot)
    await claim(lin, held)
    await lin.post("/v1/desk/presence", json={"available": False})
    assert [one["state"] for one in (await boss.get("/v1/desk/board")).json()["agents"]] == ["away"]
    await desk.set_presence("lin", available=False, ttl_seconds=0)
    (agent,) = (await boss.get("/v1/desk/board")).json()["agents"]
    assert (agent["state"], [one["conversation"] for one in agent["holds"]]) == ("gone", [held])


async def test_complaints_that_are_due_are_on_the_board_soonest_first(
    app: Application, bot: Bot, desk: Desk, customer: httpx2.AsyncClient, boss: httpx2.AsyncClient
) -> None:
    conversation = await send(customer, "我要投诉")
    partition = (await desk.conversation(conversation)).partition
    ids = [await desk.reserve_ticket(partition) for _ in range(4)]
    commands = [
        {"command": "ticket.open", "ticket": id_, "kind": kind, "fields": {}, "due_hours": hours}
        for id_, kind, hours in zip(
            ids, ("complaint", "complaint", "callback", "complaint"), (24, -1, -1, 1), strict=True
        )
    ]
    await bot.answer(conversation, "已登记", commands=commands)
    complaints = (await boss.get("/v1/desk/board")).json()["complaints"]
    assert (complaints["open"], complaints["overdue"], complaints["due_soon"]) == (3, 1, 1)
    assert [one["ticket"] for one in complaints["next"]] == [ids[1], ids[3], ids[0]]
    assert [one["overdue"] for one in complaints["next"]] == [True, False, False]


@pytest.mark.parametrize("path", ["/v1/desk/board", "/v1/desk/audit"])
async def test_agents_see_neither_board_nor_audit(lin: httpx2.AsyncClient, path: str) -> None:
    answer = await lin.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_the_audit_tells_who_did_what_and_nothing_that_a_customer_wrote(
    app: Application, bot: Bot, lin: httpx2.AsyncClient, boss: httpx2.AsyncClient, customer: httpx2.AsyncClient
) -> None:
    conversation = await send(customer, SECRET_WORDS)
    await bot.call_a_person(conversation)
    epoch = await claim(lin, conversation)
    path = f"/v1/conversations/{conversation}"
    await lin.post(f"{path}/messages", json={"epoch": epoch, "message_id": "a1", "text": "好的，13800138000"})
    await boss.get(path)
    await boss.get(path, params={"after": 3})  # reading on is not noted again
    await lin.post(f"{path}/release", json={"epoch": epoch})
    page = (await boss.get("/v1/desk/audit", params={"conversation": conversation})).json()
    assert [(one["who"], one["what"]) for one in page["entries"]] == [
        ("lin", "released"),
        ("boss", "read"),
        ("lin", "claimed"),
    ]
    everything = (await boss.get("/v1/desk/audit")).text
    assert "13800138000" not in everything
    assert "手机" not in everything
    assert [one["what"] for one in (await boss.get("/v1/desk/audit", params={"limit": 1})).json()["entries"]] == [
        "audit_read"
    ]


async def test_the_audit_cannot_be_written_or_erased_from_outside(boss: httpx2.AsyncClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await boss.request(method, "/v1/desk/audit", json={})).status_code == 405
    assert (await boss.get("/v1/desk/audit", params={"before": "x"})).status_code == 422


async def test_a_supervisor_edits_the_opening_hours(
    boss: httpx2.AsyncClient, lin: httpx2.AsyncClient, desk: Desk
) -> None:
    shipped = (await lin.get("/v1/desk/opening-hours")).json()
    assert (shipped["version"], shipped["source"], shipped["timezone"]) == (0, "file", "Asia/Shanghai")
    assert shipped["week"][0] == [{"from": "09:00", "to": "21:00"}]
    never = {"version": 0, "text": "timezone: UTC"}
    refused = await lin.put("/v1/desk/opening-hours", json=never)
    assert (refused.status_code, refused.json()["right"]) == (403, "routing.edit")
    changed = (await boss.put("/v1/desk/opening-hours", json=never)).json()
    assert (changed["version"], changed["source"], changed["open"], changed["opens_at"]) == (1, "edited", False, None)
    assert changed["by"] == "boss"
    assert not (await desk.on_duty()).open
    stale = await boss.put("/v1/desk/opening-hours", json=never)
    assert (stale.status_code, stale.json()["code"]) == (409, "opening_hours_changed")
    bad = await boss.put("/v1/desk/opening-hours", json={"version": 1, "text": "weekly: {montag: []}"})
    assert (bad.status_code, bad.json()["code"]) == (422, "bad_opening_hours")
    assert "montag" in bad.json()["detail"]
    back = (await boss.put("/v1/desk/opening-hours", json={"version": 1, "text": ""})).json()
    assert (back["version"], back["source"], back["text"]) == (2, "file", shipped["text"])
