"""How the servers are doing that a turn needs, for whoever watches the worker."""

from collections.abc import Mapping

from gateway.worker.knowledge import Knowledge
from gateway.worker.metrics import Metrics
from gateway.worker.rasa import Rasa

OK, LEFT_ALONE, FAILING = "ok", "left_alone", "failing"


class Neighbours:
    """Rasa and the knowledge server are left alone for a while when they fail; of actions it is only known that."""

    def __init__(self, rasa: Rasa, knowledge: Knowledge) -> None:
        self._rasa = rasa
        self._knowledge = knowledge

    def states(self) -> Mapping[str, str]:
        """`ok`, `left_alone` (nothing is asked of it) or `failing` (within the last minute) by name."""
        return {
            "rasa": LEFT_ALONE if self._rasa.breaker.is_open else OK,
            "knowledge": LEFT_ALONE if self._knowledge.breaker.is_open else OK,
            "actions": FAILING if self._rasa.actions_failing else OK,
        }

    def show(self, metrics: Metrics) -> None:
        """As gauges, each read when it is looked at."""
        metrics.breaker_open.labels("rasa").set_function(lambda: self._rasa.breaker.is_open)
        metrics.breaker_open.labels("knowledge").set_function(lambda: self._knowledge.breaker.is_open)
        metrics.actions_failing.set_function(lambda: self._rasa.actions_failing)
