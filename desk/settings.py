"""The settings of the desk, read once at start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desk.errors import SettingsWrong
from desk.rights import SHIPPED_RIGHTS
from desk.routing_rules import SHIPPED_ROUTING

SHIPPED_OPENING_HOURS = Path(__file__).with_name("opening_hours.yml")
ASSIGNMENTS = ("pick", "offer")


@dataclass(frozen=True)
class Settings:
    """Durations are seconds. `replica_acks` None: 1 on a cluster, 0 on a single server.

    `pushed_channels` must be sent what we say; all others follow the log. When more than `busy_messages` (0: any
    number will do) wait in a partition longer than `busy_seconds`, no more are taken in there.
    """

    redis_url: str
    namespace: str = "zb"
    replica_acks: int | None = None
    opening_hours: Path = SHIPPED_OPENING_HOURS
    waiting_limit: int = 5 * 60
    silence_with_bot: int = 30 * 60
    silence_with_person: int = 24 * 3600
    retention_days: int = 180
    pushed_channels: frozenset[str] = frozenset({"webhook"})
    rights: Path = SHIPPED_RIGHTS
    routing: Path = SHIPPED_ROUTING
    assignment: str = "pick"
    offer_seconds: int = 20
    handling_target: int = 185
    busy_messages: int = 20
    busy_seconds: int = 5

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises SettingsWrong, which names the variable and what would be right."""
        url = environ.get("REDIS_URL", "")
        if not url:
            raise SettingsWrong(
                "REDIS_URL is not set: expected unix:///path, redis://host:port or redis+cluster://host:port"
            )
        namespace = environ.get("NAMESPACE", "zb")
        if not namespace.replace("-", "").replace("_", "").isalnum():
            raise SettingsWrong(f"NAMESPACE={namespace!r}: expected letters, digits, - and _ only")
        hours = Path(environ.get("OPENING_HOURS") or SHIPPED_OPENING_HOURS)
        number = _number_from(environ)
        return cls(
            redis_url=url,
            namespace=namespace,
            replica_acks=number("REPLICA_ACKS", 0) if environ.get("REPLICA_ACKS") else None,
            opening_hours=hours,
            waiting_limit=number("WAITING_LIMIT", 5 * 60),
            silence_with_bot=number("SILENCE_WITH_BOT", 30 * 60),
            silence_with_person=number("SILENCE_WITH_PERSON", 24 * 3600),
            retention_days=number("RETENTION_DAYS", 180),
            rights=Path(environ.get("RIGHTS") or SHIPPED_RIGHTS),
            routing=Path(environ.get("ROUTING") or SHIPPED_ROUTING),
            assignment=_assignment(environ.get("ASSIGNMENT") or "pick"),
            offer_seconds=number("OFFER_SECONDS", 20),
            handling_target=number("HANDLING_TARGET_SECONDS", 185),
            busy_messages=number("BUSY_MESSAGES", 20),
            busy_seconds=number("BUSY_SECONDS", 5),
        )


def _assignment(text: str) -> str:
    if text not in ASSIGNMENTS:
        raise SettingsWrong(f"ASSIGNMENT={text!r}: expected {' or '.join(ASSIGNMENTS)}")
    return text


def _number_from(environ: Mapping[str, str]) -> Callable[[str, int], int]:
    def number(name: str, default: int) -> int:
        text = environ.get(name) or str(default)
        if not (text.isascii() and text.isdigit()):
            raise SettingsWrong(f"{name}={text!r}: expected a whole number")
        return int(text)

    return number
