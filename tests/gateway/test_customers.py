"""What a customer's page may do: open a session, write, read what happened."""

import asyncio
import hashlib
import hmac
import time

import httpx2

from desk import Desk
from gateway.doors.app import Application
from tests.gateway.cast import CARD, Bot
from tests.gateway.conftest import SITE_SECRET, send, visitor


async def test_an_anonymous_customer_writes_and_reads_the_answer(customer: httpx2.AsyncClient, bot: Bot) -> None:
    conversation = await send(customer, "我的快递三天没动了")
    await bot.answer(conversation, "可以申请退款。")
    answer = (await customer.get("/v1/events", params={"conversation": conversation})).json()
    said = [(event["author"]["role"], event["text"]) for event in answer["events"] if event["type"] == "message"]
    assert said == [("customer", "我的快递三天没动了"), ("bot", "可以申请退款。")]
    assert [event["seq"] for event in answer["events"]] == list(range(1, len(answer["events"]) + 1))
    assert answer["state"] == "bot"


async def test_the_same_message_twice_is_one_message(customer: httpx2.AsyncClient) -> None:
    body = {"message_id": "m1", "text": "在吗"}
    first = (await customer.post("/v1/messages", json=body)).json()
    second = (await customer.post("/v1/messages", json=body)).json()
    assert first == {"conversation": first["conversation"], "seq": first["seq"], "duplicate": False}
    assert second == {**first, "duplicate": True}


async def test_a_long_poll_ends_as_soon_as_something_is_said(customer: httpx2.AsyncClient, bot: Bot) -> None:
    conversation = await send(customer, "在吗")
    seq = (await customer.get("/v1/events", params={"conversation": conversation})).json()["events"][-1]["seq"]
    polled = asyncio.create_task(
        customer.get("/v1/events", params={"conversation": conversation, "after": seq, "wait": 20})
    )
    await asyncio.sleep(0)
    started = time.monotonic()
    await bot.answer(conversation, "在的。")
    answer = (await polled).json()
    assert [event["text"] for event in answer["events"] if event["type"] == "message"] == ["在的。"]
    assert time.monotonic() - started < 4


async def test_a_long_poll_without_news_answers_with_nothing(customer: httpx2.AsyncClient) -> None:
    conversation = await send(customer, "在吗")
    answer = await customer.get("/v1/events", params={"conversation": conversation, "after": 99, "wait": 0.2})
    assert answer.json()["events"] == []


async def test_another_customer_sees_nothing_of_it(app: Application, customer: httpx2.AsyncClient) -> None:
    conversation = await send(customer, "在吗")
    async with visitor(app) as stranger:
        session = (await stranger.post("/v1/sessions", json={})).json()["session"]
        stranger.headers["Authorization"] = f"Bearer {session}"
        answer = await stranger.get("/v1/events", params={"conversation": conversation})
    assert (answer.status_code, answer.json()["code"]) == (404, "conversation_not_found")


async def test_a_session_of_another_maker_opens_nothing(client: httpx2.AsyncClient) -> None:
    import jwt

    forged = jwt.encode({"iss": "zhiban", "sub": "x", "iat": 0, "exp": 2**33}, "guess" * 8, algorithm="HS256")
    unsigned = jwt.encode({"iss": "zhiban", "sub": "x", "iat": 0, "exp": 2**33}, None, algorithm="none")
    for token in (forged, unsigned, "", "a.b.c", "é"):
        answer = await client.get("/v1/events", headers={"Authorization": f"Bearer {token}".encode()})
        assert (answer.status_code, answer.json()["code"]) == (401, "session_invalid")


async def test_a_session_is_renewed_for_the_same_customer(customer: httpx2.AsyncClient) -> None:
    conversation = await send(customer, "在吗")
    renewed = (await customer.post("/v1/sessions", json={})).json()
    assert renewed["conversation"] == conversation
    assert renewed["language"] == "zh-Hans"


def vouch(user: str, at: int, secret: str = SITE_SECRET) -> dict[str, object]:
    signature = hmac.new(secret.encode(), f"{user}|{at}".encode(), hashlib.sha256).hexdigest()
    return {"user": user, "at": at, "signature": signature}


async def test_a_vouched_customer_finds_the_conversation_on_another_device(app: Application, desk: Desk) -> None:
    async with visitor(app) as phone, visitor(app) as laptop:
        at = int(time.time())
        on_phone = (await phone.post("/v1/sessions", json={"vouch": vouch("li|si", at)})).json()
        phone.headers["Authorization"] = f"Bearer {on_phone['session']}"
        conversation = await send(phone, "在吗")
        on_laptop = (await laptop.post("/v1/sessions", json={"vouch": vouch("li|si", at)})).json()
    assert on_laptop["conversation"] == conversation
    assert (await desk.conversation(conversation)).vouched_as == "li|si"


async def test_a_site_says_who_is_a_vip_and_nobody_else_can(app: Application, desk: Desk) -> None:
    at = int(time.time())
    signature = hmac.new(SITE_SECRET.encode(), f"li|{at}|vip".encode(), hashlib.sha256).hexdigest()
    async with visitor(app) as client:
        claimed = await client.post("/v1/sessions", json={"vouch": {**vouch("li", at), "vip": True}})
        assert (claimed.status_code, claimed.json()["code"]) == (403, "vouch_refused")
        body = {"user": "li", "at": at, "signature": signature, "vip": True}
        opened = (await client.post("/v1/sessions", json={"vouch": body})).json()
        client.headers["Authorization"] = f"Bearer {opened['session']}"
        assert (await desk.conversation(await send(client, "在吗"))).vip


async def test_a_vouch_that_does_not_hold_is_refused(client: httpx2.AsyncClient) -> None:
    now = int(time.time())
    wrong = [
        vouch("li", now, "another secret"),
        vouch("li", now - 301),
        vouch("li", now + 120),
        {**vouch("li", now), "user": "wang"},
    ]
    for body in wrong:
        answer = await client.post("/v1/sessions", json={"vouch": body})
        assert (answer.status_code, answer.json()["code"]) == (403, "vouch_refused")
    assert (await client.post("/v1/sessions", json={"vouch": vouch("li", now)})).status_code == 201


async def test_a_card_number_is_masked_before_it_is_written(customer: httpx2.AsyncClient, desk: Desk) -> None:
    conversation = await send(customer, f"我的卡号是 {CARD}，帮我查一下")
    written = [event.text for event in await desk.events(conversation) if event.type == "message"]
    assert "1111" in written[0]
    assert CARD not in written[0]
    assert "411111111111" not in written[0].replace(" ", "")


async def test_control_characters_do_not_reach_the_log(customer: httpx2.AsyncClient, desk: Desk) -> None:
    conversation = await send(customer, "你\x00好\r\n\x1b[31m红\x9f")
    assert (await desk.events(conversation))[-1].text == "你好\n[31m红"


async def test_a_tapped_button_is_shown_with_its_title(customer: httpx2.AsyncClient, bot: Bot, desk: Desk) -> None:
    from desk import Reply

    conversation = await send(customer, "我要投诉")
    await bot.answer(conversation, Reply(text="要提交吗？", buttons=[{"title": "提交", "payload": "/affirm"}]))
    await send(customer, "", "m2", payload="/affirm")
    event = (await desk.events(conversation))[-1]
    assert (event.text, event.payload) == ("提交", "/affirm")


async def test_a_typed_slash_is_only_text(customer: httpx2.AsyncClient, desk: Desk) -> None:
    conversation = await send(customer, "/restart")
    event = (await desk.events(conversation))[-1]
    assert (event.text, event.payload) == ("/restart", None)


async def test_too_many_messages_are_refused_with_a_time_to_wait(customer: httpx2.AsyncClient) -> None:
    answers = [await customer.post("/v1/messages", json={"message_id": f"m{n}", "text": "在吗"}) for n in range(22)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 2
    assert refused[0].json()["code"] == "rate_limited"
    assert int(refused[0].headers["Retry-After"]) >= 1


async def test_a_message_of_nothing_is_refused(customer: httpx2.AsyncClient) -> None:
    answer = await customer.post("/v1/messages", json={"message_id": "m1", "text": " \x00 "})
    assert (answer.status_code, answer.json()["code"]) == (422, "empty_message")


async def test_customers_see_an_agents_display_name_and_nothing_private(
    customer: httpx2.AsyncClient, lin: httpx2.AsyncClient, bot: Bot
) -> None:
    conversation = await send(customer, "转人工")
    await bot.call_a_person(conversation)
    claimed = (await lin.post(f"/v1/conversations/{conversation}/claim", json={})).json()
    said = {"epoch": claimed["epoch"], "message_id": "a1", "text": "您好，我来帮您。"}
    assert (await lin.post(f"/v1/conversations/{conversation}/messages", json=said)).status_code == 202
    text = (await customer.get("/v1/events", params={"conversation": conversation})).text
    assert "林小姐" in text
    assert '"lin"' not in text
    assert "holder" not in text
