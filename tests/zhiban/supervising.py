"""A supervisor in a process of its own, to be killed by a test: prints the pids of its two children."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.zhiban.programs import SERVES, python
from zhiban.supervisor import Supervisor


async def main(folder: Path) -> None:
    supervisor = Supervisor(folder / "logs", lambda _: None)
    await supervisor.start([python(name, SERVES, folder) for name in ("worker", "door")])
    print(*(child.pid for child in supervisor.children.values()), flush=True)
    await supervisor.watch()


asyncio.run(main(Path(sys.argv[1])))
