"""One run: customers arrive at a rate, agents work, faults happen; then everybody comes to rest and all is read."""

import asyncio
import random
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from benchmarks.workload import MESSAGES_PER_CONVERSATION, make_workload
from desk import Desk, Settings
from tests.chaos.agents import Agents
from tests.chaos.collecting import collect, conversations, until_nothing_is_left
from tests.chaos.customers import Customer, Line, lines_of
from tests.chaos.entry import Entry
from tests.chaos.faults import Fault, Faults
from tests.chaos.record import Evidence
from tests.chaos.redis_watch import RedisWatch
from tests.chaos.team import Team

_DIFFERENT = 200  # conversations, then the same words come again from others
_REST_SECONDS = 30.0
_TALK_SECONDS = 300.0


@dataclass(frozen=True)
class Plan:
    """`rate`: messages a second that arrive, whether or not the answers keep up."""

    seed: int
    conversations: int
    rate: float
    faults: tuple[Fault, ...] = ()


async def play(team: Team, plan: Plan) -> tuple[Evidence, list[str]]:
    """What the run left behind, and lines that tell what happened to it."""
    evidence = Evidence()
    connector = aiohttp.TCPConnector(limit=0)
    settings = Settings(redis_url=f"unix://{team.redis_socket}")
    with RedisWatch(team.redis_socket) as watch:
        async with (
            aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http,
            await Desk.connect(settings) as desk,
        ):
            stage = _Stage(team, plan, http, evidence)
            await stage.play(desk)
            evidence.outages = watch.outages
    return evidence, stage.happened


class _Stage:
    def __init__(self, team: Team, plan: Plan, http: aiohttp.ClientSession, evidence: Evidence) -> None:
        self._team, self._plan, self._evidence = team, plan, evidence
        self._chance = random.Random(plan.seed)
        self._entry = Entry(http, team.doors, self._chance)
        self._customers: list[Customer] = []
        self.happened: list[str] = []

    async def play(self, desk: Desk) -> None:
        agents = Agents(self._entry, self._evidence)
        await agents.sign_in(desk)
        working = asyncio.create_task(agents.work())
        # Its own chance: the faults are the same whatever the customers do.
        faults = Faults(self._team, random.Random(self._plan.seed + 1), self._plan.faults)
        over, begun = asyncio.Event(), time.monotonic()
        raging = asyncio.create_task(faults.rage(over))
        try:
            await self._let_customers_come()
        finally:
            over.set()
            await raging
        await until_nothing_is_left(desk, _REST_SECONDS)
        await self._bounded("agents", agents.finish(), _REST_SECONDS)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await self._come_to_rest(desk)
        self._tell(faults, time.monotonic() - begun)

    async def _let_customers_come(self) -> None:
        between = MESSAGES_PER_CONVERSATION / self._plan.rate
        talks = _talks(self._plan.seed)
        coming: set[asyncio.Task[None]] = set()
        for number in range(self._plan.conversations):
            customer = Customer(f"c{number}", self._entry, self._evidence)
            self._customers.append(customer)
            coming.add(asyncio.create_task(self._live(customer, next(talks))))
            await asyncio.sleep(self._chance.expovariate(1 / between))
        await asyncio.gather(*coming)

    async def _live(self, customer: Customer, lines: list[Line]) -> None:
        await self._bounded(customer.name, customer.live(lines), _TALK_SECONDS)

    async def _bounded(self, name: str, work: Coroutine[Any, Any, None], seconds: float) -> None:
        """What cannot go on is a finding, with everything that happened until then; it does not end the run."""
        try:
            async with asyncio.timeout(seconds):
                await work
        except TimeoutError:
            self._evidence.stuck.append(name)

    async def _come_to_rest(self, desk: Desk) -> None:
        ends = {id_: (await desk.conversation(id_)).seq for id_ in await conversations(desk)}
        await asyncio.gather(
            *(self._bounded(customer.name, customer.catch_up(ends), _REST_SECONDS) for customer in self._customers)
        )
        await collect(desk, self._evidence)

    def _tell(self, faults: Faults, seconds: float) -> None:
        rate = len(self._evidence.sent) / seconds
        self.happened.append(f"{seconds:.0f} s, {rate:.1f} messages/s, of agents too")
        self.happened.append("faults: " + ", ".join(f"{what} {count}" for what, count in sorted(faults.done.items())))
        restarts = ", ".join(f"{name} {count}" for name, count in self._team.restarts().items() if count)
        self.happened.append(f"started again: {restarts or 'none'}")


def _talks(seed: int) -> Iterator[list[Line]]:
    talks = make_workload(_DIFFERENT, 0, seed).conversations
    while True:
        yield from map(lines_of, talks)
