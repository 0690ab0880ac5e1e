"""One HTTP connection to the company's systems: what goes wrong becomes one of the errors of `office.errors`."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from office.errors import Locked, NotFound, NotPossible, OfficeUnavailable

CONNECT_SECONDS = 0.5
READ_SECONDS = 2.0

Found = TypeVar("Found")


class Connection:
    """Asked from asyncio; use it as a context manager or call `aclose`."""

    not_found: type[NotFound] = NotFound
    locked: type[Locked] = Locked

    def __init__(self, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        timeout = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        self._http = httpx2.AsyncClient(base_url=url, timeout=timeout, trust_env=False, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._http.aclose()

    def missing(self, response: httpx2.Response) -> Exception:  # noqa: ARG002 - for those who look closer
        """What a 404 means."""
        return self.not_found()

    async def ask(
        self, path: str, body: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Found], key: str | None = None
    ) -> Found:
        """What `read` makes of the answer; `key` makes a write harmless when it is repeated.

        Raises NotFound, Locked, NotPossible (with the office's reason) and OfficeUnavailable.
        """
        headers = {"Idempotency-Key": key} if key else {}
        try:
            response = await self._http.post(path, json=dict(body), headers=headers)
        except httpx2.HTTPError as error:
            raise OfficeUnavailable(type(error).__name__) from error
        if response.status_code == 404:
            raise self.missing(response)
        if response.status_code == 429:
            raise self.locked
        if response.status_code == 409:
            raise NotPossible(reason_of(response))
        if response.status_code != 200:
            raise OfficeUnavailable(f"status {response.status_code}")
        try:
            return read(response.json())
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OfficeUnavailable("an answer that cannot be read") from error


def reason_of(response: httpx2.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return "not_possible"
