"""Log lines of the knowledge server; none of them ever carries what a customer wrote."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from reading.personal_data import mask


def set_up_logs(log_format: str) -> None:
    """Structured lines on standard error, for people (`console`) or machines (`json`)."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if log_format == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _masked,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _masked(_: Any, __: str, event: Any) -> Any:
    """A second line of defence: numbers that look like a person's are masked wherever they come from."""
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}
