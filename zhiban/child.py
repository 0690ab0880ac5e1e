"""One supervised program: started, watched, started again when it dies or hangs, and ended."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from zhiban import readiness
from zhiban.backoff import Backoff
from zhiban.logs import last_lines
from zhiban.output import Output
from zhiban.problems import Problem
from zhiban.program import Program
from zhiban.tether import tether

READY_SECONDS = 180.0
# Long enough for a pause of the whole machine, short enough for customers who wait.
HUNG_SECONDS = 10.0
ASK_AGAIN_SECONDS = 2.0
# One that dies this often before it was ready once will not get better by itself.
FATAL_DEATHS = 4

Tell = Callable[[str], None]


class Child:
    """`ready` is set once it was ready for the first time; `pid` is None between two lives."""

    def __init__(self, program: Program, logs: Path, tell: Tell, changed: Callable[[], None], backoff: Backoff) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.pid: int | None = None
        self.restarts = 0
        self.ready = asyncio.Event()
        self._tell, self._changed, self._backoff = tell, changed, backoff
        self._process: Process | None = None
        self._ending = asyncio.Event()

    async def keep(self) -> None:
        """Keep it running until `end`; raises Problem when it never gets ready."""
        output = Output(self.log, self._warn)
        try:
            while not self._ending.is_set():
                alive = await self._live(output)
                if not self._ending.is_set():
                    await self._wait_to_restart(alive)
        finally:
            output.close()

    async def end(self, seconds: float) -> None:
        """Ask it to end, its whole process group; after `seconds` it is killed."""
        self._ending.set()
        process = self._process
        if process is None:
            return
        _signal(process, signal.SIGTERM)
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            self._tell(f"{self.program.name} did not end within {seconds:.1f} s: killed")
        _signal(process, signal.SIGKILL)
        await process.wait()

    async def _live(self, output: Output) -> float:
        """One life from start to death; returns its seconds."""
        born = time.monotonic()
        pipe = await output.pipe()
        try:
            process = await self._start(pipe.end)
        finally:
            pipe.given_away()
        try:
            await self._until_it_dies(process)
        finally:
            await pipe.finish()
        if not self._ending.is_set():
            self._report(process.returncode)
        return time.monotonic() - born

    async def _start(self, output: int) -> Process:
        program = self.program
        try:
            return await asyncio.create_subprocess_exec(
                *program.command,
                cwd=program.folder,
                env=dict(program.environ),
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
                # A group of its own: Ctrl-C reaches us alone, and we end the children in order.
                start_new_session=True,
                pass_fds=program.descriptors,
                umask=program.umask,
                preexec_fn=tether(program.if_we_die),
            )
        except OSError as error:
            raise Problem(f"{program.name} cannot be started: {program.command[0]}: {error.strerror}.") from error

    async def _until_it_dies(self, process: Process) -> None:
        self._process, self.pid = process, process.pid
        self._changed()
        if self._ending.is_set():
            _signal(process, signal.SIGTERM)
        watching = asyncio.create_task(self._watch(process))
        try:
            await process.wait()
        finally:
            watching.cancel()
            # What it started itself must not outlive it.
            _signal(process, signal.SIGKILL)
            self._process, self.pid = None, None
            self._changed()

    async def _watch(self, process: Process) -> None:
        if self.program.ready is not None:
            await readiness.until(self.program.ready)
        if not self.ready.is_set():
            self.ready.set()
            self._changed()
        if self.program.alive is not None:
            await self._until_it_hangs(self.program.alive)
            self._tell(f"{self.program.name} has not answered for {HUNG_SECONDS:.0f} s: killed")
            _signal(process, signal.SIGKILL)  # a stopped process hears no other

    async def _until_it_hangs(self, alive: readiness.Ready) -> None:
        answered, unanswered = time.monotonic(), 0
        # More than one question: when we were stopped ourselves, much time has passed and nothing is wrong.
        while unanswered < 2 or time.monotonic() - answered < HUNG_SECONDS:
            await asyncio.sleep(ASK_AGAIN_SECONDS)
            if await alive():
                answered, unanswered = time.monotonic(), 0
            else:
                unanswered += 1

    def _warn(self, warning: str) -> None:
        if self.program.shows_warnings:
            self._tell(f"{self.program.name}: {warning}")

    def _report(self, code: int | None) -> None:
        how = f"exit code {code}" if code is None or code >= 0 else signal.Signals(-code).name
        if not self.ready.is_set() and self.restarts + 1 >= FATAL_DEATHS:
            last_words = " ".join(last_lines(self.log, 1))
            raise Problem(f"{self.program.name} does not start ({how}): {last_words} See {self.log}.")
        self._tell(f"{self.program.name} ended ({how}); starting it again")

    async def _wait_to_restart(self, alive: float) -> None:
        self.restarts += 1
        with suppress(TimeoutError):
            async with asyncio.timeout(self._backoff.after(alive)):
                await self._ending.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    """To its whole group, which may still have members when the process itself is gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
