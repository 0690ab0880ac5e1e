"""Which steps belong to which flow."""

from functools import lru_cache

from actions.address import ChangeAddress
from actions.callback import CallBack
from actions.cancelling import CancelOrder
from actions.complaint import Complain
from actions.invoices import RequestInvoice
from actions.lost_card import ReportLostCard
from actions.order_status import CheckOrder
from actions.rating import RateService
from actions.refunds import RefundStatus, Urge
from actions.sending_back import ExchangeGoods, ReturnGoods
from actions.steps import Steps
from actions.ticket_status import TicketStatus

_STEPS: tuple[type[Steps], ...] = (
    CheckOrder,
    RefundStatus,
    Urge,
    ReturnGoods,
    ExchangeGoods,
    ChangeAddress,
    CancelOrder,
    RequestInvoice,
    ReportLostCard,
    Complain,
    CallBack,
    TicketStatus,
    RateService,
)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Steps]:
    return {steps.name: steps() for steps in _STEPS}


def steps_of(flow: str) -> Steps:
    """The steps of `flow`."""
    return _by_name()[flow]
