"""Rights: what each role may do, read from one table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from desk.errors import SettingsWrong

Role = Literal["agent", "supervisor", "editor", "admin"]
Right = Literal[
    "conversations.serve",
    "conversations.see_all",
    "conversations.take_over",
    "articles.read",
    "articles.edit",
    "board.see",
    "audit.read",
    "routing.edit",
    "outbox.manage",
    "accounts.manage",
]
ROLES: tuple[Role, ...] = get_args(Role)
RIGHTS: tuple[Right, ...] = get_args(Right)
SHIPPED_RIGHTS = Path(__file__).with_name("rights.yml")


@dataclass(frozen=True)
class Rights:
    """Right -> the roles that have it."""

    roles_with: Mapping[str, frozenset[str]]

    def of(self, roles: Iterable[str]) -> frozenset[str]:
        """All that somebody with these roles may do."""
        mine = set(roles)
        return frozenset(right for right, having in self.roles_with.items() if having & mine)


def read_rights(text: str, source: str = "rights") -> Rights:
    """Raises SettingsWrong, which names the entry that is wrong."""
    try:
        table = yaml.safe_load(text)
        if not isinstance(table, dict) or set(table) != {"rights"} or not isinstance(table["rights"], dict):
            raise ValueError("expected `rights:` with right: [roles]")
        rights = {right: _roles(right, roles) for right, roles in table["rights"].items()}
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise SettingsWrong(f"{source}: {error}") from error
    if not rights.get("accounts.manage"):
        raise SettingsWrong(f"{source}: some role must have accounts.manage")
    return Rights(rights)


def _roles(right: str, roles: Any) -> frozenset[str]:
    if right not in RIGHTS:
        raise ValueError(f"no such right: {right}")
    if not isinstance(roles, list) or set(roles) - set(ROLES):
        raise ValueError(f"{right}: expected a list of {', '.join(ROLES)}, not {roles}")
    return frozenset(roles)


@cache
def rights_in(path: Path = SHIPPED_RIGHTS) -> Rights:
    """The table in a file. Raises SettingsWrong."""
    try:
        return read_rights(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"RIGHTS={path}: {error}") from error
