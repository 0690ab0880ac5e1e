"""How fast the agents' page is answered when the floor is full: `python -m benchmarks.panel_load`.

The whole product (`zhiban run`: Redis, knowledge server, Rasa, worker, doors). 50 agents are signed in with open event
streams; 500 customers asked for a person and are held by them. Customers write at a fixed rate, whether or not anybody
keeps up, each message another text; the page asks what `web/desk` asks (`panel_load_agents.py`): suggestions and
context, three looks at the draft, the reply, and queue and own conversations at every change of the queue. Meanwhile
cases are wrapped up and new customers are claimed. The clients run on the same machine and take their part of it.
"""

import argparse
import asyncio
import itertools
import json
import os
import secrets
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import numpy as np
import yaml

from benchmarks.panel_load_agents import AgentPage, Refused, Times
from benchmarks.workload import make_workload
from tests.product import ROOT, Product, running_product

RESULTS = ROOT / "benchmarks" / "results" / "panel_load.json"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHOWN = (
    "suggestions",
    "message to suggestions",
    "context",
    "check",
    "claim",
    "reply",
    "wrap-up open",
    "wrap-up file",
    "queue",
    "held",
)
AT_ONCE = 8
WANT = "转人工"
TRIES = 5
WAIT_SECONDS = 60
LIMITS = {
    "RATE_SESSIONS": "1000000 per minute",
    "RATE_SIGN_IN": "1000000 per minute",
    "RATE_MESSAGES": "1000 per second",
}


class Floor:
    """The agents, the customers, and who talks to whom."""

    def __init__(self, http: aiohttp.ClientSession, url: str, pages: list[AgentPage]) -> None:
        self._http, self._url, self.pages = http, url, pages
        self.talks: dict[str, tuple[str, AgentPage]] = {}
        self._numbers = itertools.count()

    async def _say(self, token: str, text: str) -> str:
        body = {"message_id": f"m{next(self._numbers)}", "text": text}
        headers = {"Authorization": f"Bearer {token}"}
        for _ in range(TRIES):
            async with self._http.post(f"{self._url}/v1/messages", json=body, headers=headers) as answer:
                told: dict[str, Any] = await answer.json()
            if answer.status == 202:
                return str(told["conversation"])
            await asyncio.sleep(1)
        raise Refused(f"message: {answer.status} {told}")

    async def arrives(self, page: AgentPage) -> None:
        """A customer asks for a person, and the agent of `page` takes them as soon as they wait."""
        async with self._http.post(f"{self._url}/v1/sessions", json={"language": "zh-Hans"}) as answer:
            token = (await answer.json())["session"]
        conversation = await self._say(token, WANT)
        if conversation not in page.waiting:
            page.coming[conversation] = asyncio.Event()
            async with asyncio.timeout(WAIT_SECONDS):
                await page.coming[conversation].wait()
            del page.coming[conversation]
        await page.claim(conversation)
        self.talks[conversation] = (token, page)

    async def writes(self, conversation: str, text: str) -> None:
        token, page = self.talks[conversation]
        page.accepted[conversation] = time.perf_counter()
        await self._say(token, text)

    async def leaves(self, conversation: str) -> None:
        """Filed and closed; another customer comes in their place."""
        _, page = self.talks.pop(conversation)
        await page.wrap_up(conversation)
        await self.arrives(page)


async def filled(floor: Floor, customers: int) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            await floor.arrives(floor.pages[number % len(floor.pages)])

    done = await asyncio.gather(*(one(number) for number in range(customers)), return_exceptions=True)
    wrong = [one for one in done if isinstance(one, BaseException)]
    if wrong:
        print(f"{len(wrong)} customers were not taken, the first: {wrong[0]!r}", flush=True)


async def busy(floor: Floor, texts: list[str], given: argparse.Namespace, times: Times) -> list[str]:
    """Customers write and come and go at their rates; what went wrong, in words."""
    tasks: set[asyncio.Task[None]] = set()
    turn = 0
    began = time.perf_counter()
    for number, text in enumerate(texts):
        await asyncio.sleep(max(0.0, began + number / given.rate - time.perf_counter()))
        times.on = number >= given.warm * given.rate
        waiting_longest = list(floor.talks)
        tasks.add(asyncio.create_task(floor.writes(waiting_longest[(number * 37) % len(waiting_longest)], text)))
        if number / given.rate > turn / given.turnover:
            turn += 1
            tasks.add(asyncio.create_task(floor.leaves(waiting_longest[0])))
    done = await asyncio.gather(*tasks, return_exceptions=True)
    return [repr(one)[:300] for one in done if isinstance(one, BaseException)]


def accounts(product: Product, count: int) -> list[tuple[str, str]]:
    made = []
    with httpx2.Client(base_url=product.base_url, headers={"x-requested-with": "zhiban"}, timeout=30) as http:
        http.post("/v1/desk/sign-in", json={"name": "admin", "password": product.first_password}).raise_for_status()
        for number in range(count):
            made.append((f"agent{number}", secrets.token_urlsafe(12)))
            body = {"name": made[-1][0], "password": made[-1][1], "capacity": 20}
            http.post("/v1/desk/agents", json=body).raise_for_status()
    return made


async def play(product: Product, names: list[tuple[str, str]], given: argparse.Namespace) -> dict[str, Any]:
    times, url = Times(), product.base_url
    wide = aiohttp.TCPConnector(limit=0)
    pages = []
    for name, password in names:
        own = aiohttp.ClientSession(connector=wide, connector_owner=False, cookie_jar=aiohttp.CookieJar(unsafe=True))
        pages.append(AgentPage(own, url, name, times))
        await pages[-1].open(password)
    async with aiohttp.ClientSession(connector=wide, connector_owner=False) as http:
        floor = Floor(http, url, pages)
        began = time.perf_counter()
        await filled(floor, given.customers)
        print(f"{given.customers} taken in {time.perf_counter() - began:.0f} s", flush=True)
        for page in pages:
            page.looks = True
        count = round((given.warm + given.seconds) * given.rate)
        texts = [message.text for message in make_workload(0, count, seed=7).long]
        before = os.getloadavg()[0]
        wrong = await busy(floor, texts, given, times)
        await asyncio.sleep(5)
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    await asyncio.gather(*(page.close() for page in pages))
    await wide.close()
    asked = sum(len(took) for kind, took in times.of.items() if kind != "message to suggestions")
    told = {"agents": given.agents, "conversations": given.customers, "messages_per_second": given.rate}
    told |= {"seconds": given.seconds, "load_average": load, "requests_per_second": round(asked / given.seconds, 1)}
    return (
        told
        | {"ms": {kind: figures(took) for kind, took in times.of.items()}}
        | {
            "refused": dict(times.refused),
            "went_wrong": wrong[:5],
            "wrong": len(wrong),
        }
    )


def figures(took: list[float]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(np.array(took) * 1000, [50, 95, 99])
    return {"count": len(took), "p50": round(float(p50), 1), "p95": round(float(p95), 1), "p99": round(float(p99), 1)}


def table(told: dict[str, Any]) -> str:
    lines = ["| What the page asks | times | p50 | p95 | p99 ms |", "|---|---|---|---|---|"]
    for kind in SHOWN:
        if kind in told["ms"]:
            one = told["ms"][kind]
            lines.append(f"| {kind} | {one['count']} | {one['p50']:.0f} | {one['p95']:.0f} | {one['p99']:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--customers", type=int, default=500, help="conversations held at any time")
    parser.add_argument("--rate", type=float, default=4.0, help="customers' messages a second")
    parser.add_argument("--turnover", type=float, default=0.4, help="cases wrapped up, and customers claimed, a second")
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--warm", type=float, default=10.0)
    parser.add_argument("--report", type=Path, default=RESULTS, help="where the figures go, as JSON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hours = Path(folder) / "hours.yml"
        always = {"timezone": "Asia/Shanghai", "weekly": {day: ["00:00-24:00"] for day in DAYS}}
        hours.write_text(yaml.safe_dump(always | {"holidays": [], "extra_open": []}), encoding="utf-8")
        with running_product(Path(folder) / "data", OPENING_HOURS=hours, **LIMITS) as product:
            told = asyncio.run(play(product, accounts(product, given.agents), given))
    given.report.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    rest = {key: value for key, value in told.items() if key != "ms"}
    print(table(told), json.dumps(rest, ensure_ascii=False), sep="\n")


if __name__ == "__main__":
    main()
