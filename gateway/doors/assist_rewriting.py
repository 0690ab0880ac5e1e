"""An OpenAI-compatible model may rewrite a summary for an agent; what it says beyond its source is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
import structlog
import yaml

from desk.assist.faithful import is_faithful
from reading.personal_data import mask

_WORDS = Path(__file__).parent / "words" / "rewriting.yml"
_SECONDS = 3.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Rewritten:
    """`by` is the model's name."""

    text: str
    by: str


class Rewriter:
    """Asks the model; None for whatever goes wrong: the extracted summary is there anyway."""

    def __init__(
        self, url: str, model: str, key: str | None = None, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.AsyncClient(
            base_url=url.rstrip("/"), headers=headers, timeout=_SECONDS, trust_env=False, transport=transport
        )
        self._model = model
        self._asks: dict[str, str] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    async def rewrite(self, lines: Sequence[str], language: str) -> Rewritten | None:
        """The lines as a text of two or three sentences; None when it says what they do not say."""
        source = mask("\n".join(lines))
        text = await self._ask(source, language) if source.strip() else None
        if text is None:
            return None
        if not is_faithful(text, source):
            _log.info("rewrite_unfaithful", model=self._model)
            return None
        return Rewritten(text, self._model)

    async def _ask(self, source: str, language: str) -> str | None:
        asked = {
            "model": self._model,
            "temperature": 0,
            "max_tokens": 300,
            "messages": [
                {"role": "system", "content": self._asks["en" if language == "en" else "zh-Hans"]},
                {"role": "user", "content": source},
            ],
        }
        try:
            response = await self._http.post("/chat/completions", json=asked)
            response.raise_for_status()
            return str(response.json()["choices"][0]["message"]["content"]).strip()
        except (httpx2.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
            _log.warning("rewriting_failed", cause=type(error).__name__)
            return None
