"""Work in a process of its own that gives way to all others: it reads bytes and writes bytes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable

# Before anything is imported: that is half of the work.
_GIVE_WAY = "import os; os.nice(10); from {module} import main; main()"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


async def done_aside(module: str, given: Callable[[], bytes]) -> bytes:
    """What `main` of `module` writes to its output, `given` being its input; cancelling ends it.

    `given` is called on a thread, since large things take their time to be packed. Raises RuntimeError when it fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _GIVE_WAY.format(module=module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **_ONE_THREAD},
    )
    try:
        written, _ = await process.communicate(await asyncio.to_thread(given))
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return written
