"""Starts programs in the order of their readiness, keeps them running, ends them in order."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

from zhiban.backoff import Backoff
from zhiban.child import READY_SECONDS, Child, Tell
from zhiban.problems import Problem
from zhiban.program import Program
from zhiban.together import together

# Three stages, each with this time: all is over within ten seconds.
STAGE_SECONDS = 3.2


class Supervisor:
    """`changed` is called whenever a pid or a readiness changes."""

    def __init__(
        self,
        logs: Path,
        tell: Tell,
        changed: Callable[[], None] = lambda: None,
        make_backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        self.children: dict[str, Child] = {}
        self._logs, self._tell, self._changed, self._make_backoff = logs, tell, changed, make_backoff
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ending = False

    async def start(self, programs: Sequence[Program]) -> None:
        """Return when all of them are ready; raises Problem when one cannot be."""
        for program in programs:
            self.children[program.name] = Child(program, self._logs, self._tell, self._changed, self._make_backoff())
        await together(*(self._bring_up(self.children[program.name]) for program in programs))

    async def watch(self) -> None:
        """Run until a child gives up for good, which raises its Problem."""
        await asyncio.gather(*self._tasks.values())

    async def stop(self, stage_seconds: float = STAGE_SECONDS) -> None:
        """End all children, stage by stage; nothing of them is left when this returns."""
        self._ending = True
        ordered = sorted(self.children.values(), key=lambda child: child.program.ends)
        for _, stage in groupby(ordered, key=lambda child: child.program.ends):
            await asyncio.gather(*(child.end(stage_seconds) for child in stage))
        await _over(list(self._tasks.values()))

    async def _bring_up(self, child: Child) -> None:
        for name in child.program.after:
            await self.children[name].ready.wait()
        if self._ending:
            return
        keeping = asyncio.create_task(child.keep(), name=child.program.name)
        self._tasks[child.program.name] = keeping
        await _ready_or_dead(child, keeping)


async def _over(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Each ends by itself now; one that was just being started is cut short, which kills its process."""
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=1.5)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _ready_or_dead(child: Child, keeping: asyncio.Task[None]) -> None:
    waiting = asyncio.create_task(child.ready.wait())
    try:
        await asyncio.wait({waiting, keeping}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    if keeping.done():
        keeping.result()
    elif not child.ready.is_set():
        raise Problem(f"{child.program.name} was not ready within {READY_SECONDS:.0f} s. See {child.log}.")
