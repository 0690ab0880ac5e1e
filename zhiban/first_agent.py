"""The first agent's account, made when there is none at all."""

from collections.abc import Mapping

from desk import Desk, DeskError
from desk import Settings as DeskSettings
from zhiban.problems import Problem


async def first_password(environ: Mapping[str, str]) -> str | None:
    """The password of the account `admin` when it was made now, else None."""
    try:
        async with await Desk.connect(DeskSettings.from_environment(environ)) as desk:
            return await desk.agents.ensure_first()
    except DeskError as error:
        raise Problem(f"{error}.") from error
