"""An OpenAI-compatible model may fit an article to what was asked; unless all of it is founded, the article is sent."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import structlog
import yaml

from desk.assist.check_rules import SHIPPED, read_rules
from gateway.chat_model import ChatModel, ModelFailed
from gateway.worker.answer_grounds import WORDS, Grounds
from gateway.worker.breaker import Breaker, BreakerOpen, Seconds
from gateway.worker.metrics import Metrics
from reading.personal_data import mask

SECONDS = 1.5  # for everything, from asking to the last byte
_MOST_ASKED = 500  # characters of the customer's text
_MOST_TOKENS = 400
_NONE = "NONE"
_CITATION = re.compile(r"\s*\[([a-z0-9][a-z0-9._-]{0,79})\](?!\()")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Source:
    """An article as the customer would read it."""

    id: str
    text: str


class AnswerWriter(Protocol):
    """Whatever may put an article into other words."""

    async def write(self, asked: str, sources: Sequence[Source], language: str) -> str | None:
        """What `asked` is answered, founded on `sources`; None: send the article as it is. Raises nothing."""
        ...


class ModelWriter:
    """Asks the model behind a breaker, and checks what comes back."""

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None,
        metrics: Metrics,
        clock: Seconds,
        seconds: float = SECONDS,
        words: Path = WORDS,
    ) -> None:
        self._model, self._metrics = ChatModel(url, model, key, seconds), metrics
        self._asks: dict[str, str] = yaml.safe_load(words.read_text(encoding="utf-8"))["asks"]
        self._grounds = Grounds.load(read_rules(SHIPPED), words)
        self.breaker = Breaker(clock, ModelFailed, pause=10.0, longest=60.0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._model.aclose()

    async def write(self, asked: str, sources: Sequence[Source], language: str) -> str | None:
        """See AnswerWriter."""
        try:
            written = await self.breaker.call(lambda: self._asked(asked, sources, language))
        except (BreakerOpen, ModelFailed) as error:
            self._count("failed" if isinstance(error, ModelFailed) else "left_alone", str(error), sources)
            return None
        text, cited = cut_citations(written)
        fault = self._fault(text, cited, sources, language)
        self._count("unfounded" if fault else "written", fault or "", sources)
        return None if fault else text

    def _count(self, result: str, cause: str, sources: Sequence[Source]) -> None:
        self._metrics.answers_written.labels(result).inc()
        if cause:
            _log.info("answer_not_written", result=result, cause=cause, articles=[source.id for source in sources])

    def _fault(self, text: str, cited: set[str], sources: Sequence[Source], language: str) -> str | None:
        if text.strip(" .。") == _NONE:
            return "declined"
        if not cited or not cited <= {source.id for source in sources}:
            return "citation"
        ground = "\n".join(source.text for source in sources if source.id in cited)
        return self._grounds.fault(text, ground, language)

    async def _asked(self, asked: str, sources: Sequence[Source], language: str) -> str:
        # As JSON, so that nothing in the customer's text can end the place that it stands in.
        told = {
            "asked": mask(asked)[:_MOST_ASKED],
            "articles": [{"id": source.id, "text": source.text} for source in sources],
        }
        rules = self._asks["en" if language == "en" else "zh-Hans"]
        return await self._model.answer(rules, json.dumps(told, ensure_ascii=False), _MOST_TOKENS)


def cut_citations(written: str) -> tuple[str, set[str]]:
    """The text as customers read it, and the ids that it cites."""
    return _CITATION.sub("", written).strip(), set(_CITATION.findall(written))
