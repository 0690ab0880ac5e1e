"""What agents may look up without knowing the customer's phone: whether an order exists, and where it is."""

import httpx2

from office.connection import Connection, reason_of
from office.errors import OfficeUnavailable, OrderNotFound
from office.orders import Order


class StaffOffice(Connection):
    """For agents' pages only, never for what a customer is told by the bot."""

    not_found = OrderNotFound

    async def look_up(self, number: str) -> Order:
        """The order. Raises OrderNotFound, OfficeUnavailable (also where the office has no such call)."""
        return await self.ask("/v1/orders/look-up", {"order": number}, Order.from_json)

    def missing(self, response: httpx2.Response) -> Exception:
        known = reason_of(response) == "order_not_found"
        return OrderNotFound() if known else OfficeUnavailable("the office has no look-up")
