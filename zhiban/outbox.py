"""`zhiban outbox`: what could not be delivered, at the terminal."""

import asyncio
from typing import Annotated

import typer

from zhiban.screen import Screen
from zhiban.settings import Settings

outbox = typer.Typer(no_args_is_help=True, help="Messages to customers that wait for delivery, or were given up.")

LetterId = Annotated[str, typer.Argument(metavar="ID", help="as `zhiban outbox list` shows it")]


@outbox.command("list")
def show() -> None:
    """How much waits, and each message that was given up, latest first."""
    from zhiban.letters import listed

    screen = Screen()
    for line in asyncio.run(listed(Settings.from_environment(), screen)):
        screen.say(line)


@outbox.command("resend")
def resend(letter: LetterId) -> None:
    """Send it again, under the id that it had."""
    from zhiban.letters import resend as send

    screen = Screen()
    asyncio.run(send(Settings.from_environment(), screen, letter))
    screen.say(f"{letter}: in the outbox again")


@outbox.command("drop")
def drop(letter: LetterId) -> None:
    """Forget it."""
    from zhiban.letters import drop as forget

    screen = Screen()
    asyncio.run(forget(Settings.from_environment(), screen, letter))
    screen.say(f"{letter}: dropped")
