"""The worker's own small page: alive, ready, metrics."""

import contextlib
from collections.abc import Callable, Iterator, Mapping

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


def status_app(
    is_ready: Callable[[], bool], neighbours: Callable[[], Mapping[str, str]], registry: CollectorRegistry
) -> Starlette:
    """`/healthz`, `/readyz` (503 until ready; how the neighbours are does not count), `/metrics`."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        ready = is_ready()
        body = {"status": "ok" if ready else "not_ready", "neighbours": neighbours()}
        return JSONResponse(body, status_code=200 if ready else 503)

    async def metrics(_: Request) -> Response:
        return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])


class StatusServer(uvicorn.Server):
    """Serves inside the worker's loop and leaves the signals to the worker."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        config = uvicorn.Config(
            app, host=host, port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
        super().__init__(config)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
