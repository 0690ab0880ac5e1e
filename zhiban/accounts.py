"""`zhiban agents`: accounts of the people who answer, made at the terminal."""

import secrets

from desk import AgentNotFound, Desk, DeskError, NameTaken
from desk import Settings as DeskSettings
from desk.agents import Role
from zhiban.around_redis import redis_url
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings


async def add(
    settings: Settings, screen: Screen, name: str, display_name: str, admin: bool, editor: bool = False
) -> str:
    """The new account's password."""
    password = secrets.token_urlsafe(12)
    roles: list[Role] = ["agent"]
    if editor:
        roles.append("editor")
    if admin:
        roles.append("admin")
    async with redis_url(settings, screen) as url:
        try:
            async with await _desk(settings, url) as desk:
                await desk.agents.sign_up(name, password, display_name, roles)
        except NameTaken as error:
            raise Problem(f"there is an agent {name} already.") from error
        except DeskError as error:
            raise Problem(f"{name}: {error}.") from error
    return password


async def reset_password(settings: Settings, screen: Screen, name: str) -> str:
    """The account's new password; its open sessions end."""
    password = secrets.token_urlsafe(12)
    async with redis_url(settings, screen) as url:
        try:
            async with await _desk(settings, url) as desk:
                await desk.agents.set_password(name, password)
        except AgentNotFound as error:
            raise Problem(f"there is no agent {name}.") from error
        except DeskError as error:
            raise Problem(f"{name}: {error}.") from error
    return password


async def _desk(settings: Settings, url: str) -> Desk:
    return await Desk.connect(DeskSettings.from_environment({**settings.environ, "REDIS_URL": url}))
