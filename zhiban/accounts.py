"""What `zhiban agents` does: accounts made, listed and changed at the terminal."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from desk import ROLES, Agent, AgentNotFound, Desk, DeskError, NameTaken, Role, Skills
from desk import Settings as DeskSettings
from zhiban.around_redis import redis_url
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings

LANGUAGES = ("zh", "en")
_TERMINAL = "zhiban"  # who did it, for the audit: whoever may use this machine


async def add(settings: Settings, screen: Screen, name: str, display_name: str, roles: Sequence[str]) -> str:
    """The new account's password."""
    password, wanted = secrets.token_urlsafe(12), _roles(roles)
    async with _desk(settings, screen, name) as desk:
        await desk.agents.sign_up(name, password, display_name, wanted)
        await desk.audit.note(_TERMINAL, "account_added", subject=name, roles=wanted)
    return password


async def lines(settings: Settings, screen: Screen) -> list[str]:
    """One for each account."""
    async with _desk(settings, screen) as desk:
        return [_line(agent) for agent in await desk.agents.all()]


async def change(settings: Settings, screen: Screen, name: str, **wanted: Any) -> str:
    """The account's line after the change: `roles`, `skills`, `capacity`, `blocked`."""
    if "roles" in wanted:
        wanted["roles"] = _roles(wanted["roles"])
    async with _desk(settings, screen, name) as desk:
        _check(wanted.get("skills"), desk)
        agent = await desk.agents.change(name, **wanted)
        if not agent.may("conversations.serve"):
            await desk.set_presence(name, available=False, ttl_seconds=0)
        fields = sorted(field for field, value in wanted.items() if value is not None)
        await desk.audit.note(_TERMINAL, "account_changed", subject=name, fields=fields)
    return _line(agent)


async def reset_password(settings: Settings, screen: Screen, name: str) -> str:
    """The account's new password; its open sessions end."""
    password = secrets.token_urlsafe(12)
    async with _desk(settings, screen, name) as desk:
        await desk.agents.set_password(name, password)
        await desk.audit.note(_TERMINAL, "account_changed", subject=name, fields=["password"])
    return password


def skills(categories: Sequence[str], languages: Sequence[str], *, vip: bool) -> Skills:
    """Raises Problem for a language that we do not serve."""
    if unknown := set(languages) - set(LANGUAGES):
        raise Problem(f"no such language: {', '.join(sorted(unknown))}; there are {', '.join(LANGUAGES)}.")
    return Skills(tuple(categories), tuple(languages), vip)


@asynccontextmanager
async def _desk(settings: Settings, screen: Screen, name: str = "") -> AsyncIterator[Desk]:
    """The desk of the running product, or of its data; its refusals as problems."""
    async with redis_url(settings, screen) as url:
        try:
            async with await Desk.connect(
                DeskSettings.from_environment({**settings.environ, "REDIS_URL": url})
            ) as desk:
                yield desk
        except NameTaken as error:
            raise Problem(f"there is an agent {name} already.") from error
        except AgentNotFound as error:
            raise Problem(f"there is no agent {name}.") from error
        except DeskError as error:
            raise Problem(f"{f'{name}: ' if name else ''}{error}.") from error


def _roles(wanted: Sequence[str]) -> list[Role]:
    if unknown := set(wanted) - set(ROLES):
        raise Problem(f"no such role: {', '.join(sorted(unknown))}; there are {', '.join(ROLES)}.")
    return [cast("Role", role) for role in dict.fromkeys(wanted)]


def _check(wanted: Skills | None, desk: Desk) -> None:
    known = desk.routing.rules.categories
    if unknown := set(wanted.categories if wanted else ()) - set(known):
        raise Problem(f"no such category: {', '.join(sorted(unknown))}; there are {', '.join(known)}.")


def _line(agent: Agent) -> str:
    has = agent.skills
    parts = [
        f"{agent.number or '-':>4}  {agent.name}",
        agent.display_name or "-",
        "+".join(agent.roles),
        f"{','.join(has.categories) or 'all'} / {','.join(has.languages) or 'all'}{'' if has.vip else ' / no VIP'}",
        f"at most {agent.capacity}",
    ]
    return "  ".join([*parts, "BLOCKED"] if agent.blocked else parts)
