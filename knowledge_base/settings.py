"""What the knowledge server is told by its environment, read once at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge_base.encoders.packaged import JOINED, PACKAGED, PARTS, home

DEFAULT_PORT = 8090
DEFAULT_ZONE = "Asia/Shanghai"


class BadSetting(Exception):
    """Raised for an environment variable that cannot be right; names it and says what would be."""

    code = "bad_setting"


@dataclass(frozen=True)
class Settings:
    """The knowledge server's settings."""

    redis_url: str | None = None
    namespace: str = "zb"
    encoder: str = JOINED
    encoder_prompt: str = ""
    reranker: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    log_format: str = "json"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(DEFAULT_ZONE))
    index_dir: Path = field(default_factory=home)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], terminal: bool = False) -> Settings:
        """Settings from environment variables; `terminal` says whether a person is likely to read the log."""
        host, port = _address(environment)
        log_format = environment.get("LOG_FORMAT") or ("console" if terminal else "json")
        if log_format not in ("console", "json"):
            raise BadSetting(f"LOG_FORMAT must be console or json, not {log_format!r}")
        encoder, prompt = environment.get("ENCODER") or JOINED, environment.get("ENCODER_PROMPT", "")
        if prompt and (encoder in PARTS or encoder in PACKAGED):
            raise BadSetting(f"ENCODER_PROMPT is for a model of your own: {encoder} has what it needs")
        return cls(
            redis_url=environment.get("REDIS_URL") or None,
            namespace=_namespace(environment.get("NAMESPACE") or "zb"),
            encoder=encoder,
            encoder_prompt=prompt,
            reranker=environment.get("RERANKER") or None,
            host=host,
            port=port,
            log_format=log_format,
            zone=_zone(environment.get("TIMEZONE") or DEFAULT_ZONE),
            index_dir=Path(environment.get("INDEX_DIR") or home()),
        )


def _address(environment: Mapping[str, str]) -> tuple[str, int]:
    url = urlsplit(environment.get("KNOWLEDGE_URL") or f"http://127.0.0.1:{DEFAULT_PORT}")
    try:
        port = int(environment.get("KNOWLEDGE_PORT") or url.port or DEFAULT_PORT)
    except ValueError:
        raise BadSetting("KNOWLEDGE_URL must be like http://127.0.0.1:8090, KNOWLEDGE_PORT a number") from None
    if not 0 <= port <= 65535 or not url.hostname:
        raise BadSetting("KNOWLEDGE_URL must be like http://127.0.0.1:8090, KNOWLEDGE_PORT a number up to 65535")
    return url.hostname, port


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(f"TIMEZONE must be a place such as {DEFAULT_ZONE}, not {name!r}") from None


def _namespace(value: str) -> str:
    if not value.isascii() or any(character in "{}:" or character.isspace() for character in value):
        raise BadSetting(f"NAMESPACE must be plain letters, digits and '-', not {value!r}")
    return value
