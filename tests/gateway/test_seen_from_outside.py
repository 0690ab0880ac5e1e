"""Doors and worker as processes: every series that is documented is there and moves, and their logs tell no secrets."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from desk import Desk
from desk.conversation import partition_of_conversation
from tests.gateway.cast import CARD, MOBILE, PASSWORD, PNG
from tests.gateway.ear import ear
from tests.gateway.process import ROOT
from tests.product import free_ports
from tests.worker.scripted_knowledge import ScriptedKnowledge
from tests.worker.scripted_rasa import SECRET, ScriptedRasa
from tests.worker.small_server import SmallServer
from tests.worker.webhook_app import SECRET as HOOK_SECRET

ADDRESS = "上海市浦东新区世纪大道100号2单元701"
API_KEY = "k-7f3a9d2e51c84b60"
WRONG_PASSWORD = "a password that is wrong"
DOCUMENTED = re.compile(r"`(zhiban_\w+)(?:\{[^`]*)?`")


@pytest.fixture
async def neighbours() -> AsyncIterator[tuple[ScriptedRasa, ScriptedKnowledge]]:
    rasa, knowledge = ScriptedRasa(), ScriptedKnowledge()
    await rasa.start()
    await knowledge.start()
    yield rasa, knowledge
    await rasa.stop()
    await knowledge.stop()


class Receiver(SmallServer):
    """A backend that is content with everything."""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._take, methods=["POST"])])

    async def _take(self, _request: Request) -> Response:
        return Response(status_code=204)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


class World:
    """Doors, a worker, and what may not be found in their logs."""

    def __init__(self, door: Any, worker_url: str, worker_log: Path, rasa: ScriptedRasa) -> None:
        self.door = door
        self.worker_url = worker_url
        self.worker_log = worker_log
        self.rasa = rasa
        self.secrets = {MOBILE, CARD, CARD.replace(" ", ""), ADDRESS, PASSWORD, WRONG_PASSWORD, API_KEY, SECRET}

    @property
    def lines(self) -> list[str]:
        return [*self.door.log.read_text().splitlines(), *self.worker_log.read_text().splitlines()]

    async def series(self) -> dict[str, float]:
        """The sum of each series over its labels and both processes."""
        found: dict[str, float] = {}
        async with httpx2.AsyncClient(trust_env=False) as client:
            for url in (self.door.url, self.worker_url):
                for line in (await client.get(f"{url}/metrics")).text.splitlines():
                    if not line.startswith("#"):
                        name, value = re.split(r"(?:\{.*\})? ", line, maxsplit=1)
                        found[name] = found.get(name, 0.0) + float(value)
        return found


@pytest.fixture
async def world(
    start: Any,
    neighbours: tuple[ScriptedRasa, ScriptedKnowledge],
    receiver: Receiver,
    redis_url: str,
    namespace: str,
    tmp_path: Path,
) -> AsyncIterator[World]:
    rasa, knowledge = neighbours
    [port] = free_ports(1)
    hooks = f"shop:{receiver.url}/:{HOOK_SECRET},down:http://127.0.0.1:1/:{HOOK_SECRET}"
    shared = {"WEBHOOKS": hooks, "KNOWLEDGE_URL": knowledge.url}
    of_the_door = {"WEBHOOKS": f"{hooks},gone:{receiver.url}/:{HOOK_SECRET}", "REST_WAIT_SECONDS": "1.5"}
    door = await start(REST_API_KEYS=f"shop:{API_KEY}", REQUEST_LIMIT="2", **{**shared, **of_the_door})
    own = {"REDIS_URL": redis_url, "NAMESPACE": namespace, "RASA_URL": rasa.url, "BOT_SECRET": SECRET}
    environ = {**os.environ, **shared, **own, "WORKER_PORT": str(port), "LOG_FORMAT": "json"}
    log = tmp_path / "worker.log"
    with log.open("wb") as out:
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway.worker", env=environ, cwd=ROOT, stdout=out, stderr=out
        )
    async with asyncio.timeout(30):
        while "worker_started" not in log.read_text():
            await asyncio.sleep(0.05)
    yield World(door, f"http://127.0.0.1:{port}", log, rasa)
    worker.send_signal(signal.SIGTERM)
    await asyncio.wait_for(worker.wait(), 15)


async def ask(world: World, sender: str, text: str) -> list[dict[str, Any]]:
    async with httpx2.AsyncClient(base_url=world.door.url, timeout=15) as client:
        body = {"sender": sender, "message": text}
        answer = await client.post("/webhooks/rest/webhook", json=body, headers={"X-API-Key": API_KEY})
        return answer.json() if answer.status_code == 200 else []


def signed(body: str) -> dict[str, str]:
    at = datetime.now(UTC)
    signature = Webhook(HOOK_SECRET).sign("msg_1", at, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


async def hand_in(world: World, account: str, text: str) -> None:
    body = json.dumps({"message_id": "m1", "user": MOBILE, "text": text})
    async with httpx2.AsyncClient(base_url=world.door.url, timeout=15) as client:
        await client.post(f"/v1/channels/webhook/{account}", content=body.encode(), headers=signed(body))


async def through_all_doors(world: World, desk: Desk, text: str) -> None:
    """The same words as message, id, name, path and broken body, by customers, backends and agents."""
    async with httpx2.AsyncClient(base_url=world.door.url, timeout=15) as client:
        session = (await client.post("/v1/sessions", json={})).json()["session"]
        world.secrets.add(session)
        own = {"Authorization": f"Bearer {session}"}
        sent = await client.post("/v1/messages", json={"message_id": "m1", "text": text}, headers=own)
        conversation = sent.json()["conversation"]
        await client.post("/v1/messages", content=f'{{"text": "{text}'.encode(), headers=own)
        await client.get("/v1/events", params={"conversation": text}, headers=own)
        await client.get(f"/v1/attachments/{text}", headers=own)
        await client.post("/v1/attachments", files={"file": (f"{MOBILE}.png", PNG, "image/png")}, headers=own)
        for account in ("shop", "down", MOBILE):
            await hand_in(world, account, text)
        async with ear(world.door.url, session) as page:
            await page.call("resume", {"conversation": conversation, "after": 0})
            await page.call("message", {"message_id": text, "text": text})
            await page.emit("message", [text])
        await as_agent(world, client, desk, conversation, text)


async def as_agent(world: World, client: httpx2.AsyncClient, desk: Desk, conversation: str, text: str) -> None:
    await desk.agents.sign_up("lin", PASSWORD, "小林", ("agent", "supervisor", "admin"))
    client.headers["X-Requested-With"] = "zhiban"
    for name, password in ((text, WRONG_PASSWORD), ("lin", WRONG_PASSWORD), ("lin", PASSWORD)):
        await client.post("/v1/desk/sign-in", json={"name": name, "password": password})
    world.secrets.add(str(client.cookies["zhiban_agent"]))
    epoch = (await desk.conversation(conversation)).epoch
    taken = await client.post(f"/v1/conversations/{conversation}/take-over", json={"epoch": epoch, "note": text})
    assert taken.status_code == 200, taken.text
    epoch = (await desk.conversation(conversation)).epoch
    said = {"epoch": epoch, "message_id": "a1", "text": text, "confirm": True}
    await client.post(f"/v1/conversations/{conversation}/messages", json=said)
    await client.get("/v1/desk/search", params={"q": text})
    await client.get(f"/v1/conversations/{text}")
    await client.post("/v1/desk/agents", json={"name": text, "password": WRONG_PASSWORD, "roles": ["agent"]})


async def test_logs_are_json_lines_that_name_the_conversation_and_tell_no_secret(world: World, desk: Desk) -> None:
    text = f"电话{MOBILE} 卡{CARD} 地址{ADDRESS}"
    await through_all_doors(world, desk, text)
    world.rasa.status = 500  # what fails is written about
    assert await ask(world, MOBILE, text)
    metrics = json.dumps(await world.series(), ensure_ascii=False)
    entries = [json.loads(line) for line in world.lines]
    assert all({"timestamp", "level", "event", "room"} <= set(entry) for entry in entries)
    assert {entry["room"] for entry in entries} == {"doors", "worker"}
    about_turns = [entry for entry in entries if entry["event"] in ("turn_without_bot", "not_sent")]
    assert {entry["event"] for entry in about_turns} == {"turn_without_bot", "not_sent"}
    assert all(entry["conversation"].startswith("c") for entry in about_turns)
    written = "\n".join(world.lines) + metrics
    assert [secret for secret in world.secrets if secret in written] == []


async def test_a_failure_names_the_conversation(world: World, desk: Desk, redis: Any) -> None:
    """A key of another type stands for everything that may go wrong."""
    async with httpx2.AsyncClient(base_url=world.door.url, timeout=15) as client:
        session = (await client.post("/v1/sessions", json={})).json()["session"]
        own = {"Authorization": f"Bearer {session}"}
        sent = await client.post("/v1/messages", json={"message_id": "m1", "text": "在吗"}, headers=own)
        conversation = sent.json()["conversation"]
        log = desk.keys.partition(partition_of_conversation(conversation)).log(conversation)
        await redis.delete(log)
        await redis.set(log, "broken")
        answer = await client.get("/v1/events", params={"conversation": conversation}, headers=own)
    assert answer.status_code >= 500
    async with asyncio.timeout(5):  # it is written down after the answer
        while not (failures := [json.loads(line) for line in world.lines if "unknown_error" in line]):
            await asyncio.sleep(0.05)
    assert [entry["conversation"] for entry in failures] == [conversation]


async def test_every_documented_series_is_there_and_moves(world: World, desk: Desk, redis: Any) -> None:
    documented = documented_series()
    seen: dict[str, float] = {}
    sampling = asyncio.create_task(sample(world, seen))
    await through_all_doors(world, desk, "在吗")
    held = asyncio.create_task(hold_open(world))
    await hand_in(world, "gone", "在吗")  # an account that the worker does not know
    await slow_and_crowded(world)
    await failing(world, desk, redis)
    until = time.monotonic() + 20
    while (missing := sorted(unmoved(documented, seen))) and time.monotonic() < until and not sampling.done():
        await asyncio.sleep(0.2)
    for task in (sampling, held):
        task.cancel()
    await asyncio.gather(sampling, held, return_exceptions=True)
    assert missing == []
    exposed = {re.sub(r"_(bucket|count|sum)$", "", name) for name in seen if not name.endswith("_created")}
    assert exposed == documented


def documented_series() -> set[str]:
    """Of doors and worker, but for what is counted only with a server of one's own, which its row names."""
    lines = (ROOT / "docs" / "operations.md").read_text().splitlines()
    always = [line for line in lines if not re.search(r"`[A-Z_]+_URL`", line)]
    return {name for line in always for name in DOCUMENTED.findall(line) if not name.startswith("zhiban_knowledge_")}


def unmoved(documented: set[str], seen: dict[str, float]) -> set[str]:
    """Histograms by their count."""
    return {name for name in documented if not seen.get(name) and not seen.get(f"{name}_count")}


async def sample(world: World, seen: dict[str, float]) -> None:
    """The highest that each series was."""
    while True:
        for name, value in (await world.series()).items():
            seen[name] = max(value, seen.get(name, 0.0))
        await asyncio.sleep(0.1)


async def hold_open(world: World) -> None:
    """An agent's stream and a customer's socket."""
    async with httpx2.AsyncClient(base_url=world.door.url, headers={"X-Requested-With": "zhiban"}) as client:
        await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
        async with ear(world.door.url), client.stream("GET", "/v1/desk/events"):
            await asyncio.Event().wait()


async def slow_and_crowded(world: World) -> None:
    """One customer waits in vain while others are sent away."""
    go_on = asyncio.Event()
    world.rasa.hold = lambda _: go_on.wait()  # type: ignore[assignment, return-value]
    await asyncio.gather(*(ask(world, f"crowd{number}", "在吗") for number in range(4)))
    go_on.set()
    world.rasa.hold = None


async def failing(world: World, desk: Desk, redis: Any) -> None:
    """Rasa fails until it is left alone; so does an action; and one partition's timers cannot be read."""
    world.rasa.status, world.rasa.error = 500, "action_failed"
    await ask(world, "ann", "在吗")
    await world.rasa.stop()
    for number in range(4):
        await ask(world, f"bo{number}", "在吗")
    await redis.delete(desk.keys.partition(5).timers)
    await redis.set(desk.keys.partition(5).timers, "broken")
