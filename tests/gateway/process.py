"""The doors as a process of their own."""

import asyncio
import re
import signal
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Process:
    """`python -m gateway.doors`, ready to serve."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self.log = log
        self.url = ""

    async def until_open(self) -> None:
        """Its log says where it listens: with PORT=0 the system chooses."""
        async with asyncio.timeout(30):
            while not (opened := re.search(r'"address": "(http://[^"]+)/"', self.log.read_text())):
                assert self.process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.05)
        self.url = opened[1]

    async def stop(self) -> float:
        """The seconds that it took."""
        started = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), 15)
        return time.monotonic() - started
