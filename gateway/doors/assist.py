"""What the agents' doors need to assist: the rules, the form, the office, and a model that may rewrite summaries."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from desk.assist.check_rules import CheckRules, read_rules
from desk.assist.form import Disposition, Form, read_dispositions, read_form
from gateway.doors.assist_rewriting import Rewriter
from gateway.doors.tasks import start
from office.errors import OfficeUnavailable
from office.orders import Order


class Staff(Protocol):
    """The part of `office.staff.StaffOffice` that the doors use."""

    async def look_up(self, number: str) -> Order: ...

    async def aclose(self) -> None: ...


class NoOffice:
    """Where there is no order system."""

    async def look_up(self, number: str) -> Order:  # noqa: ARG002 - the real one's signature
        raise OfficeUnavailable("no office")

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class Assist:
    """`learn_after`: how long after closing an answer counts as good if the customer does not come back."""

    rules: CheckRules = field(default_factory=read_rules)
    form: Form = field(default_factory=read_form)
    dispositions: tuple[Disposition, ...] = field(default_factory=read_dispositions)
    office: Staff = field(default_factory=NoOffice)
    rewriter: Rewriter | None = None
    learn_after: timedelta = timedelta(hours=72)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    _background: set[asyncio.Task[None]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do it beside the answer, which need not wait."""
        task = start(work, name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def settle(self) -> None:
        """Wait until nothing is being done in the background."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def aclose(self) -> None:
        """Close what was connected."""
        await self.settle()
        await self.office.aclose()
        if self.rewriter is not None:
            await self.rewriter.aclose()
