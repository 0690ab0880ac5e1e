"""Operators see what could not be delivered, send it again, or drop it; nobody else does."""

import httpx2
import pytest

from desk import Address, Desk
from desk.conversation import partition_of_conversation
from gateway.doors.app import Application
from tests.gateway.cast import PASSWORD, Bot
from tests.gateway.conftest import visitor

MEI = Address("webhook", "shop", "mei")


@pytest.fixture
async def letter(desk: Desk, bot: Bot) -> str:
    """The id of a message that was given up."""
    from desk import Incoming

    receipt = await desk.receive(Incoming(MEI, "m1", "你好"))
    await bot.answer(receipt.conversation, "您好")
    lease = await desk.lease(partition_of_conversation(receipt.conversation), "sender", 5000)
    assert lease is not None
    [entry] = await desk.outbox.read([lease], 0)
    await desk.outbox.give_up(lease, entry, MEI, "b-1", "refused 404")
    await desk.give_back(lease)
    return (await desk.outbox.dead())[0].id


@pytest.fixture
async def operator(app: Application, desk: Desk):
    await desk.agents.sign_up("chen", PASSWORD, "陈主管", ["supervisor"])
    async with visitor(app) as client:
        client.headers["X-Requested-With"] = "zhiban"
        assert (await client.post("/v1/desk/sign-in", json={"name": "chen", "password": PASSWORD})).status_code == 204
        yield client


async def test_a_dead_letter_is_seen_without_its_words(operator: httpx2.AsyncClient, letter: str) -> None:
    seen = (await operator.get("/v1/outbox")).json()
    assert (seen["waiting"], seen["dead"]) == (0, 1)
    [found] = seen["letters"]
    assert found.items() >= {"id": letter, "seq": 3, "reason": "refused 404", "channel": "webhook"}.items()
    assert "您好" not in str(seen)


async def test_it_is_sent_again_or_dropped_and_that_is_noted(
    operator: httpx2.AsyncClient, desk: Desk, letter: str
) -> None:
    assert (await operator.post(f"/v1/outbox/{letter}/resend")).status_code == 204
    assert await desk.outbox.depth() == await desk.outbox.depth([MEI.partition])
    assert (await desk.outbox.depth()).waiting == 1
    gone = await operator.delete(f"/v1/outbox/{letter}")
    assert (gone.status_code, gone.json()["code"]) == (404, "letter_not_found")
    noted = await desk.audit.read(what="outbox.resend")
    assert [(entry.who, entry.subject) for entry in noted.entries] == [("chen", letter)]


async def test_dropped_is_dropped(operator: httpx2.AsyncClient, desk: Desk, letter: str) -> None:
    assert (await operator.delete(f"/v1/outbox/{letter}")).status_code == 204
    assert (await operator.get("/v1/outbox")).json() == {"waiting": 0, "dead": 0, "letters": []}


async def test_agents_without_the_right_and_strangers_see_nothing(
    lin: httpx2.AsyncClient, client: httpx2.AsyncClient, letter: str
) -> None:
    assert (await lin.get("/v1/outbox")).status_code == 403
    assert (await lin.post(f"/v1/outbox/{letter}/resend")).status_code == 403
    assert (await client.get("/v1/outbox")).status_code == 401
