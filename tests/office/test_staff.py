"""What agents look up without a customer's phone."""

import httpx2
import pytest

from office.errors import OfficeUnavailable, OrderNotFound
from office.staff import StaffOffice
from tests.office.conftest import Office


async def test_an_agent_sees_an_order_by_its_number(office: Office) -> None:
    async with StaffOffice(office.url) as staff:
        order = await staff.look_up("QH20260412345")
        with pytest.raises(OrderNotFound):
            await staff.look_up("QH20260499999")
    assert (order.state, order.items[0].name) == ("shipped", "保温杯 500ml 白色")


async def test_an_office_without_the_call_says_nothing_about_the_order() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(404, json={"detail": "Not Found"}))
    async with StaffOffice("http://office", transport) as staff:
        with pytest.raises(OfficeUnavailable):
            await staff.look_up("QH20260412345")
