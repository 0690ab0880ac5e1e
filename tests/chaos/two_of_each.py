"""`zhiban run` with two workers and two doors: `python -m tests.chaos.two_of_each`.

The product's own supervisor, programs and order; only the front is doubled. DOORS2_PORT and WORKER2_PORT say where the
second ones listen; WORKERS should be 2.
"""

import sys
from dataclasses import replace

from zhiban import run
from zhiban.problems import Problem
from zhiban.program import Program
from zhiban.programs import Programs
from zhiban.screen import Screen
from zhiban.settings import Settings


class TwoOfEach(Programs):
    """The programs of the product, the front twice."""

    def front(self) -> list[Program]:
        environ = self.settings.environ
        others = replace(
            self,
            settings=replace(self.settings, port=int(environ["DOORS2_PORT"])),
            ports={**self.ports, "worker": int(environ["WORKER2_PORT"])},
        )
        return [*super().front(), *(replace(program, name=f"{program.name}2") for program in Programs.front(others))]


def main() -> int:
    """As `zhiban run`."""
    run.Programs = TwoOfEach  # type: ignore[misc]
    screen = Screen()
    try:
        run.run(Settings.from_environment(), screen)
    except Problem as problem:
        screen.warn(f"zhiban: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
