"""`zhiban` run as a user does: its words and its exit code."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tests.product import ROOT

_FROM_THE_SHELL = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_PORT"))}


@dataclass(frozen=True)
class Said:
    """`lines` is everything printed; a refusal is one line."""

    code: int
    lines: list[str]


@dataclass(frozen=True)
class Command:
    environ: Mapping[str, str]

    def __call__(self, *arguments: str, **environ: str) -> Said:
        """What it says and how it ends; it is expected to end by itself."""
        done = subprocess.run(
            [sys.executable, "-m", "zhiban", *arguments],
            cwd=ROOT,
            env={**_FROM_THE_SHELL, **self.environ, **environ},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        return Said(done.returncode, done.stdout.splitlines())
