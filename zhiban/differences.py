"""`zhiban check`: what the desk finds inconsistent in Redis."""

from desk import Desk, DeskError
from desk import Settings as DeskSettings
from desk.check import differences as found
from zhiban.around_redis import redis_url
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings


async def differences(settings: Settings, screen: Screen) -> list[str]:
    """One line for each difference between states, queues and logs. Raises Problem."""
    async with redis_url(settings, screen) as url:
        try:
            wanted = DeskSettings.from_environment({**settings.environ, "REDIS_URL": url})
            async with await Desk.connect(wanted) as desk:
                return await found(desk)
        except DeskError as error:
            raise Problem(f"{error}.") from error
