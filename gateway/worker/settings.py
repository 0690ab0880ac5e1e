"""The settings of the worker, read once at start."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from channels import AccountsWrong, WebhookAccount, read_webhooks
from desk import SettingsWrong

_NONE = frozenset({"", "none"})


@dataclass(frozen=True)
class Settings:
    """`port` 0: no status page. `workers` is how many share the 64 partitions. Durations are seconds."""

    bot_secret: str
    rasa_url: str = "http://127.0.0.1:5005"
    knowledge_url: str = "http://127.0.0.1:8090"
    host: str = "127.0.0.1"
    port: int = 8091
    workers: int = 1
    name: str = "worker"
    at_once: int = 64
    burst_seconds: float = 0.0
    rasa_seconds: float = 3.0
    knowledge_seconds: float = 0.3
    notice_seconds: int = 60
    unattended_seconds: int = 60
    drain_seconds: float = 3.0
    welcome_channels: frozenset[str] = frozenset({"socketio", "webhook"})
    webhooks: Mapping[str, WebhookAccount] = field(default_factory=dict)
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    answer_llm_url: str | None = None
    answer_llm_model: str = ""
    answer_llm_key: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises SettingsWrong, which names the variable and what would be right."""
        secret = environ.get("BOT_SECRET", "")
        if not secret:
            raise SettingsWrong("BOT_SECRET is not set: expected the secret that Rasa's channel was started with")
        welcome = environ.get("WELCOME_CHANNELS", "socketio,webhook").lower()
        return cls(
            bot_secret=secret,
            rasa_url=_url(environ, "RASA_URL", cls.rasa_url),
            knowledge_url=_url(environ, "KNOWLEDGE_URL", cls.knowledge_url),
            host=environ.get("WORKER_HOST") or cls.host,
            port=_whole(environ, "WORKER_PORT", cls.port, 0, 65535),
            workers=_whole(environ, "WORKERS", cls.workers, 1, 64),
            name=f"{socket.gethostname()}-{os.getpid()}",
            at_once=_whole(environ, "WORKER_AT_ONCE", cls.at_once, 1, 1024),
            burst_seconds=_whole(environ, "BURST_WAIT_MS", 0, 0, 2000) / 1000,
            welcome_channels=frozenset() if welcome in _NONE else frozenset(welcome.replace(" ", "").split(",")),
            webhooks=_webhooks(environ.get("WEBHOOKS", "")),
            timezone=_timezone(environ.get("TIMEZONE") or "Asia/Shanghai"),
            answer_llm_url=_url(environ, "ANSWER_LLM_URL", "") if environ.get("ANSWER_LLM_URL") else None,
            answer_llm_model=_model(environ),
            answer_llm_key=environ.get("ANSWER_LLM_KEY") or None,
        )


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    url = environ.get(name) or default
    if not url.startswith(("http://", "https://")):
        raise SettingsWrong(f"{name}={url!r}: expected http://host:port")
    return url


def _model(environ: Mapping[str, str]) -> str:
    model = environ.get("ANSWER_LLM_MODEL", "")
    if environ.get("ANSWER_LLM_URL") and not model:
        raise SettingsWrong("ANSWER_LLM_MODEL is not set: expected the name of a model that ANSWER_LLM_URL serves")
    return model


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsWrong(f"{name}={text!r}: expected a whole number from {least} to {most}")
    return int(text)


def _webhooks(setting: str) -> Mapping[str, WebhookAccount]:
    try:
        return read_webhooks(setting)
    except AccountsWrong as error:
        raise SettingsWrong(str(error)) from error


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsWrong(f"TIMEZONE={name!r}: expected a name such as Asia/Shanghai") from error
