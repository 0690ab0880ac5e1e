"""`zhiban outbox`: an operator sees what could not be delivered, sends it again, or drops it."""

import asyncio

from desk import Address, Desk, Incoming, Reply, Settings, Turn

MEI = Address("webhook", "shop", "mei")


async def give_up_two(url: str) -> list[str]:
    """The ids of two messages that were refused, latest first."""
    async with await Desk.connect(Settings(redis_url=url)) as desk:
        lease = await desk.lease(MEI.partition, "w", 60_000)
        assert lease is not None
        for number in range(2):
            await desk.receive(Incoming(MEI, f"m{number}", "你好"))
            [entry] = await desk.inbox([lease], 0)
            await desk.commit_turn(lease, entry, Turn(1, [Reply("您好")]))
        for entry in await desk.outbox.read([lease], 0):
            await desk.outbox.give_up(lease, entry, MEI, "b-1", "refused 404")
        await desk.give_back(lease)
        return [letter.id for letter in await desk.outbox.dead()]


def test_dead_letters_are_listed_sent_again_and_dropped(command, server):
    url = server("--appendonly", "yes", "--maxmemory-policy", "noeviction")
    latest, first = asyncio.run(give_up_two(url))
    listed = command("outbox", "list", REDIS_URL=url)
    assert listed.lines[0] == "0 to be delivered, 2 given up"
    assert [line.split()[0] for line in listed.lines[1:]] == [latest, first]
    assert "refused 404" in listed.lines[1]
    assert "您好" not in "".join(listed.lines)
    assert command("outbox", "resend", first, REDIS_URL=url).lines == [f"{first}: in the outbox again"]
    assert command("outbox", "drop", latest, REDIS_URL=url).lines == [f"{latest}: dropped"]
    assert command("outbox", "list", REDIS_URL=url).lines == ["1 to be delivered, 0 given up"]
    missing = command("outbox", "drop", latest, REDIS_URL=url)
    assert (missing.code, missing.lines) == (1, [f"zhiban: there is no dead letter {latest}."])
