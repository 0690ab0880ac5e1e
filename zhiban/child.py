"""One supervised program: started, watched, started again when it dies, and ended."""

import asyncio
import os
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from zhiban import readiness
from zhiban.backoff import Backoff
from zhiban.logs import Lines, RotatingFile, last_lines, warning_in
from zhiban.problems import Problem
from zhiban.program import Program
from zhiban.tether import tether

READY_SECONDS = 180.0
# One that dies this often before it was ready once will not get better by itself.
FATAL_DEATHS = 4
_CHUNK = 64 * 1024

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
        self._ending = False
        self._output: RotatingFile | None = None

    async def keep(self) -> None:
        """Keep it running until `end`; raises Problem when it never gets ready."""
        self._output = RotatingFile(self.log)
        try:
            while not self._ending:
                alive = await self._live()
                if not self._ending:
                    await self._wait_to_restart(alive)
        finally:
            self._output.close()

    async def end(self, seconds: float) -> None:
        """Ask it to end, its whole process group; after `seconds` it is killed."""
        self._ending = True
        process = self._process
        if process is None:
            return
        self._signal(process, signal.SIGTERM)
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            self._tell(f"{self.program.name} did not end within {seconds:.0f} s: killed")
        self._signal(process, signal.SIGKILL)
        await process.wait()

    async def _live(self) -> float:
        """One life from start to death; returns its seconds."""
        born = time.monotonic()
        process = await self._start()
        self._process, self.pid = process, process.pid
        self._changed()
        if self._ending:
            self._signal(process, signal.SIGTERM)
        watching = asyncio.create_task(self._watch_readiness())
        copying = asyncio.create_task(self._copy_output(process))
        try:
            await process.wait()
        finally:
            watching.cancel()
            # What it started itself must not outlive it, nor keep its output open.
            self._signal(process, signal.SIGKILL)
            self._process, self.pid = None, None
            self._changed()
        await _finished(copying)
        if not self._ending:
            self._report(process.returncode)
        return time.monotonic() - born

    async def _start(self) -> Process:
        program = self.program
        try:
            return await asyncio.create_subprocess_exec(
                *program.command,
                cwd=program.folder,
                env=dict(program.environ),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=STDOUT,
                # A group of its own: Ctrl-C reaches us alone, and we end the children in order.
                start_new_session=True,
                pass_fds=program.descriptors,
                umask=program.umask,
                preexec_fn=tether(program.if_we_die),
            )
        except OSError as error:
            raise Problem(f"{program.name} cannot be started: {program.command[0]}: {error.strerror}.") from error

    async def _copy_output(self, process: Process) -> None:
        assert process.stdout is not None and self._output is not None  # noqa: S101, PT018 - for the type checker
        lines = Lines()
        while data := await process.stdout.read(_CHUNK):
            self._output.write(data)
            for line in lines.feed(data):
                warning = warning_in(line) if self.program.shows_warnings else None
                if warning:
                    self._tell(f"{self.program.name}: {warning[:500]}")

    async def _watch_readiness(self) -> None:
        if self.program.ready is not None:
            await readiness.until(self.program.ready)
        if not self.ready.is_set():
            self.ready.set()
            self._changed()

    def _report(self, code: int | None) -> None:
        how = f"exit code {code}" if code is None or code >= 0 else signal.Signals(-code).name
        if not self.ready.is_set() and self.restarts + 1 >= FATAL_DEATHS:
            raise Problem(f"{self.program.name} does not start ({how}): {self._last_words()} See {self.log}.")
        self._tell(f"{self.program.name} ended ({how}); starting it again")

    def _last_words(self) -> str:
        return " ".join(last_lines(self.log, 1))

    async def _wait_to_restart(self, alive: float) -> None:
        self.restarts += 1
        await asyncio.sleep(self._backoff.after(alive))

    @staticmethod
    def _signal(process: Process, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)


async def _finished(copying: asyncio.Task[None]) -> None:
    """The rest of the output; a grandchild that left the group may hold it open for ever."""
    try:
        async with asyncio.timeout(1.0):
            await copying
    except TimeoutError:
        pass
