"""One dialogue turn at Rasa's channel, bounded in time, with a breaker in front."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp

from gateway.worker.answer import Answer, read_answer
from gateway.worker.breaker import Breaker, BreakerOpen, Seconds

_CONNECT_SECONDS = 0.5
_PATH = "/webhooks/gateway/webhook"
# Answered at once: nobody waits in vain, and the next turn may well succeed.
_ACTION_FAILED = "action_failed"
_LATELY_SECONDS = 60.0
_SERVER_LIVES = frozenset({_ACTION_FAILED, "component_failed", "no_model", "encoder_mismatch"})


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
        self._url = url.rstrip("/") + _PATH
        self._headers = {"X-Bot-Secret": secret}
        self._limits = aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, _CONNECT_SECONDS))
        self._session: aiohttp.ClientSession | None = None
        self._clock = clock
        self._action_failed_at: float | None = None
        self.breaker = Breaker(clock, _Down)

    @property
    def actions_failing(self) -> bool:
        """Whether an action failed within the last minute: only Rasa talks to the action server."""
        return self._action_failed_at is not None and self._clock() - self._action_failed_at < _LATELY_SECONDS

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def turn(self, body: Mapping[str, Any]) -> Answer:
        """Rasa's answer to one message. Raises TurnFailed, also for an answer that says and does nothing."""
        try:
            answer = await self.breaker.call(lambda: self._ask(body))
        except BreakerOpen as error:
            raise TurnFailed("left_alone") from error
        except TurnFailed as error:
            if error.code == _ACTION_FAILED:
                self._action_failed_at = self._clock()
            raise
        if answer.is_empty:
            raise TurnFailed("empty")
        return answer

    async def _ask(self, body: Mapping[str, Any]) -> Answer:
        assert self._session is not None  # noqa: S101 - a context manager
        try:
            async with self._session.post(
                self._url, json=body, headers=self._headers, timeout=self._limits
            ) as response:
                return _read(response.status, await response.read())
        except TimeoutError as error:
            raise _Down("slow") from error
        except (aiohttp.ClientError, OSError) as error:
            raise _Down("unreachable") from error


def _read(status: int, body: bytes) -> Answer:
    if status != 200:
        raise _failure(status, body)
    try:
        return read_answer(json.loads(body))
    except ValueError as error:  # Unreadable is one
        raise TurnFailed("unreadable") from error


def _failure(status: int, body: bytes) -> TurnFailed:
    if status < 500:
        return TurnFailed(f"status_{status}")
    try:
        code = str(json.loads(body)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = f"status_{status}"
    return TurnFailed(code) if code in _SERVER_LIVES else _Down(code)
