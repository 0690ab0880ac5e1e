"""What `zhiban` says at the terminal: plain lines, and a spinner with seconds while something takes long."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_SECONDS_BETWEEN_LINES = 10.0


class Screen:
    """Words go to standard output, warnings of the processes to standard error."""

    def __init__(self, console: Console | None = None) -> None:
        self._out = console or Console(highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress: Progress | None = None

    def say(self, text: str) -> None:
        self._out.print(text, markup=False)

    def warn(self, text: str) -> None:
        self._err.print(text, markup=False, style="yellow" if self._err.is_terminal else None)

    @asynccontextmanager
    async def step(self, text: str) -> AsyncIterator[None]:
        """Show that `text` goes on, and how long it took."""
        started = time.monotonic()
        if self._out.is_terminal:
            with self._spinning(text):
                yield
        else:
            reminding = asyncio.create_task(self._remind(text, started))
            try:
                yield
            finally:
                reminding.cancel()
        self.say(f"{text}: {time.monotonic() - started:.1f} s")

    @contextmanager
    def _spinning(self, text: str) -> Iterator[None]:
        """One display for all the steps that go on at the same time: a terminal shows only one."""
        if self._progress is None:
            columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
            self._progress = Progress(*columns, console=self._out, transient=True, refresh_per_second=4)
            self._progress.start()
        progress = self._progress
        task = progress.add_task(text, total=None)
        try:
            yield
        finally:
            progress.remove_task(task)
            if not progress.task_ids:
                progress.stop()
                self._progress = None

    async def _remind(self, text: str, started: float) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LINES)
            self.say(f"{text} ... {time.monotonic() - started:.0f} s")
