"""Orders that a case speaks of, as the company's system has them."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from desk.assist.facts import ORDER_NUMBER, Fact
from desk.assist.validation import OrderState
from gateway.doors.assist import Staff
from office.errors import OfficeError, OrderNotFound
from office.orders import Order


class MovementOut(BaseModel):
    at: str
    place: str
    text: str


class ItemOut(BaseModel):
    id: str
    name: str
    price: str


class OrderOut(BaseModel):
    order: str
    state: str
    carrier: str | None
    tracking: str | None
    estimated: str | None
    items: list[ItemOut]
    events: list[MovementOut]


class Orders(BaseModel):
    """`none`: no number is known, or there is no such order. `unavailable`: the order system did not answer."""

    state: Literal["ok", "none", "unavailable"]
    orders: list[OrderOut]


async def orders_of(office: Staff, facts: Sequence[Fact]) -> Orders:
    """The order whose number is known."""
    number = next((fact.value for fact in facts if fact.name == ORDER_NUMBER), None)
    if number is None:
        return Orders(state="none", orders=[])
    try:
        return Orders(state="ok", orders=[_out(await office.look_up(number))])
    except OrderNotFound:
        return Orders(state="none", orders=[])
    except OfficeError:
        return Orders(state="unavailable", orders=[])


async def order_state(office: Staff, number: str | None) -> OrderState:
    """What the office knows of a number that an agent typed."""
    if not number or not number.strip():
        return "not_asked"
    try:
        await office.look_up(number.strip())
    except OrderNotFound:
        return "unknown"
    except OfficeError:
        return "unavailable"
    return "found"


def _out(order: Order) -> OrderOut:
    return OrderOut(
        order=order.number,
        state=order.state,
        carrier=order.carrier,
        tracking=order.tracking,
        estimated=order.estimated,
        items=[ItemOut(**vars(item)) for item in order.items],
        events=[MovementOut(**vars(event)) for event in order.events],
    )
