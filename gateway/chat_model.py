"""A model behind an OpenAI-compatible address, asked for one short text within a budget."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import httpx2

_MOST_BYTES = 65_536


class ModelFailed(Exception):
    """Raised when the model gave nothing that can be read, or not in time; it names the kind of error, no content."""

    code = "model_failed"


class ChatModel:
    """Asks `model` at `url`; `seconds` are for everything, from asking to the last byte."""

    def __init__(self, url: str, model: str, key: str | None, seconds: float) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.AsyncClient(base_url=url.rstrip("/"), headers=headers, timeout=seconds, trust_env=False)
        self._seconds = seconds
        self.name = model

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    async def answer(self, system: str, user: str, most_tokens: int) -> str:
        """What the model says to `user` under the rules of `system`, stripped. Raises ModelFailed."""
        body = {
            "model": self.name,
            "temperature": 0,
            "max_tokens": most_tokens,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        }
        try:
            async with asyncio.timeout(self._seconds):
                return await self._completion(body)
        except (httpx2.HTTPError, TimeoutError, ValueError, KeyError, IndexError, TypeError) as error:
            raise ModelFailed(type(error).__name__) from error

    async def _completion(self, body: dict[str, Any]) -> str:
        async with self._http.stream("POST", "/chat/completions", json=body) as response:
            response.raise_for_status()
            read = bytearray()
            async for part in response.aiter_bytes():
                read += part
                if len(read) > _MOST_BYTES:
                    raise ValueError("too long")
        content = json.loads(read)["choices"][0]["message"]["content"]
        if not isinstance(content, str):
            raise TypeError("no text")
        return content.strip()
