"""What the worker counts and measures, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0)


class Metrics:
    """One set for each worker, on its own registry."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter("zhiban_worker_turns", "Messages taken, by who answered", ["by"], registry=registry)
        self.failures = Counter("zhiban_worker_bot_failures", "Turns that Rasa failed", ["code"], registry=registry)
        self.errors = Counter("zhiban_worker_errors", "Errors of the worker itself", ["kind"], registry=registry)
        self.answers_written = Counter(
            "zhiban_worker_answers_written", "Articles given to a model to reword", ["result"], registry=registry
        )
        self.seconds = Histogram(
            "zhiban_worker_turn_seconds", "From taking a message to its commit", buckets=_BUCKETS, registry=registry
        )
        self.leases = Gauge("zhiban_worker_leases", "Partitions held", registry=registry)
        self.entries = Gauge("zhiban_worker_entries", "Messages read and not yet finished", registry=registry)
        self.outbox = Gauge(
            "zhiban_worker_outbox_messages", "Messages to be sent, in the partitions held", registry=registry
        )
        self.dead_letters = Gauge(
            "zhiban_worker_dead_letters", "Messages that were given up, in the partitions held", registry=registry
        )
        self.outbox_sent = Counter("zhiban_worker_sent", "Messages delivered", ["channel"], registry=registry)
        self.outbox_retried = Counter(
            "zhiban_worker_retried", "Deliveries that failed and are tried again", ["channel"], registry=registry
        )
        self.outbox_dead = Counter("zhiban_worker_dead", "Messages given up", ["channel"], registry=registry)
        self.breaker_open = Gauge(
            "zhiban_worker_breaker_open", "1 while a server is left alone", ["target"], registry=registry
        )
        self.actions_failing = Gauge(
            "zhiban_worker_actions_failing", "1 for a minute after an action failed", registry=registry
        )
