"""A bar on standard error for what takes long, so that standard output stays clean; nothing where nobody looks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_LINE_EVERY = 1000  # where there is no terminal


class Bars:
    """Shows one bar a step."""

    def __init__(self, progress: Progress, terminal: bool) -> None:
        self._progress, self._terminal = progress, terminal
        self._tasks: dict[str, TaskID] = {}
        self._said: dict[str, int] = {}

    def show(self, step: str, done: int, total: int) -> None:
        """`done` of `total` of a step; a step that begins anew starts over."""
        if not self._terminal:
            self._say(step, done, total)
        elif step in self._tasks:
            self._progress.update(self._tasks[step], completed=done, total=total)
        else:
            self._tasks[step] = self._progress.add_task(step, completed=done, total=total)

    def _say(self, step: str, done: int, total: int) -> None:
        if done >= total or done - self._said.get(step, 0) >= _LINE_EVERY:
            self._said[step] = 0 if done >= total else done
            print(f"{step} {done}/{total}", file=sys.stderr, flush=True)


@contextmanager
def bars() -> Iterator[Bars]:
    """Bars for the block."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Bars(progress, console.is_terminal)
