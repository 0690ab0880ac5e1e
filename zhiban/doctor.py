"""What a start needs, checked one by one; nothing is started and nothing is changed."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhiban import data_dir, embedded, ports
from zhiban.problems import Problem
from zhiban.settings import Settings


@dataclass(frozen=True)
class Finding:
    """`text` says what was found, or what is wrong and what to do about it."""

    good: bool
    text: str


def examine(settings: Settings, lock_is_ours: bool = False) -> list[Finding]:
    """Every finding, in the order in which a start would stumble over them."""
    return list(_findings(settings, lock_is_ours))


def _findings(settings: Settings, lock_is_ours: bool) -> Iterator[Finding]:
    checks: list[Callable[[Settings], str]] = [_ours, _rasas, _desk_settings, _port, _disk]
    if not lock_is_ours:
        checks.append(_data_dir)
    checks.append(_external_redis if settings.elsewhere("redis") else embedded.check)
    for check in checks:
        try:
            yield Finding(True, check(settings))
        except Problem as problem:
            yield Finding(False, str(problem))


def _ours(settings: Settings) -> str:
    if not settings.python.exists():
        raise Problem(f"{settings.python.parent.parent} is missing: run `make setup`.")
    return "environment .venv"


def _rasas(settings: Settings) -> str:
    if settings.elsewhere("rasa"):
        return f"Rasa runs at {settings.elsewhere('rasa')}"
    python = settings.rasa_python
    question = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=30).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        answer = ""
    if answer != "3.10":
        raise Problem(
            f"{python.parent.parent} does not run Python 3.10 (Rasa needs exactly that): "
            "install python3.10 with its venv module, pyenv or uv, and run `make setup`."
        )
    return "environment .venv-rasa, Python 3.10"


def _desk_settings(settings: Settings) -> str:
    from desk import DeskError
    from desk import Settings as DeskSettings

    try:
        DeskSettings.from_environment({**settings.environ, "REDIS_URL": settings.elsewhere("redis") or "unix:///x"})
    except DeskError as error:
        raise Problem(f"{error}.") from error
    return "settings"


def _port(settings: Settings) -> str:
    try:
        free = settings.port == 0 or ports.is_free(settings.host, settings.port)
    except OSError as error:
        raise Problem(f"HOST={settings.host} PORT={settings.port} cannot be used: {error.strerror}.") from error
    if not free:
        raise Problem(f"port {settings.port} on {settings.host} is taken: stop what uses it, or set PORT.")
    return f"port {settings.port} is free"


def _disk(settings: Settings) -> str:
    there = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(there).free // 1024**2
    if free < settings.min_free_mb:
        raise Problem(
            f"the disk of {settings.data_dir} is full: {free} MB free, {settings.min_free_mb} MB wanted (MIN_FREE_MB)."
        )
    return f"{free} MB free on the disk"


def _data_dir(settings: Settings) -> str:
    if data_dir.is_held(settings.data_dir):
        raise Problem(data_dir.in_use(settings.data_dir))
    return f"data directory {settings.data_dir}"


def _external_redis(settings: Settings) -> str:
    return asyncio.run(_ask_redis(settings, settings.elsewhere("redis") or ""))


async def _ask_redis(settings: Settings, url: str) -> str:
    from desk import DeskError
    from desk import Settings as DeskSettings
    from desk.store.connection import connect
    from desk.store.server_check import check_server

    try:
        client = connect(url)
    except ValueError as error:
        raise Problem(f"REDIS_URL cannot be used: {error}.") from error
    try:
        wanted = DeskSettings.from_environment({**settings.environ, "REDIS_URL": url})
        found = await check_server(client, wanted.replica_acks)
    except DeskError as error:
        raise Problem(f"REDIS_URL: {error}.") from error
    finally:
        await client.aclose()
    return f"the Redis of REDIS_URL: {found}"
