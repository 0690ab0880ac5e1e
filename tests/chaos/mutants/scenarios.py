"""Aimed scenarios: each opens, as long as it takes, the gap that one safeguard closes."""

import asyncio

from tests.chaos.mutants.stage import AGENT, Stage, freeze, go_on

# Nothing tells from outside that a worker has given up on a turn: this is many times what it takes.
_TURN_SECONDS = 0.8


async def thrice(stage: Stage) -> None:
    """A message is delivered three times at the same instant, to different doors."""
    guest = await stage.guest()
    for text in ("one", "two", "three"):
        sent = await guest.say(text, "doors", "doors2", "doors")
        await guest.is_answered(sent)


async def moved_on(stage: Stage) -> None:
    """While the bot thinks, an agent takes the customer, answers, and gives them back."""
    guest = await stage.guest()
    sent = await guest.say("hold:1", "doors")
    (thinking,) = await stage.held(1)
    conversation = sent.acks[0].conversation
    epoch = (await stage.desk.claim(conversation, AGENT)).epoch
    await stage.desk.say(conversation, AGENT, epoch, f"a-{conversation}", "I am here.")
    await stage.desk.release(conversation, AGENT, epoch)
    await stage.let_go(thinking)
    await guest.is_answered(sent)


async def late_answer(stage: Stage) -> None:
    """A worker is paused in a turn for longer than its lease; another one answers; the first comes back."""
    guest = await stage.guest()
    sent = await guest.say("hold:1", "doors")
    (thinking,) = await stage.held(1)
    paused = await stage.holder(sent.acks[0].conversation)
    freeze(paused)
    await guest.is_answered(sent)
    await stage.let_go(thinking)
    go_on(paused)
    await asyncio.sleep(_TURN_SECONDS)


async def late_finish(stage: Stage) -> None:
    """The same, but the first comes back while an agent looks in, and would leave the message to the agent.

    The agent says nothing and goes again: the second worker, which is thinking about it, owes the answer.
    """
    guest = await stage.guest()
    sent = await guest.say("hold:2", "doors")
    (first,) = await stage.held(1)
    conversation = sent.acks[0].conversation
    paused = await stage.holder(conversation)
    freeze(paused)
    _, second = await stage.held(2)
    epoch = (await stage.desk.claim(conversation, AGENT)).epoch
    await stage.let_go(first)
    go_on(paused)
    await asyncio.sleep(_TURN_SECONDS)
    await stage.desk.release(conversation, AGENT, epoch)
    await stage.let_go(second)


async def failover(stage: Stage) -> None:
    """Redis dies and its replica takes over, after a message that the replica never got."""
    guest = await stage.guest()
    await guest.is_answered(await guest.say("one", "doors"))
    stage.redis.lose_replica()
    await guest.say("two", "doors")
    stage.redis.fail_over()


async def door_dies(stage: Stage) -> None:
    """A door is killed the moment it has acknowledged several messages. Last: it stays dead."""
    guests = [await stage.guest() for _ in range(5)]
    for guest in guests:
        await guest.is_answered(await guest.say("one", "doors2"))
    await asyncio.gather(*(guest.say("two", "doors") for guest in guests))
    stage.doors["doors"].kill()
    await asyncio.sleep(_TURN_SECONDS)
