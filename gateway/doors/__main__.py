"""Starts the doors: `python -m gateway.doors`."""

import os
import socket
import sys
from datetime import timedelta

import structlog
import uvicorn
import uvloop
from pydantic import ValidationError

from desk import Desk, DeskError, Settings
from gateway.doors.app import Application, create_app
from gateway.doors.board import Board
from gateway.doors.context import Doors
from gateway.doors.edge import BODY_LIMIT
from gateway.doors.nudges import Nudges
from gateway.doors.phrases import read_phrases
from gateway.doors.rates import Rates, connect_rates
from gateway.doors.sessions import Sessions
from gateway.doors.settings import DoorSettings
from gateway.logging import set_up_logging
from knowledge_base.client import KnowledgeClient

_GRACE_SECONDS = 5

_log = structlog.get_logger()


def main() -> int:
    """Serve until told to stop; the exit code."""
    try:
        settings = DoorSettings()
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        print(f"doors: wrong settings: {'; '.join(wrong)}", file=sys.stderr)
        return 2
    set_up_logging("doors", settings.log_format)
    try:
        return uvloop.run(_serve(settings))
    except (DeskError, OSError) as error:
        print(f"doors: {error}", file=sys.stderr)
        return 1


async def _serve(settings: DoorSettings) -> int:
    listening = _listen(settings)
    desk_settings = Settings.from_environment(os.environ)
    async with await Desk.connect(desk_settings) as desk:
        knowledge = KnowledgeClient(settings.knowledge_url)
        rates = connect_rates(desk_settings.redis_url, settings)
        try:
            app = create_app(await _doors(settings, desk, knowledge, rates))
            await _Server(app).serve(sockets=[listening])
        finally:
            await knowledge.aclose()
            await rates.aclose()
    return 0


async def _doors(settings: DoorSettings, desk: Desk, knowledge: KnowledgeClient, rates: Rates) -> Doors:
    given = settings.secret_key.get_secret_value() if settings.secret_key else None
    secret = given.encode() if given else await desk.secret()
    site_secret = settings.site_secret.get_secret_value() if settings.site_secret else None
    nudges = Nudges()
    return Doors(
        desk=desk,
        settings=settings,
        sessions=Sessions(secret, site_secret, timedelta(days=settings.session_days)),
        rates=rates,
        knowledge=knowledge,
        phrases=read_phrases(),
        nudges=nudges,
        board=Board(desk, nudges),
    )


class _Server(uvicorn.Server):
    """Uvicorn that tells the doors first: long polls and streams would not end by themselves."""

    def __init__(self, app: Application) -> None:
        self._doors_app = app
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=BODY_LIMIT,
                ws_per_message_deflate=False,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                lifespan="on",
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            _log.info("doors_open", address=f"http://{host}:{port}/")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._doors_app.close()
        await super().shutdown(sockets)


def _listen(settings: DoorSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise OSError(f"cannot listen on {settings.host}:{settings.port} (HOST, PORT): {error.strerror}") from error
    return listening


if __name__ == "__main__":
    sys.exit(main())
