"""Background tasks that nobody waits for, and that must not end in silence."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_log = structlog.get_logger()


def start(work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
    """Run `work` beside everything else; an error that ends it is recorded."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_record)
    return task


def _record(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.error("task_failed", task=task.get_name(), exc_info=error)
