"""Who is on duty, as agents see it."""

from pydantic import BaseModel

from desk import Duty
from desk.times import to_text


class DutyOut(BaseModel):
    """`agents`: those who take customers now. `opens_at`: null while open."""

    open: bool
    reachable: bool
    opens_at: str | None
    agents: list[str]


def duty_out(duty: Duty) -> DutyOut:
    return DutyOut(
        open=duty.open,
        reachable=duty.reachable,
        opens_at=to_text(duty.opens_at) if duty.opens_at else None,
        agents=list(duty.agents),
    )
