"""Wrapping a case up through the door."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from desk import Desk
from desk.times import to_text
from gateway.doors.app import create_app
from gateway.doors.assist import Assist
from office.staff import StaffOffice
from tests.gateway.assisting import epoch_of, path, say
from tests.gateway.cast import PASSWORD
from tests.gateway.conftest import MakeDoors, running, send, visitor
from tests.office.conftest import Office, office  # noqa: F401 - the fixture of the sample office

FORM = {"category": "refund", "order_number": "QH20260412345", "phone": "13912345678", "request": "退款"}


async def wrap(agent: httpx2.AsyncClient, conversation: str, **changed: object) -> httpx2.Response:
    body = {"epoch": await epoch_of(agent, conversation), "disposition": "refund.progress", "form": FORM, **changed}
    return await agent.post(path(conversation, "wrap-up"), json=body)


async def test_the_options_are_a_tree_in_the_agents_language(lin: httpx2.AsyncClient) -> None:
    told = (await lin.get("/v1/agent/wrap-up/options", params={"language": "en"})).json()
    refund = next(node for node in told["dispositions"] if node["id"] == "refund")
    assert refund["title"] == "Refund"
    assert "refund.progress" in [leaf["id"] for leaf in refund["children"]]
    assert next(c for c in told["categories"] if c["id"] == "refund")["required"] == ["order_number", "request"]
    assert told["target_seconds"] == 185
    assert [field["name"] for field in told["fields"]][:2] == ["category", "order_number"]


async def test_the_form_is_filled_from_what_was_said(
    lin: httpx2.AsyncClient, customer: httpx2.AsyncClient, held: str
) -> None:
    await send(customer, "订单 QH20260412345，电话 139 1234 5678", "m2")
    await say(lin, held, "收到，我帮您登记，24小时内给您回复。")
    told = (await lin.get(path(held, "wrap-up"))).json()
    form = {name: field["value"] for name, field in told["form"].items()}
    assert form["category"] in ("refund", "logistics")
    assert (form["order_number"], form["phone"]) == ("QH20260412345", "+86 139 1234 5678")
    assert form["promised"] == "24小时内给您回复"
    due = datetime.fromisoformat(form["deadline"])
    assert timedelta(hours=23) < due - datetime.now(UTC) <= timedelta(hours=24)
    events = {e["seq"]: e for e in (await lin.get(f"/v1/conversations/{held}")).json()["events"]}
    assert "QH20260412345" in events[told["form"]["order_number"]["seq"]]["text"]
    assert told["disposition"]["id"].startswith(form["category"])
    assert told["done"] is False
    assert told["problems"] == [
        {"field": "order_number", "code": "office_unavailable", "severity": "advise", "why": told["problems"][0]["why"]}
    ]


async def test_a_form_with_holes_is_not_filed_and_nothing_is_closed(
    lin: httpx2.AsyncClient, held: str, desk: Desk
) -> None:
    past = to_text(datetime.now(UTC) - timedelta(hours=1))
    answer = await wrap(
        lin,
        held,
        form={"category": "refund", "phone": "1391234", "deadline": past, "colour": "red"},
        disposition="refund.nonsense",
        tickets=[{"kind": "callback", "text": "回电"}],
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "wrap_up_refused")
    found = {(one["field"], one["code"]) for one in answer.json()["problems"]}
    assert found == {
        ("order_number", "required"),
        ("request", "required"),
        ("phone", "bad_phone"),
        ("deadline", "past"),
        ("colour", "unknown_field"),
        ("disposition", "unknown_disposition"),
    }
    assert (await desk.conversation(held)).state == "person"
    assert await desk.tickets() == []


async def test_form_tickets_and_closing_are_one_step(lin: httpx2.AsyncClient, held: str, desk: Desk) -> None:
    await lin.post(path(held, "wrap-up/begin"))
    answer = await wrap(
        lin, held, summary="退款催办", tickets=[{"kind": "callback", "text": "退款到账后回电", "due_hours": 2}]
    )
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["conversation"]["state"] == "closed"
    assert set(told["handling"]) == {"talk_seconds", "after_seconds", "total_seconds", "target_seconds", "within"}
    assert (told["handling"]["target_seconds"], told["handling"]["within"]) == (185, True)
    ticket = await desk.ticket(told["tickets"][0])
    assert (ticket.kind, ticket.fields["order_number"], ticket.fields["text"]) == (
        "callback",
        "QH20260412345",
        "退款到账后回电",
    )
    kept = await desk.assist.wrapped_up(held)
    assert kept is not None
    assert kept["form"]["phone"] == "+86 139 1234 5678"
    assert [entry.what for entry in (await desk.audit.read(what="wrapped_up")).entries] == ["wrapped_up"]
    again = await lin.get(path(held, "wrap-up"))
    assert (again.json()["done"], again.json()["summary"]) == (True, "退款催办")
    twice = await lin.post(
        path(held, "wrap-up"),
        json={"epoch": told["conversation"]["epoch"], "disposition": "refund.progress", "form": FORM, "close": False},
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "wrapped_up_already")


async def test_after_closing_the_form_is_for_whoever_had_the_customer(
    lin: httpx2.AsyncClient, wang: httpx2.AsyncClient, held: str
) -> None:
    epoch = await epoch_of(lin, held)
    await lin.post(f"/v1/conversations/{held}/close", json={"epoch": epoch})
    assert (await wang.get(path(held, "wrap-up"))).status_code == 404
    body = {"epoch": epoch, "disposition": "refund.progress", "form": FORM, "close": False}
    assert (await wang.post(path(held, "wrap-up"), json=body)).status_code == 404
    assert (await lin.post(path(held, "wrap-up"), json=body)).status_code == 200


async def test_under_an_old_epoch_it_is_refused(lin: httpx2.AsyncClient, held: str) -> None:
    answer = await wrap(lin, held, epoch=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "conversation_moved_on")


@pytest.fixture
async def with_office(make_doors: MakeDoors, desk: Desk, office: Office) -> AsyncIterator[httpx2.AsyncClient]:  # noqa: F811
    """Lin, at doors that have the sample office."""
    async with StaffOffice(office.url) as staff:
        doors = replace(make_doors(), assist=Assist(office=staff))
        async with running(create_app(doors)) as app, visitor(app) as client:
            await desk.agents.sign_up("lin", PASSWORD, "林小姐")
            client.headers["X-Requested-With"] = "zhiban"
            await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
            yield client


async def test_an_order_number_is_looked_up_at_the_office(with_office: httpx2.AsyncClient, waiting: str) -> None:
    wrong = {"form": {**FORM, "order_number": "QH20269999999"}, "disposition": "card.lost"}
    found = (await with_office.post(path(waiting, "wrap-up/check"), json=wrong)).json()["problems"]
    assert [(one["field"], one["code"], one["severity"]) for one in found] == [
        ("order_number", "unknown_order", "stop"),
        ("disposition", "other_category", "advise"),
    ]
    right = (await with_office.post(path(waiting, "wrap-up/check"), json={"form": FORM})).json()["problems"]
    assert right == []
