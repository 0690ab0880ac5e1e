"""What is damaged on purpose is found, each time in one line that says where."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from desk import Desk, Reply, Settings, Turn
from desk.check import differences
from tests.desk.cast import BO, LIN, MEI, HandClock, Worker, asks_for_a_person, writes

Damage = Callable[["Scene"], Awaitable[object]]


class Scene:
    """Mei is served by Lin, Bo talks to the bot and has a ticket; `store` damages what is kept of them."""

    def __init__(self, desk: Desk, mei: str, bo: str, ticket: str) -> None:
        self.desk, self.mei, self.bo, self.ticket = desk, mei, bo, ticket
        self.mei_keys = desk.keys.partition(MEI.partition)
        self.bo_keys = desk.keys.partition(BO.partition)

    async def ask(self, *command: Any) -> Any:
        return await self.desk.store.ask(*command)


@pytest.fixture
async def scene(settings: Settings, clock: HandClock) -> AsyncIterator[Scene]:
    async with await Desk.connect(settings, clock) as desk:
        worker = Worker(desk)
        mei, _lease = await asks_for_a_person(desk, worker)
        await desk.set_presence(LIN, available=True)
        await desk.claim(mei, LIN)
        bo = (await writes(desk, "我要投诉", address=BO)).conversation
        lease = await worker.takes(BO.partition)
        ticket = await desk.reserve_ticket(BO.partition)
        command = {"command": "ticket.open", "ticket": ticket, "kind": "complaint", "fields": {}}
        await desk.commit_turn(lease, await worker.next_entry(lease), Turn(1, [Reply("已登记")], [command]))
        assert await differences(desk) == []
        yield Scene(desk, mei, bo, ticket)


def in_queue(scene: Scene) -> Awaitable[object]:
    return scene.ask("ZADD", scene.bo_keys.waiting, 1, scene.bo)


def waits_unqueued(scene: Scene) -> Awaitable[object]:
    return scene.ask("HSET", scene.bo_keys.conversation(scene.bo), "state", "waiting")


def queued_and_gone(scene: Scene) -> Awaitable[object]:
    return scene.ask("ZADD", scene.mei_keys.waiting, 1, f"c{MEI.partition}-nobody")


def held_without_holder(scene: Scene) -> Awaitable[object]:
    return scene.ask("HSET", scene.bo_keys.held, scene.bo, LIN)


def holder_without_held(scene: Scene) -> Awaitable[object]:
    return scene.ask("HDEL", scene.mei_keys.held, scene.mei)


def held_by_another(scene: Scene) -> Awaitable[object]:
    return scene.ask("HSET", scene.mei_keys.held, scene.mei, "qian")


def no_timer(scene: Scene) -> Awaitable[object]:
    return scene.ask("ZREM", scene.bo_keys.timers, scene.bo)


def seq_ahead(scene: Scene) -> Awaitable[object]:
    return scene.ask("HINCRBY", scene.bo_keys.conversation(scene.bo), "seq", 1)


def hole_in_the_log(scene: Scene) -> Awaitable[object]:
    return scene.ask("XDEL", scene.bo_keys.log(scene.bo), "2-0")


def unreadable_event(scene: Scene) -> Awaitable[object]:
    async def break_it() -> None:
        await scene.ask("XADD", scene.bo_keys.log(scene.bo), "99-0", "event", "{half an ev")
        await scene.ask("HSET", scene.bo_keys.conversation(scene.bo), "seq", 99)

    return break_it()


def epoch_behind(scene: Scene) -> Awaitable[object]:
    return scene.ask("HSET", scene.mei_keys.conversation(scene.mei), "epoch", 1)


def state_lost(scene: Scene) -> Awaitable[object]:
    return scene.ask("HDEL", scene.bo_keys.conversation(scene.bo), "state")


def conversation_lost(scene: Scene) -> Awaitable[object]:
    return scene.ask("DEL", scene.bo_keys.conversation(scene.bo))


def log_lost(scene: Scene) -> Awaitable[object]:
    return scene.ask("DEL", scene.bo_keys.log(scene.bo))


def inbox_of_nobody(scene: Scene) -> Awaitable[object]:
    return scene.ask("XADD", scene.bo_keys.inbox, "*", "conversation", "c0-nobody", "seq", 2, "message", "m")


def inbox_without_event(scene: Scene) -> Awaitable[object]:
    return scene.ask("XADD", scene.bo_keys.inbox, "*", "conversation", scene.bo, "seq", 41, "message", "m")


def outbox_of_nobody(scene: Scene) -> Awaitable[object]:
    return scene.ask("XADD", scene.bo_keys.outbox, "*", "conversation", "c0-nobody", "seq", 2)


def ticket_unlisted(scene: Scene) -> Awaitable[object]:
    return scene.ask("HSET", scene.bo_keys.ticket(scene.ticket), "state", "done")


def ticket_lost(scene: Scene) -> Awaitable[object]:
    return scene.ask("DEL", scene.bo_keys.ticket(scene.ticket))


def opened_for_nobody(scene: Scene) -> Awaitable[object]:
    return scene.ask("HSET", scene.bo_keys.customer(BO.digest), "open", f"c{BO.partition}-nobody")


def not_the_customers(scene: Scene) -> Awaitable[object]:
    return scene.ask("HDEL", scene.mei_keys.customer(MEI.digest), "open")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (in_queue, "{bo}: is bot, but in the queue"),
        (waits_unqueued, "{bo}: is waiting, but not in the queue"),
        (queued_and_gone, "-nobody: in a queue, but there is no such conversation"),
        (held_without_holder, "{bo}: is bot with '', but held by 'lin'"),
        (holder_without_held, "{mei}: is person with 'lin', but held by None"),
        (held_by_another, "{mei}: is person with 'lin', but held by 'qian'"),
        (no_timer, "{bo}: is bot, but has no timer"),
        (seq_ahead, "{bo}: seq is 5, but the log has 4 events up to 4"),
        (hole_in_the_log, "{bo}: seq is 4, but the log has 3 events up to 4"),
        (unreadable_event, "{bo}: event 99 cannot be read"),
        (epoch_behind, "{mei}: is person in epoch 1, but the log says person, 3"),
        (state_lost, "{bo}: lacks state"),
        (conversation_lost, "{bo}: has a log, but there is no such conversation"),
        (log_lost, "{bo}: seq is 4, but the log has 0 events up to 0"),
        (inbox_of_nobody, "c0-nobody: waits in the inbox, but there is no such conversation"),
        (inbox_without_event, "{bo}: event 41 waits in the inbox, but is not in the log"),
        (outbox_of_nobody, "c0-nobody: waits in the outbox, but there is no such conversation"),
        (ticket_unlisted, "{ticket}: is done, but its lists say otherwise"),
        (ticket_lost, "{ticket}: is None, but its lists say otherwise"),
        (opened_for_nobody, "-nobody: is open for a customer, but there is no such conversation"),
        (not_the_customers, "{mei}: is person, but its customer's open conversation is none"),
    ],
)
async def test_damage_is_found_and_named(scene: Scene, damage: Damage, said: str) -> None:
    await damage(scene)
    expected = said.format(mei=scene.mei, bo=scene.bo, ticket=scene.ticket)
    lines = await differences(scene.desk)
    assert [line for line in lines if expected in line], lines
