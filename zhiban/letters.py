"""What `zhiban outbox` does with messages that could not be delivered."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from desk import DeadLetter, Desk, DeskError, LetterNotFound
from desk import Settings as DeskSettings
from desk.times import to_text
from zhiban.around_redis import redis_url
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings

_Result = TypeVar("_Result")


async def listed(settings: Settings, screen: Screen) -> list[str]:
    """How much waits, and a line for each dead letter, latest first. Raises Problem, as the others do."""

    async def look(desk: Desk) -> list[str]:
        depth, letters = await desk.outbox.depth(), await desk.outbox.dead()
        return [f"{depth.waiting} to be delivered, {depth.dead} given up", *map(_line, letters)]

    return await _with_desk(settings, screen, look)


async def resend(settings: Settings, screen: Screen, letter: str) -> None:
    await _with_desk(settings, screen, lambda desk: desk.outbox.resend(letter))


async def drop(settings: Settings, screen: Screen, letter: str) -> None:
    await _with_desk(settings, screen, lambda desk: desk.outbox.drop(letter))


def _line(letter: DeadLetter) -> str:
    where = f"{letter.channel} {letter.account}, {letter.conversation} event {letter.seq}"
    return f"{letter.id}  {to_text(letter.at)}  {letter.reason}, tried {letter.tries} times  {where}"


async def _with_desk(settings: Settings, screen: Screen, work: Callable[[Desk], Awaitable[_Result]]) -> _Result:
    async with redis_url(settings, screen) as url:
        try:
            wanted = DeskSettings.from_environment({**settings.environ, "REDIS_URL": url})
            async with await Desk.connect(wanted) as desk:
                return await work(desk)
        except LetterNotFound as error:
            raise Problem(f"there is no dead letter {error}.") from error
        except DeskError as error:
            raise Problem(f"{error}.") from error
