"""Workers as processes, over a Rasa and a knowledge server that a test writes."""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.gateway.process import ROOT
from tests.worker.scripted_knowledge import ScriptedKnowledge
from tests.worker.scripted_rasa import SECRET, ScriptedRasa


class Workers:
    """Processes of `python -m gateway.worker`, started and stopped one by one."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._environ = environ
        self._folder = folder
        self.processes: list[asyncio.subprocess.Process] = []

    async def start(self) -> asyncio.subprocess.Process:
        log = (self._folder / f"worker-{secrets.token_hex(4)}.log").open("wb")
        with log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "gateway.worker", env=self._environ, cwd=ROOT, stdout=log, stderr=log
            )
        self.processes.append(process)
        return process

    async def stop(self, process: asyncio.subprocess.Process) -> None:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0
        self.processes.remove(process)


@contextlib.asynccontextmanager
async def two_workers(folder: Path, **settings: str) -> AsyncIterator[Workers]:
    """Who share the partitions; `settings` are REDIS_URL, NAMESPACE, and what differs from a plain worker."""
    rasa, knowledge = ScriptedRasa(), ScriptedKnowledge()
    await rasa.start()
    await knowledge.start()
    urls = {"RASA_URL": rasa.url, "KNOWLEDGE_URL": knowledge.url, "BOT_SECRET": SECRET}
    own = {"WORKER_PORT": "0", "WORKERS": "2", "LOG_FORMAT": "json", "WELCOME_CHANNELS": "none"}
    workers = Workers({**os.environ, **urls, **own, **settings}, folder)
    try:
        await asyncio.gather(workers.start(), workers.start())
        yield workers
    finally:
        for process in [*workers.processes]:
            await workers.stop(process)
        await rasa.stop()
        await knowledge.stop()
