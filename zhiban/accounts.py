"""`zhiban agents`: accounts of the people who answer, made at the terminal."""

import json
import secrets

from argon2 import PasswordHasher

from desk import Desk, DeskError, NameTaken
from desk import Settings as DeskSettings
from desk.agents import Role
from zhiban.around_redis import redis_url
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings


async def add(settings: Settings, screen: Screen, name: str, display_name: str, admin: bool) -> str:
    """The new account's password."""
    password = secrets.token_urlsafe(12)
    roles: list[Role] = ["agent", "admin"] if admin else ["agent"]
    async with redis_url(settings, screen) as url:
        try:
            async with await _desk(settings, url) as desk:
                await desk.agents.sign_up(name, password, display_name or name, roles)
        except NameTaken as error:
            raise Problem(f"there is an agent {name} already.") from error
        except DeskError as error:
            raise Problem(f"{name}: {error}.") from error
    return password


async def reset_password(settings: Settings, screen: Screen, name: str) -> str:
    """The account's new password; sessions that are open last their 12 hours."""
    password = secrets.token_urlsafe(12)
    async with redis_url(settings, screen) as url:
        try:
            async with await _desk(settings, url) as desk:
                await _set_password(desk, name, password)
        except DeskError as error:
            raise Problem(f"{name}: {error}.") from error
    return password


async def _set_password(desk: Desk, name: str, password: str) -> None:
    """The account as it is, with another password; the desk itself only makes accounts."""
    stored = await desk.store.ask("HGET", desk.keys.accounts, name)
    if not stored:
        raise Problem(f"there is no agent {name}.")
    account = {**json.loads(stored), "password": PasswordHasher().hash(password)}
    await desk.store.ask("HSET", desk.keys.accounts, name, json.dumps(account))


async def _desk(settings: Settings, url: str) -> Desk:
    return await Desk.connect(DeskSettings.from_environment({**settings.environ, "REDIS_URL": url}))
