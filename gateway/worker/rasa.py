"""One dialogue turn at Rasa's channel, bounded in time, with a breaker in front."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx2

from gateway.worker.answer import Answer, Unreadable, read_answer
from gateway.worker.breaker import Breaker, BreakerOpen, Seconds

_CONNECT_SECONDS = 0.5
_PATH = "/webhooks/gateway/webhook"
# Answered at once: nobody waits in vain, and the next turn may well succeed.
_SERVER_LIVES = frozenset({"action_failed", "component_failed", "no_model", "encoder_mismatch"})


class TurnFailed(Exception):
    """Raised when Rasa gave no usable answer to one turn; `code` says why, for logs and metrics."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Down(TurnFailed):
    """Raised for failures that the next turn would meet too."""


class Rasa:
    """Rasa's channel; use as a context manager."""

    def __init__(self, url: str, secret: str, seconds: float, clock: Seconds) -> None:
        self._seconds = seconds
        timeout = httpx2.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))
        self._http = httpx2.AsyncClient(
            base_url=url, headers={"X-Bot-Secret": secret}, timeout=timeout, trust_env=False
        )
        self.breaker = Breaker(clock, _Down)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def turn(self, body: Mapping[str, Any]) -> Answer:
        """Rasa's answer to one message. Raises TurnFailed, also for an answer that says and does nothing."""
        try:
            answer = await self.breaker.call(lambda: self._ask(body))
        except BreakerOpen as error:
            raise TurnFailed("left_alone") from error
        if answer.is_empty:
            raise TurnFailed("empty")
        return answer

    async def _ask(self, body: Mapping[str, Any]) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._http.post(_PATH, json=body)
        except TimeoutError as error:
            raise _Down("slow") from error
        except httpx2.TimeoutException as error:
            raise _Down("slow") from error
        except httpx2.HTTPError as error:
            raise _Down("unreachable") from error
        return _read(response)


def _read(response: httpx2.Response) -> Answer:
    if response.status_code != 200:
        raise _failure(response)
    try:
        return read_answer(response.json())
    except Unreadable as error:
        raise TurnFailed("unreadable") from error
    except ValueError as error:
        raise TurnFailed("unreadable") from error


def _failure(response: httpx2.Response) -> TurnFailed:
    if response.status_code < 500:
        return TurnFailed(f"status_{response.status_code}")
    try:
        code = str(response.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = f"status_{response.status_code}"
    return TurnFailed(code) if code in _SERVER_LIVES else _Down(code)
