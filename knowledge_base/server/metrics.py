"""What the knowledge server tells Prometheus; no texts and no ids in labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from knowledge_base.server.knowledge import Knowledge

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5)


class Metrics:
    """The figures of one server."""

    def __init__(self, knowledge: Knowledge) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.seconds = Histogram(
            "zhiban_knowledge_understand_seconds",
            "Time to understand one text",
            buckets=_BUCKETS,
            registry=registry,
        )
        self.outcomes = Counter(
            "zhiban_knowledge_outcomes", "Texts understood, by outcome", ["outcome"], registry=registry
        )
        self.embedded = Counter("zhiban_knowledge_embedded_texts", "Texts embedded on request", registry=registry)
        if not knowledge.encoder_only:
            self._follow(knowledge)

    def _follow(self, knowledge: Knowledge) -> None:
        ready = Gauge("zhiban_knowledge_ready", "1 when articles and calibration are there", registry=self._registry)
        ready.set_function(lambda: float(knowledge.ready))
        articles = Gauge("zhiban_knowledge_articles", "Articles in the index", registry=self._registry)
        articles.set_function(lambda: float(len(knowledge.base())) if knowledge.ready else 0.0)
        revision = Gauge("zhiban_knowledge_revision", "Version of the base in the index", registry=self._registry)
        revision.set_function(lambda: float(knowledge.base().revision) if knowledge.ready else 0.0)
        following = Gauge("zhiban_knowledge_following", "1 while edits arrive", registry=self._registry)
        following.set_function(lambda: float(knowledge.ready and knowledge.base().following))

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
