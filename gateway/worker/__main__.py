"""`python -m gateway.worker`: connects, runs until SIGTERM or Ctrl-C, ends in order."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator

import structlog
import uvloop

from channels.webhook import CHANNEL as WEBHOOK
from channels.webhook import WebhookChannel
from desk import Desk, DeskError, SettingsWrong
from desk import Settings as DeskSettings
from gateway.logging import set_up_logging
from gateway.worker.answer_writing import ModelWriter
from gateway.worker.assembly import assemble
from gateway.worker.metrics import Metrics
from gateway.worker.rasa import Rasa
from gateway.worker.settings import Settings
from gateway.worker.status import StatusServer, status_app
from gateway.worker.worker import Worker
from knowledge_base.client import KnowledgeClient
from reading.language import read_language
from reading.script import to_traditional


def main() -> int:
    """0 after an orderly end; 1, with one line that says what to change, when it cannot start."""
    log_format = os.environ.get("LOG_FORMAT")
    set_up_logging("worker", "json" if log_format == "json" else "console" if log_format == "console" else None)
    try:
        uvloop.run(_run(Settings.from_environment(os.environ), DeskSettings.from_environment(os.environ)))
    except DeskError as error:
        print(f"worker: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(settings: Settings, desk_settings: DeskSettings) -> None:
    _warm_up()
    metrics = Metrics()
    async with (
        await Desk.connect(desk_settings) as desk,
        Rasa(settings.rasa_url, settings.bot_secret, settings.rasa_seconds, time.monotonic) as rasa,
        KnowledgeClient(settings.knowledge_url) as client,
        WebhookChannel(settings.webhooks) as webhook,
        _writer(settings, metrics) as writer,
    ):
        channels = {WEBHOOK: webhook} if settings.webhooks else {}
        worker = assemble(settings, desk, rasa, client, metrics, channels, writer=writer)
        _stop_on_signals(worker)
        async with _status_page(settings, worker, metrics):
            gc.collect()
            gc.freeze()  # what is there now stays: the collector need not look at it again
            structlog.get_logger(__name__).info("worker_started", name=settings.name, port=settings.port)
            await worker.run()


def _writer(settings: Settings, metrics: Metrics) -> contextlib.AbstractAsyncContextManager[ModelWriter | None]:
    url, model, key = settings.answer_llm_url, settings.answer_llm_model, settings.answer_llm_key
    return ModelWriter(url, model, key, metrics, time.monotonic) if url else contextlib.nullcontext()


@contextlib.asynccontextmanager
async def _status_page(settings: Settings, worker: Worker, metrics: Metrics) -> AsyncIterator[None]:
    if not settings.port:
        yield
        return
    listening = _listen(settings)
    app = status_app(lambda: worker.is_ready, worker.neighbours.states, metrics.registry)
    server = StatusServer(app, settings.host, settings.port)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), reuse_port=False)
    except OSError as error:
        raise SettingsWrong(
            f"WORKER_PORT={settings.port}: cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "set another port, or 0 for none"
        ) from error


def _stop_on_signals(worker: Worker) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)


def _warm_up() -> None:
    """Load the language model and the script tables now, not with the first customer's message."""
    read_language("where is my order", "zh-Hans")
    to_traditional("订单")


if __name__ == "__main__":
    sys.exit(main())
