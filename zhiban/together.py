"""Several things at once, the first Problem of which ends the others and is raised as it is."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from zhiban.problems import Problem


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Return when all are done."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except* Problem as problems:
        found = problems.exceptions[0]
    else:
        return
    raise found
