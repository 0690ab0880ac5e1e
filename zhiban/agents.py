"""`zhiban agents`: accounts of the people who answer, as they are typed."""

import asyncio
from typing import Annotated

import typer

from zhiban.screen import Screen
from zhiban.settings import Settings

agents = typer.Typer(no_args_is_help=True, help="Accounts of the people who answer: add, list, role, skills ...")

Name = Annotated[str, typer.Argument(help="what the agent signs in with")]
_ONCE = "(shown only this once)"


@agents.command("add")
def add_agent(
    name: Name,
    display_name: Annotated[str, typer.Option(help="what customers see; a number when there is none")] = "",
    role: Annotated[list[str] | None, typer.Option(help="agent, supervisor, editor or admin; may be repeated")] = None,
    admin: Annotated[bool, typer.Option("--admin", help="the same as --role agent --role admin")] = False,
    editor: Annotated[bool, typer.Option("--editor", help="the same as --role agent --role editor")] = False,
) -> None:
    """Make an account and print its password."""
    from zhiban.accounts import add

    wanted = {"admin": admin, "editor": editor}
    roles = [*(role or ["agent"]), *(name for name, given in wanted.items() if given)]
    screen = Screen()
    password = asyncio.run(add(Settings.from_environment(), screen, name, display_name, roles))
    screen.say(f"{name}: password {password} {_ONCE}")


@agents.command("list")
def list_agents() -> None:
    """Number, name, what customers see, roles, skills and capacity of every account."""
    from zhiban.accounts import lines

    screen = Screen()
    for line in asyncio.run(lines(Settings.from_environment(), screen)):
        screen.say(line)


@agents.command("role")
def set_roles(
    name: Name, roles: Annotated[list[str], typer.Argument(help="all the roles from now on, such as: agent editor")]
) -> None:
    """Give an account other roles, at once also where it is signed in."""
    from zhiban.accounts import change

    screen = Screen()
    screen.say(asyncio.run(change(Settings.from_environment(), screen, name, roles=roles)))


@agents.command("skills")
def set_skills(
    name: Name,
    category: Annotated[list[str] | None, typer.Option(help="may be repeated; none: all")] = None,
    language: Annotated[list[str] | None, typer.Option(help="zh or en; may be repeated; none: all")] = None,
    vip: Annotated[bool, typer.Option(help="whether VIPs, too")] = True,
    capacity: Annotated[int | None, typer.Option(min=1, max=100, help="how many customers at a time")] = None,
) -> None:
    """Say which customers an agent is given, and how many at a time."""
    from zhiban.accounts import change, skills

    wanted = skills(category or [], language or [], vip=vip)
    screen = Screen()
    screen.say(asyncio.run(change(Settings.from_environment(), screen, name, skills=wanted, capacity=capacity)))


@agents.command("block")
def block(name: Name) -> None:
    """End an account's sessions and refuse it, until it is unblocked."""
    _set_blocked(name, True)


@agents.command("unblock")
def unblock(name: Name) -> None:
    """Let a blocked account sign in again."""
    _set_blocked(name, False)


@agents.command("reset-password")
def reset_password(name: Name) -> None:
    """Give an account a new password and print it."""
    from zhiban.accounts import reset_password as reset

    screen = Screen()
    password = asyncio.run(reset(Settings.from_environment(), screen, name))
    screen.say(f"{name}: password {password} {_ONCE}")


def _set_blocked(name: str, blocked: bool) -> None:
    from zhiban.accounts import change

    screen = Screen()
    screen.say(asyncio.run(change(Settings.from_environment(), screen, name, blocked=blocked)))
