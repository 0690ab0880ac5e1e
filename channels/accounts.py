"""The accounts of the channel `webhook`, from a setting or a file: read once at start, and refused with one clear line.

WEBHOOKS=shop:https://shop.example/zhiban:whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,...
WEBHOOKS=/etc/zhiban/webhooks.yml    # shop: {url: "https://...", secret: "whsec_..."}
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SHORTEST_SECRET = 24  # bytes, as the specification asks


class AccountsWrong(ValueError):
    """Raised for accounts that cannot be used; says which, and what would be right, but no secret."""


@dataclass(frozen=True)
class WebhookAccount:
    """Whom we talk to: where our messages go, and the secret that signs both ways."""

    name: str
    url: str
    secret: str = field(repr=False)


def read_webhooks(setting: str) -> Mapping[str, WebhookAccount]:
    """The accounts by name; none for an empty setting. Raises AccountsWrong."""
    accounts: dict[str, WebhookAccount] = {}
    for account in map(_checked, _from_file(Path(setting)) if _is_file(setting) else _from_text(setting)):
        if account.name in accounts:
            raise AccountsWrong(f"WEBHOOKS: the account {account.name} is there twice")
        accounts[account.name] = account
    return accounts


def _is_file(setting: str) -> bool:
    return setting.strip().lower().endswith((".yml", ".yaml"))


def _from_text(setting: str) -> Iterator[WebhookAccount]:
    for number, part in enumerate(filter(None, map(str.strip, setting.split(","))), start=1):
        name, colon, rest = part.partition(":")
        url, last, secret = rest.rpartition(":")
        if not (colon and last and url):
            raise AccountsWrong(f"WEBHOOKS: account {number} is not account:url:secret")
        yield WebhookAccount(name, url, secret)


def _from_file(path: Path) -> Iterator[WebhookAccount]:
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AccountsWrong(f"WEBHOOKS: {path} cannot be read ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        raise AccountsWrong(f"WEBHOOKS: {path} is not YAML") from error
    if not isinstance(content, dict):
        raise AccountsWrong(f"WEBHOOKS: {path} has no accounts: expected `name: {{url: ..., secret: ...}}`")
    for name, facts in content.items():
        if not isinstance(facts, dict) or not isinstance(facts.get("url"), str) or not facts.get("secret"):
            raise AccountsWrong(f"WEBHOOKS: {name} in {path} needs url and secret")
        yield WebhookAccount(str(name), facts["url"], str(facts["secret"]))


def _checked(account: WebhookAccount) -> WebhookAccount:
    if not _NAME.fullmatch(account.name):
        raise AccountsWrong(f"WEBHOOKS: account {account.name[:64]!r}: expected letters, digits, - and _ only")
    if not _is_http(account.url):
        raise AccountsWrong(f"WEBHOOKS: {account.name}: expected a URL such as https://host/path")
    if not _is_secret(account.secret):
        raise AccountsWrong(
            f"WEBHOOKS: {account.name}: expected whsec_ and base64 of at least {_SHORTEST_SECRET} bytes as its secret "
            "(make one: echo whsec_$(openssl rand -base64 32))"
        )
    return account


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_secret(secret: str) -> bool:
    try:
        return len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) >= _SHORTEST_SECRET
    except (binascii.Error, ValueError):
        return False
