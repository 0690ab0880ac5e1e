"""What the doors count, in Prometheus' base units and without anybody's id."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.requests = Counter(
            "zhiban_http_requests_total", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self.duration = Histogram(
            "zhiban_http_request_duration_seconds",
            "Time to the last byte of the answer.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.messages = Counter(
            "zhiban_messages_received_total", "Customers' messages.", ["channel", "duplicate"], registry=registry
        )
        self.busy = Counter("zhiban_busy_total", "Customers' requests that were sent away.", registry=registry)
        self.rest_late = Counter(
            "zhiban_rest_unanswered_total", "REST messages whose answer did not come in time.", registry=registry
        )
        self.sockets = Gauge("zhiban_sockets", "Sockets that are open.", registry=registry)
        self.streams = Gauge("zhiban_agent_streams", "Agents' event streams that are open.", registry=registry)
