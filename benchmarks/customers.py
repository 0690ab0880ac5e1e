"""The customers of a benchmark, in a process of their own: `python -m benchmarks.customers JOB ANSWERS`.

JOB is JSON: url; talks [{sender, texts}]; customers, how many write at once; timeout, in seconds; and seconds, after
which nobody begins to write another message. With `every`, each customer has a message to send every so many seconds
and a wait counts from that moment, also when the answer before it was late; without, each writes on being answered.
ANSWERS is JSON: answers [{talk, place, wait, replies}] (wait in seconds, replies null after a failure), seconds, cpu.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

_DOOR = "/webhooks/rest/webhook"


@dataclass
class Crowd:
    """All customers of a job; a talk belongs to one of them from its first to its last message."""

    job: dict[str, Any]
    answers: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._talks = deque(enumerate(self.job["talks"]))

    async def play(self) -> float:
        """The seconds it took."""
        self._begun = time.perf_counter()
        self._until = self._begun + self.job["seconds"]
        timeout = aiohttp.ClientTimeout(total=self.job["timeout"])
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
            await asyncio.gather(*(self._customer(http, number) for number in range(self.job["customers"])))
        return time.perf_counter() - self._begun

    async def _customer(self, http: aiohttp.ClientSession, number: int) -> None:
        every = self.job.get("every")
        due = self._begun + (every or 0) * number / self.job["customers"]
        while self._talks:
            talk, said = self._talks.popleft()
            for place, text in enumerate(said["texts"]):
                now = time.perf_counter()
                if max(now, due) >= self._until:
                    return
                if every:
                    await asyncio.sleep(max(0.0, due - now))
                since = due if every else now
                replies = await self._ask(http, {"sender": said["sender"], "message": text})
                wait = time.perf_counter() - since
                self.answers.append({"talk": talk, "place": place, "wait": wait, "replies": replies})
                due += every or 0

    async def _ask(self, http: aiohttp.ClientSession, message: dict[str, str]) -> list[dict[str, Any]] | None:
        try:
            async with http.post(self.job["url"] + _DOOR, json=message) as answer:
                return await answer.json(content_type=None) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None


def main() -> None:
    job, answers = map(Path, sys.argv[1:])
    crowd = Crowd(json.loads(job.read_text(encoding="utf-8")))
    seconds = asyncio.run(crowd.play())
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"answers": crowd.answers, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime}
    answers.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
