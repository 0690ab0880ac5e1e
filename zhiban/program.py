"""A program that the supervisor keeps running: its command, its surroundings, and when it counts as ready."""

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhiban.readiness import Ready


@dataclass(frozen=True)
class Program:
    """`after` names those that must be ready first; programs of a lower `ends` are stopped first.

    `alive` is asked again and again once it was ready; one that does not answer for long hangs and is started again.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    ready: Ready | None = None
    alive: Ready | None = None
    after: tuple[str, ...] = ()
    ends: int = 1
    shows_warnings: bool = True
    if_we_die: signal.Signals = signal.SIGTERM
    descriptors: tuple[int, ...] = ()
    umask: int = -1
