"""The sample order system on a real socket, with a clock that the test sets."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
import uvicorn

from examples.office.server import create_app
from examples.office.store import Store


@dataclass
class Office:
    """A running office: its address and its clock."""

    url: str
    now: datetime

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def office() -> Iterator[Office]:
    started = Office("", datetime(2026, 11, 22, 4, 0, tzinfo=timezone.utc))
    store = Store.open(":memory:", started.now)
    server = uvicorn.Server(
        uvicorn.Config(create_app(store, lambda: started.now), port=0, log_level="error", lifespan="off")
    )
    ready = threading.Event()
    startup = server.startup

    async def startup_and_tell(*args: object, **named: object) -> None:
        await startup(*args, **named)  # type: ignore[arg-type]
        ready.set()

    server.startup = startup_and_tell  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(10)
    started.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield started
    server.should_exit = True
    thread.join(10)
    store.close()
