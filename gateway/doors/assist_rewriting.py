"""An OpenAI-compatible model may rewrite a summary for an agent; what it says beyond its source is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
import yaml

from desk.assist.faithful import is_faithful
from gateway.chat_model import ChatModel, ModelFailed
from reading.personal_data import mask

_WORDS = Path(__file__).parent / "words" / "rewriting.yml"
_SECONDS = 3.0
_MOST_TOKENS = 300

_log = structlog.get_logger()


@dataclass(frozen=True)
class Rewritten:
    """`by` is the model's name."""

    text: str
    by: str


class Rewriter:
    """Asks the model; None for whatever goes wrong: the extracted summary is there anyway."""

    def __init__(self, url: str, model: str, key: str | None = None) -> None:
        self._model = ChatModel(url, model, key, _SECONDS)
        self._asks: dict[str, str] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._model.aclose()

    async def rewrite(self, lines: Sequence[str], language: str) -> Rewritten | None:
        """The lines as a text of two or three sentences; None when it says what they do not say."""
        source = mask("\n".join(lines))
        text = await self._ask(source, language) if source.strip() else None
        if text is None:
            return None
        if not is_faithful(text, source):
            _log.info("rewrite_unfaithful", model=self._model.name)
            return None
        return Rewritten(text, self._model.name)

    async def _ask(self, source: str, language: str) -> str | None:
        try:
            return await self._model.answer(self._asks["en" if language == "en" else "zh-Hans"], source, _MOST_TOKENS)
        except ModelFailed as error:
            _log.warning("rewriting_failed", cause=str(error))
            return None
