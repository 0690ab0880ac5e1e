"""Accounts: who may make and change them, passwords, and pages of other sites."""

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import Application
from tests.gateway.cast import PASSWORD
from tests.gateway.conftest import signed_in, visitor

NEW = {"name": "zhao", "password": "a long password"}


async def sign_in(client: httpx2.AsyncClient, name: str, password: str = PASSWORD) -> httpx2.Response:
    client.headers["X-Requested-With"] = "zhiban"
    return await client.post("/v1/desk/sign-in", json={"name": name, "password": password})


async def test_an_administrator_makes_lists_and_changes_accounts(app: Application, desk: Desk) -> None:
    async with signed_in(app, desk, "root", "", "admin") as root:
        skills = {"categories": ["refunds", "returns"], "languages": ["zh"], "vip": False}
        made = await root.post("/v1/desk/agents", json=NEW | {"skills": skills, "capacity": 3, "roles": ["agent"]})
        assert (made.status_code, made.json()["number"], made.json()["skills"]) == (201, 102, skills)
        change = {"version": 1, "display_name": "小赵", "roles": ["supervisor"], "capacity": 8}
        changed = await root.patch("/v1/desk/agents/zhao", json=change)
        stale = await root.patch("/v1/desk/agents/zhao", json=change)
        assert (changed.status_code, changed.json()["version"], changed.json()["capacity"]) == (200, 2, 8)
        assert (stale.status_code, stale.json()["code"]) == (409, "account_changed")
        listed = (await root.get("/v1/desk/agents")).json()["agents"]
        assert [(one["name"], one["roles"]) for one in listed] == [("root", ["admin"]), ("zhao", ["supervisor"])]
        assert "password" not in str(listed)
        last = await root.patch("/v1/desk/agents/root", json={"version": 1, "roles": ["agent"]})
        assert (last.status_code, last.json()["code"]) == (409, "last_admin")
        unknown = await root.patch("/v1/desk/agents/nobody", json={"version": 1, "capacity": 1})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "agent_not_found")
        page = (await root.get("/v1/desk/audit", params={"who": "root"})).json()["entries"]
    whats = [(one["what"], one["subject"]) for one in page]
    assert whats == [("account_changed", "zhao"), ("account_added", "zhao"), ("signed_in", None)]
    assert page[0]["details"] == {"fields": ["capacity", "display_name", "roles"], "roles": ["supervisor"]}


async def test_a_supervisor_sets_skills_and_nothing_else(app: Application, desk: Desk) -> None:
    await desk.agents.sign_up("zhao", PASSWORD)
    async with signed_in(app, desk, "boss", "", "supervisor") as boss:
        path = "/v1/desk/agents/zhao"
        skills = {"categories": ["card"], "languages": [], "vip": True}
        allowed = await boss.patch(path, json={"version": 1, "skills": skills, "capacity": 2})
        assert (allowed.status_code, allowed.json()["skills"]) == (200, skills)
        bad = await boss.patch(path, json={"version": 2, "skills": {"categories": ["weather"]}})
        assert (bad.status_code, bad.json()["code"]) == (422, "unknown_category")
        for change in (
            {"roles": ["admin"]},
            {"password": "a long password"},
            {"blocked": True},
            {"capacity": 1, "display_name": "x"},
        ):
            refused = await boss.patch(path, json={"version": 2} | change)
            assert (refused.status_code, refused.json()["code"]) == (403, "not_admin"), change
        assert (await boss.post("/v1/desk/agents", json=NEW | {"name": "qian"})).status_code == 403
        assert (await boss.get("/v1/desk/agents")).status_code == 200


async def test_an_agent_sees_and_changes_no_accounts(app: Application, lin: httpx2.AsyncClient) -> None:
    assert (await lin.get("/v1/desk/agents")).json()["code"] == "not_admin"
    for change in ({"skills": {}}, {"capacity": 9}, {"roles": ["admin"]}, {}):
        assert (await lin.patch("/v1/desk/agents/lin", json={"version": 1} | change)).status_code == 403


async def test_a_blocked_account_is_out_at_once(app: Application, desk: Desk, lin: httpx2.AsyncClient) -> None:
    async with signed_in(app, desk, "root", "", "admin") as root, visitor(app) as again:
        await root.patch("/v1/desk/agents/lin", json={"version": 1, "blocked": True})
        assert (await lin.get("/v1/desk/me")).status_code == 401
        answer = await sign_in(again, "lin")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")


async def test_one_changes_ones_own_password_and_other_sessions_end(app: Application, lin: httpx2.AsyncClient) -> None:
    async with visitor(app) as elsewhere:
        await sign_in(elsewhere, "lin")
        wrong = await lin.post("/v1/desk/password", json={"old": "wrong password", "new": "another horse"})
        weak = await lin.post("/v1/desk/password", json={"old": PASSWORD, "new": "short"})
        assert (wrong.json()["code"], weak.json()["code"]) == ("password_wrong", "weak_password")
        assert (await elsewhere.get("/v1/desk/me")).status_code == 200
        changed = await lin.post("/v1/desk/password", json={"old": PASSWORD, "new": "another horse"})
        assert changed.status_code == 204
        assert (await lin.get("/v1/desk/me")).status_code == 200
        assert (await elsewhere.get("/v1/desk/me")).status_code == 401


async def test_refusals_do_not_tell_whether_a_name_exists(app: Application, desk: Desk) -> None:
    await desk.agents.sign_up("lin", PASSWORD)
    answers: dict[str, list[tuple[int, str]]] = {}
    for number, name in enumerate(("lin", "nobody")):
        async with visitor(app, f"203.0.113.{number + 1}") as client:
            found = [await sign_in(client, name, "wrong password") for _ in range(7)]
            answers[name] = [(one.status_code, one.json()["detail"]) for one in found]
            assert [one.status_code for one in found] == [401] * 5 + [429] * 2
            assert 1 <= int(found[-1].headers["Retry-After"]) <= 30
    assert answers["lin"] == answers["nobody"]
    noted = [entry.who for entry in (await desk.audit.read(what="sign_in_refused")).entries]
    assert sorted(set(noted)) == ["", "lin"]  # what is no name may be a password: it is not kept


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),  # no browser
        ({"Origin": "http://zhiban.test"}, 204),
        ({"Origin": "https://ZHIBAN.test"}, 204),
        ({"Origin": "https://shop.example", "X-Forwarded-Host": "shop.example"}, 204),  # a proxy that renames us
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://shop.example"}, 204),  # the browser knows best
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://zhiban.test"}, 403),
    ],
)
async def test_a_page_of_another_site_can_do_nothing_even_with_the_header(
    lin: httpx2.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await lin.post("/v1/desk/presence", json={"available": True}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "foreign_origin"


async def test_customers_see_a_neutral_name_until_the_agent_chooses_one(
    app: Application, desk: Desk, customer: httpx2.AsyncClient
) -> None:
    from tests.gateway.cast import Bot
    from tests.gateway.conftest import send

    conversation = await send(customer, "转人工")
    await Bot(desk).call_a_person(conversation)
    async with signed_in(app, desk, "admin", "", "agent", "admin") as admin:
        epoch = (await admin.post(f"/v1/conversations/{conversation}/claim")).json()["epoch"]
        body = {"epoch": epoch, "text": "您好"}
        await admin.post(f"/v1/conversations/{conversation}/messages", json=body | {"message_id": "a1"})
        await admin.patch("/v1/desk/agents/admin", json={"version": 1, "display_name": "小安"})
        await admin.post(f"/v1/conversations/{conversation}/messages", json=body | {"message_id": "a2"})
    events = (await customer.get("/v1/events", params={"conversation": conversation})).json()["events"]
    assert "admin" not in str(events)
    assert {event["author"]["id"] for event in events if event["author"]["role"] == "agent"} == {"小安"}
