"""The channel `webhook`: a backend of the company's own, by signed HTTP both ways (www.standardwebhooks.com)."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx2
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from channels.accounts import WebhookAccount
from channels.channel import NotSent, Outgoing, Received, Refused, SignatureWrong

CHANNEL = "webhook"
Clock = Callable[[], datetime]
SEND_SECONDS = 10.0
_CONNECT_SECONDS = 3.0
_MOST_CONNECTIONS = 256
# Of what a receiver may answer with 4xx, what another try can change.
_PASSING = frozenset({408, 409, 425, 429})


def verify(account: WebhookAccount, headers: Mapping[str, str], body: bytes) -> None:
    """Return when the account signed this body within the last five minutes. Raises SignatureWrong."""
    try:
        Webhook(account.secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise SignatureWrong from error


def parse(headers: Mapping[str, str], body: bytes) -> Received:
    """The message; its id may stand in the header webhook-id alone.

    Raises ValueError for what is no JSON, pydantic's ValidationError for wrong fields.
    """
    content: Any = json.loads(body)
    if isinstance(content, dict):
        content = {"message_id": headers.get("webhook-id"), **content}
    return Received.model_validate(content)


def render(outgoing: Outgoing) -> str:
    """The body: the message as its customer may see it, and whose it is."""
    data = {"account": outgoing.account, "user": outgoing.user, **outgoing.message}
    content = {"type": "message.created", "timestamp": outgoing.message["at"], "data": data}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class WebhookChannel:
    """Sends; use as a context manager."""

    def __init__(self, accounts: Mapping[str, WebhookAccount], clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._accounts = accounts
        self._clock = clock
        limits = httpx2.Limits(max_connections=_MOST_CONNECTIONS, max_keepalive_connections=32)
        timeout = httpx2.Timeout(SEND_SECONDS, connect=_CONNECT_SECONDS)
        self._http = httpx2.AsyncClient(limits=limits, timeout=timeout, follow_redirects=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def send(self, outgoing: Outgoing) -> None:
        """Return when the receiver answered 2xx. Raises Refused, NotSent; ends within ten seconds."""
        account = self._accounts.get(outgoing.account)
        if account is None:
            raise Refused("no account")
        body = render(outgoing)
        headers = self._signed(account, outgoing, body)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                response = await self._http.post(account.url, content=body, headers=headers)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise NotSent("slow") from error
        except (httpx2.HTTPError, OSError) as error:
            raise NotSent("unreachable") from error
        self._judge(response)

    def _signed(self, account: WebhookAccount, outgoing: Outgoing, body: str) -> dict[str, str]:
        now = self._clock()
        return {
            "content-type": "application/json",
            "user-agent": "Zhiban",
            "webhook-id": outgoing.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(account.secret).sign(outgoing.id, now, body),
        }

    def _judge(self, response: httpx2.Response) -> None:
        status = response.status_code
        if 200 <= status < 300:
            return
        if 400 <= status < 500 and status not in _PASSING:
            raise Refused(f"refused {status}")
        raise NotSent(f"failed {status}", _retry_after(response.headers.get("retry-after", ""), self._clock()))


def _retry_after(header: str, now: datetime) -> float | None:
    """Seconds, from a number or a date."""
    if header.isascii() and header.isdigit():
        return float(header[:9])
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
