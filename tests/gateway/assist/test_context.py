"""What an agent is told on arrival: extracted, each line from an event; orders from the real sample office."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from desk import Desk, Reply
from desk.case import WrapUp
from gateway.doors.app import create_app
from gateway.doors.assist import Assist
from office.staff import StaffOffice
from tests.gateway.assisting import path
from tests.gateway.cast import PASSWORD, Bot
from tests.gateway.conftest import MakeDoors, running, send, visitor
from tests.office.conftest import Office, office  # noqa: F401 - the fixture of the sample office

ARTICLE = {"id": "refunds-time", "version": 4, "title": "退款多久能到账？", "category": "refunds"}


@pytest.fixture
async def asked(customer: httpx2.AsyncClient, bot: Bot) -> str:
    """A customer whom the bot gave an article, and who then got angry and asked for a person."""
    conversation = await send(customer, "你好", "m1")
    await bot.answer(conversation, "您好")
    await send(customer, "退款怎么还没到，订单 QH20260412345", "m2")
    await bot.answer(conversation, Reply(text="1-3 个工作日", article=ARTICLE))
    await send(customer, "你们就是骗子！我姓王，电话13912345678", "m3")
    await bot.call_a_person(conversation)
    return conversation


async def test_the_summary_is_what_was_said_and_says_where(lin: httpx2.AsyncClient, asked: str) -> None:
    told = (await lin.get(path(asked, "context"))).json()
    events = {e["seq"]: e for e in (await lin.get(f"/v1/conversations/{asked}")).json()["events"]}
    assert told["wants"]["text"] in events[told["wants"]["seq"]]["text"]
    assert "退款" in told["wants"]["text"]
    by_kind = {line["kind"]: line for line in told["summary"]}
    assert "退款多久能到账" in by_kind["answered"]["text"]
    assert events[by_kind["answered"]["seq"]]["article"]["id"] == "refunds-time"
    assert events[by_kind["asked_person"]["seq"]]["to"] == "waiting"
    assert by_kind["upset"]["seq"] == max(s for s, e in events.items() if e["author"]["role"] == "customer")
    assert told["tried"][0] == {
        "kind": "article",
        "id": "refunds-time",
        "title": "退款多久能到账？",
        "state": "given",
        "seq": by_kind["answered"]["seq"],
        "step": None,
    }
    assert told["rewritten"] is None


async def test_slots_mood_and_customer_are_told(lin: httpx2.AsyncClient, asked: str) -> None:
    told = (await lin.get(path(asked, "context"), params={"language": "en"})).json()
    slots = {slot["name"]: slot for slot in told["slots"]}
    assert (slots["order_number"]["value"], slots["order_number"]["label"]) == ("QH20260412345", "Order number")
    assert slots["phone"]["value"] == "13912345678"
    assert told["mood"]["now"] == "angry"
    assert [at["mood"] for at in told["mood"]["over_time"]] == ["calm", "annoyed", "angry"]
    assert told["customer"]["name"] == "王"
    assert told["verified"] == {"state": "no", "by": None, "at": None, "how": None}
    assert told["orders"] == {"state": "unavailable", "orders": []}  # these doors have no office


async def test_earlier_contacts_and_open_tickets_are_told(
    lin: httpx2.AsyncClient, customer: httpx2.AsyncClient, bot: Bot, asked: str, desk: Desk
) -> None:
    conversation = await desk.claim(asked, "lin")
    wrap = WrapUp("refund.progress", "退款查询，已催", {"category": "refund"})
    await desk.assist.wrap_up(conversation, "lin", conversation.epoch, wrap, close=True)
    again = await send(customer, "又来了，退款还没到", "m9")
    ticket = await desk.reserve_ticket(conversation.partition)
    opened = {"command": "ticket.open", "ticket": ticket, "kind": "complaint", "fields": {"what": "退款"}}
    await bot.answer(again, "已登记", commands=[opened, {"command": "handoff.request", "reason": "complaint"}])
    told = (await lin.get(path(again, "context"))).json()
    (former,) = told["earlier"]
    assert (former["conversation"], former["disposition"], former["agent"]) == (asked, "refund.progress", "lin")
    assert former["wants"] == "退款查询，已催"
    assert [one["id"] for one in told["tickets"]] == [ticket]
    assert "ticket" in [line["kind"] for line in told["summary"]]


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


async def test_the_order_is_there_before_anybody_asks(with_office: httpx2.AsyncClient, asked: str) -> None:
    told = (await with_office.get(path(asked, "context"))).json()["orders"]
    assert (told["state"], told["orders"][0]["order"]) == ("ok", "QH20260412345")
    assert told["orders"][0]["items"][0]["name"] == "保温杯 500ml 白色"
    assert told["orders"][0]["events"]
