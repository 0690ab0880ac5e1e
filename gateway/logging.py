"""Logging of doors and worker: structured, one line an entry, personal data masked in every one."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

from reading.personal_data import mask

LogFormat = Literal["json", "console"]

_Entry = MutableMapping[str, Any]


def set_up_logging(room: str, log_format: LogFormat | None = None, stream: TextIO | None = None) -> None:
    """Send every entry of this process, also those of libraries, through one masked stream (default: stderr)."""
    stream = stream if stream is not None else sys.stderr
    console = log_format == "console" or (log_format is None and stream.isatty())
    before = _processors(room)
    after: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _mask_entry]
    after.append(_console_renderer(stream) if console else _json_renderer())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    _quieten_libraries()
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def about(conversation: str) -> None:
    """Name the conversation in every further line that this task logs."""
    structlog.contextvars.bind_contextvars(conversation=conversation)


def masked(value: Any) -> Any:
    """`value` with personal data masked in every text that it holds."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {masked(key): masked(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return mask(str(value)) if isinstance(value, int) and abs(value) > 10**9 else value
    return mask(str(value))


def _mask_entry(_logger: Any, _method: str, entry: _Entry) -> _Entry:
    stamp = entry.pop("timestamp", None)
    clean: _Entry = masked(dict(entry))
    return {"timestamp": stamp, **clean} if stamp is not None else clean


def _processors(room: str) -> list[Any]:
    def name_room(_logger: Any, _method: str, entry: _Entry) -> _Entry:
        entry.setdefault("room", room)
        return entry

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        name_room,
    ]


def _console_renderer(stream: TextIO) -> Any:
    # The renderer's own tracebacks show the values of variables, and those hold what customers wrote.
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)


def _json_renderer() -> Any:
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _quieten_libraries() -> None:
    """Access lines carry query strings and clients' addresses; the libraries' own chatter helps nobody."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    for name in ("engineio", "socketio", "httpx", "httpx2", "httpcore", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
