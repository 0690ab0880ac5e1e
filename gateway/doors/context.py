"""What the doors hold while they run, and how a handler asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from channels import WebhookAccount
from desk import Desk
from gateway.doors.assist import Assist
from gateway.doors.board import Board
from gateway.doors.knowledge import Knowledge
from gateway.doors.metrics import Metrics
from gateway.doors.nudges import Nudges
from gateway.doors.phrases import Phrases
from gateway.doors.rates import Rates
from gateway.doors.sessions import Session, Sessions
from gateway.doors.settings import DoorSettings
from gateway.doors.turnstiles import RECEIVED_AT_ONCE, Turnstile
from gateway.doors.typists import Typists
from gateway.problems import DoorError


@dataclass(frozen=True)
class Doors:
    """Everything that the handlers of one process share."""

    desk: Desk
    settings: DoorSettings
    sessions: Sessions
    rates: Rates
    knowledge: Knowledge
    phrases: Phrases
    nudges: Nudges
    board: Board
    webhooks: Mapping[str, WebhookAccount] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=Metrics)
    typists: Typists = field(default_factory=Typists)
    assist: Assist = field(default_factory=Assist)
    receiving: Turnstile = field(init=False)
    waiting: Turnstile = field(init=False)

    def __post_init__(self) -> None:
        refused = self.metrics.busy.inc
        object.__setattr__(self, "receiving", Turnstile(RECEIVED_AT_ONCE, refused))
        object.__setattr__(self, "waiting", Turnstile(self.settings.request_limit, refused))


def _doors(request: Request) -> Doors:
    doors: Doors = request.app.state.doors
    return doors


TheDoors = Annotated[Doors, Depends(_doors)]


def ip_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


_BEARER = HTTPBearer(auto_error=False, scheme_name="session", description="from POST /v1/sessions")


def _session(request: Request, doors: TheDoors, _token: Annotated[object, Depends(_BEARER)]) -> Session:
    session = doors.sessions.read(bearer(request))
    if session is None:
        raise DoorError("session_invalid")
    return session


TheSession = Annotated[Session, Depends(_session)]
