"""What is said to customers of a messaging app reaches it: in order, at least once, under the same id each time."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from channels import read_webhooks
from channels.webhook import WebhookChannel
from desk import Address, DeadLetter, Event, Tries
from desk.conversation import partition_of_conversation
from gateway.worker.retries import Draw, Retries
from tests.worker.scripted_rasa import says
from tests.worker.shop import Shop
from tests.worker.webhook_app import ACCOUNT, WebhookApp, running_app

SOON = Retries(shortest=0.05, growth=1.0, longest=0.05)


class Steady(Retries):
    """Every wait is as long as it may be."""

    def after(self, before: Tries, now: datetime, retry_after: float | None, draw: Draw = max) -> Tries:
        return super().after(before, now, retry_after, draw)


@pytest.fixture
async def app(shop: Shop, tmp_path: Path) -> AsyncIterator[WebhookApp]:
    """The app is up, the shop's workers send to it, and try again after moments."""
    async with running_app(tmp_path) as app, WebhookChannel(read_webhooks(app.setting)) as channel:
        shop.channels, shop.retries = {"webhook": channel}, SOON
        shop.options = {"welcome_channels": frozenset()}
        yield app


async def write(shop: Shop, text: str, user: str = "mei") -> str:
    """The conversation."""
    from desk import Incoming

    shop.sent += 1
    return (await shop.desk.receive(Incoming(Address("webhook", ACCOUNT, user), f"m{shop.sent}", text))).conversation


async def ask(shop: Shop, text: str, user: str = "mei") -> str:
    """The conversation, once the bot has answered; whether that arrives is another matter."""
    conversation = await write(shop, text, user)
    message_id = f"m{shop.sent}"
    await shop.until(conversation, lambda events: [e for e in events if message_id in e.body.get("reply_to", [])])
    return conversation


async def dead_letter(shop: Shop) -> DeadLetter:
    async with asyncio.timeout(20):
        while not (letters := await shop.desk.outbox.dead()):
            await asyncio.sleep(0.03)
    return letters[0]


async def all_sent(shop: Shop) -> None:
    async with asyncio.timeout(20):
        while (await shop.desk.outbox.depth()).waiting:
            await asyncio.sleep(0.03)


async def test_an_answer_reaches_the_app_as_its_customer_may_see_it(shop: Shop, app: WebhookApp) -> None:
    shop.rasa.answer = lambda _: says("好吗？", buttons=[{"title": "好", "payload": "/affirm"}])
    async with shop.worker():
        conversation = await write(shop, "你好")
        await app.until_shown("mei", 1)
        await all_sent(shop)
    [message] = await app.shown("mei")
    assert (message["account"], message["user"], message["conversation"]) == (ACCOUNT, "mei", conversation)
    assert (message["author"], message["text"], message["seq"]) == ({"role": "bot", "id": ""}, "好吗？", 3)
    assert message["buttons"] == [{"title": "好", "payload": "/affirm"}]
    assert message["reply_to"] == ["m1"]
    assert await app.attempts() == [message["message_id"]]
    assert (await shop.desk.conversation(conversation)).delivered == 3
    assert shop.metrics.outbox_sent.labels("webhook")._value.get() == 1


async def test_the_first_answer_says_that_the_bot_is_a_bot(shop: Shop, app: WebhookApp) -> None:
    shop.options = {}
    async with shop.worker():
        await write(shop, "你好")
        welcome, answer = await app.until_shown("mei", 2)
        await write(shop, "在吗")
        assert len(await app.until_shown("mei", 3)) == 3
    assert "不是真人" in welcome
    assert answer == "heard 1: 你好"


async def test_what_an_agent_writes_is_sent_under_an_id_of_its_own_and_a_display_name(
    shop: Shop, app: WebhookApp
) -> None:
    """Two agents' pages may choose the same message id."""
    await shop.desk.agents.sign_up("lin", "correct horse battery", "小林")
    async with shop.worker():
        for user in ("mei", "bo"):
            held = await shop.desk.claim(await ask(shop, "转人工", user), "lin")
            await shop.desk.say(held.id, "lin", held.epoch, "a1", f"您好，{user}")
            await app.until_shown(user, 2)
    shown = [(await app.shown(user))[-1] for user in ("mei", "bo")]
    assert [message["author"] for message in shown] == [{"role": "agent", "id": "小林"}] * 2
    assert len(set(await app.attempts())) == 4


async def test_order_is_kept_while_messages_fail_and_others_are_not_held_up(shop: Shop, app: WebhookApp) -> None:
    await app.trouble(kind="fail", user="mei", times=5)
    async with shop.worker():
        for number in range(3):
            await ask(shop, f"问{number}")
        await ask(shop, "别人", "bo")
        assert await app.until_shown("mei", 3) == ["heard 1: 问0", "heard 2: 问1", "heard 3: 问2"]
        await app.until_shown("bo", 1)
        await all_sent(shop)
    ids = [message["message_id"] for message in await app.shown("mei")]
    assert [id_ for id_, _ in itertools.groupby(i for i in await app.attempts() if i in ids)] == ids
    assert shop.metrics.outbox_retried.labels("webhook")._value.get() == 5


async def test_who_cannot_be_reached_blocks_nobody_else(shop: Shop, app: WebhookApp) -> None:
    """Also in the same partition, and on a receiver that does not answer at all."""
    same = next(
        f"u{number}"
        for number in range(10_000)
        if Address("webhook", ACCOUNT, f"u{number}").partition == Address("webhook", ACCOUNT, "mei").partition
    )
    await app.trouble(kind="hang", user="mei")
    async with shop.worker(drain_seconds=0.1):
        await ask(shop, "你好")
        await app.until_attempts(1)
        await ask(shop, "你好", same)
        assert await app.until_shown(same, 1) == ["heard 1: 你好"]
    assert await app.shown("mei") == []


async def test_the_app_is_left_alone_for_as_long_as_it_asks(shop: Shop, app: WebhookApp) -> None:
    await app.trouble(kind="limit", seconds=1, times=1)
    clock = asyncio.get_running_loop().time
    async with shop.worker():
        await ask(shop, "你好")
        await app.until_attempts(1)
        first = clock()
        await app.until_shown("mei", 1)
        assert clock() - first > 0.8


async def test_a_refused_message_is_a_dead_letter_at_once_and_can_be_sent_again(shop: Shop, app: WebhookApp) -> None:
    await app.trouble(kind="fail", status=404, times=1)
    async with shop.worker():
        conversation = await ask(shop, "一")
        letter = await dead_letter(shop)
        await ask(shop, "二")
        assert await app.until_shown("mei", 1) == ["heard 2: 二"]
        await shop.desk.outbox.resend(letter.id)
        assert await app.until_shown("mei", 2) == ["heard 2: 二", "heard 1: 一"]
        await all_sent(shop)
    assert (letter.reason, letter.tries, letter.account) == ("refused 404", 1, ACCOUNT)
    assert (await app.attempts()).count(letter.message_id) == 2
    events = await shop.desk.events(conversation)
    [failed] = [event for event in events if event.type == "delivery"]
    assert failed.body == {"message_id": letter.message_id, "status": "failed"}
    assert (await shop.desk.conversation(conversation)).delivered == sent_last(events).seq
    assert shop.metrics.outbox_dead.labels("webhook")._value.get() == 1


async def test_what_fails_again_and_again_is_given_up_and_the_next_one_is_sent(shop: Shop, app: WebhookApp) -> None:
    await app.trouble(kind="fail", times=SOON.most)
    async with shop.worker():
        await ask(shop, "一")
        await ask(shop, "二")
        letter = await dead_letter(shop)
        assert await app.until_shown("mei", 1) == ["heard 2: 二"]
    assert (letter.reason, letter.tries) == ("failed 500", SOON.most)
    assert (await app.attempts()).count(letter.message_id) == SOON.most


async def test_tries_are_counted_across_workers(shop: Shop, app: WebhookApp) -> None:
    shop.retries = Steady(shortest=0.8, growth=1.0, most=4)
    await app.trouble(kind="fail", times=100)
    for count in (1, 2, 3):
        async with shop.worker(f"worker {count}"):
            if count == 1:
                await ask(shop, "一")
            await app.until_attempts(count)
            await until_tried(shop, count)
    async with shop.worker("last"):
        letter = await dead_letter(shop)
    assert letter.tries == 4
    assert len(await app.attempts()) == 4


async def test_an_account_that_is_gone_is_said_so(shop: Shop, app: WebhookApp) -> None:
    async with shop.worker():
        conversation = await write(shop, "你好")
        await app.until_shown("mei", 1)
    async with WebhookChannel({}) as nobody:
        shop.channels = {"webhook": nobody}
        async with shop.worker():
            await ask(shop, "还在吗")
            letter = await dead_letter(shop)
    assert (letter.reason, letter.conversation) == ("no account", conversation)


async def test_a_worker_told_to_stop_lets_what_is_on_its_way_arrive_and_marks_it(shop: Shop, app: WebhookApp) -> None:
    await app.trouble(kind="silence", seconds=0.5, times=1)
    async with shop.worker() as worker:
        await ask(shop, "一")
        await app.until_shown("mei", 1)
        worker.stop()
    assert (await shop.desk.outbox.depth()).waiting == 0
    assert len(await app.attempts()) == 1


async def test_a_sender_that_lost_its_lease_marks_nothing_and_the_next_sends_it_again(
    shop: Shop, app: WebhookApp
) -> None:
    await app.trouble(kind="silence", seconds=1.0, times=1)
    async with shop.worker():
        conversation = await write(shop, "一")
        await app.until_shown("mei", 1)
        partition = partition_of_conversation(conversation)
        await shop.desk.store.ask("DEL", shop.desk.keys.partition(partition).lease)
        await shop.desk.lease(partition, "thief", ttl_ms=1500)
        attempts = await app.until_attempts(2)
        await all_sent(shop)
    assert len(set(attempts)) == 1
    assert len(await app.shown("mei")) == 1


async def test_an_app_that_dies_before_it_answers_shows_the_message_once(shop: Shop, app: WebhookApp) -> None:
    shop.retries = Retries(shortest=0.2, growth=1.0, most=200)  # for as long as it takes to start again
    await app.trouble(kind="die")
    async with shop.worker():
        await ask(shop, "一")
        assert await app.ended() == 1
        await app.start()
        [again] = await app.until_attempts(1)
        await all_sent(shop)
    [message] = await app.shown("mei")
    assert message["message_id"] == again


async def test_other_channels_are_not_sent(shop: Shop, app: WebhookApp) -> None:
    async with shop.worker():
        await shop.ask("你好")
        await ask(shop, "你好")
        await app.until_shown("mei", 1)
    assert len(await app.attempts()) == 1


async def until_tried(shop: Shop, count: int) -> None:
    key = shop.desk.keys.partition(Address("webhook", ACCOUNT, "mei").partition).outbox_tries
    async with asyncio.timeout(10):
        while not any(json.loads(tries)["count"] >= count for tries in await shop.desk.store.ask("HVALS", key)):
            await asyncio.sleep(0.02)


def sent_last(events: list[Event]) -> Event:
    return next(event for event in reversed(events) if event.author.role == "bot")
