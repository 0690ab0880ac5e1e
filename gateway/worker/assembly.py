"""A worker put together from its settings and the clients it uses."""

import time
from collections.abc import Mapping

from channels import Channel
from desk import Desk
from desk.times import Clock, utc_now
from gateway.worker.answer_writing import AnswerWriter
from gateway.worker.breaker import Seconds
from gateway.worker.callbacks import Callbacks
from gateway.worker.conveyor import Conveyor
from gateway.worker.knowledge import Knowledge
from gateway.worker.metrics import Metrics
from gateway.worker.neighbours import Neighbours
from gateway.worker.partitions import Partitions
from gateway.worker.patience import Patience
from gateway.worker.queue_notice import QueueNotice
from gateway.worker.rasa import Rasa
from gateway.worker.rendering import Renderer
from gateway.worker.retries import Retries
from gateway.worker.sender import Sender
from gateway.worker.settings import Settings
from gateway.worker.ticket_status import TicketStatus
from gateway.worker.timers import Timers
from gateway.worker.turns import Turns
from gateway.worker.without_bot import WithoutBot
from gateway.worker.words import Words
from gateway.worker.worker import Worker
from knowledge_base.client import KnowledgeClient

_ENTRIES_PER_SLOT = 16
RETRIES = Retries()


def assemble(
    settings: Settings,
    desk: Desk,
    rasa: Rasa,
    client: KnowledgeClient,
    metrics: Metrics,
    channels: Mapping[str, Channel],
    clock: Clock = utc_now,
    seconds: Seconds = time.monotonic,
    retries: Retries = RETRIES,
    writer: AnswerWriter | None = None,
) -> Worker:
    """Desk, Rasa, the knowledge client, the `channels` (by name) and the `writer` stay the caller's to close."""
    words = Words.load(settings.timezone)
    knowledge = Knowledge(client, settings.knowledge_seconds, seconds)
    neighbours = Neighbours(rasa, knowledge)
    neighbours.show(metrics)
    callbacks = Callbacks(desk, words)
    turns = Turns(
        desk=desk,
        rasa=rasa,
        knowledge=knowledge,
        without_bot=WithoutBot(callbacks, words),
        queue_notice=QueueNotice(desk, words, settings.notice_seconds),
        renderer=Renderer(knowledge, TicketStatus(desk, words), words, clock, writer),
        words=words,
        welcome_channels=settings.welcome_channels,
        clock=clock,
        metrics=metrics,
    )
    partitions = Partitions(desk, settings.name, settings.workers, seconds)
    patience = Patience(turns.take, turns.apologise, turns.drop, partitions.holds, partitions.lose, metrics)
    return Worker(
        desk=desk,
        partitions=partitions,
        conveyor=Conveyor(patience.take, settings.at_once, settings.burst_seconds),
        timers=Timers(desk, callbacks, words, settings.unattended_seconds, clock),
        metrics=metrics,
        most_entries=settings.at_once * _ENTRIES_PER_SLOT,
        drain_seconds=settings.drain_seconds,
        neighbours=neighbours,
        sender=Sender(desk, channels, partitions.holds, metrics, clock, retries) if channels else None,
    )
