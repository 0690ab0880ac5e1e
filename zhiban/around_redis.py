"""Redis for one command: that of REDIS_URL, that of the running product, or the embedded one just for now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from zhiban import embedded
from zhiban.data_dir import held, is_held
from zhiban.screen import Screen
from zhiban.settings import Settings
from zhiban.supervisor import Supervisor


@asynccontextmanager
async def redis_url(settings: Settings, screen: Screen) -> AsyncIterator[str]:
    """The URL to use within the block. Raises Problem."""
    given = settings.elsewhere("redis")
    ours = f"unix://{embedded.socket_path(settings)}"
    if given or is_held(settings.data_dir):
        yield given or ours
        return
    embedded.check(settings)
    with held(settings.data_dir) as lock:
        supervisor = Supervisor(settings.logs, screen.warn)
        try:
            await supervisor.start([embedded.program(settings, lock)])
            yield ours
        finally:
            await supervisor.stop()
