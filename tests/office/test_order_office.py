"""The client of the order system: an order, or one of three errors."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from office.errors import Locked, NotFound, NotPossible, OfficeError, OfficeUnavailable, OrderLocked, OrderNotFound
from office.orders import OrderOffice, is_order_number, is_phone_tail
from office.settings import Settings
from tests.office.conftest import Office


@pytest.fixture
async def orders(office: Office) -> AsyncIterator[OrderOffice]:
    async with OrderOffice(office.url) as client:
        yield client


async def test_an_order_is_read(orders: OrderOffice) -> None:
    order = await orders.verify("QH20260412345", "1234")
    assert (order.state, order.carrier, len(order.events)) == ("shipped", "顺捷快运", 3)


async def test_a_wrong_tail_is_not_found_and_then_locked(orders: OrderOffice) -> None:
    for _ in range(5):
        with pytest.raises(OrderNotFound):
            await orders.verify("QH20260412345", "9999")
    with pytest.raises(OrderLocked):
        await orders.verify("QH20260412345", "1234")


async def test_nobody_there_is_unavailable() -> None:
    async with OrderOffice("http://127.0.0.1:1") as orders:
        with pytest.raises(OfficeUnavailable):
            await orders.verify("QH20260412345", "1234")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "{}"),
        (200, "no json"),
        (200, "{}"),
        (200, json.dumps({"order": "x", "state": "eaten"})),
        (200, "[]"),
        (302, ""),
    ],
)
async def test_an_answer_that_cannot_be_used_is_unavailable(status: int, body: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, OrderOffice(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as orders:
        with pytest.raises(OfficeUnavailable):
            await orders.verify("QH20260412345", "1234")


async def test_an_office_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("office.connection.READ_SECONDS", 0.1)
    gone = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gone.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server, OrderOffice(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as orders:
        with pytest.raises(OfficeUnavailable):
            await orders.verify("QH20260412345", "1234")
        gone.set()


def test_all_errors_are_of_one_tree_with_stable_codes() -> None:
    kinds = [NotFound, Locked, NotPossible, OfficeUnavailable]
    assert {kind.code for kind in OfficeError.__subclasses__()} == {kind.code for kind in kinds}
    codes = [kind.code for parent in kinds for kind in [parent, *parent.__subclasses__()]]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("text", "is_one"), [("QH20260412345", True), ("QH2026041234", False), ("qh20260412345", False), ("", False)]
)
def test_order_numbers(text: str, is_one: bool) -> None:
    assert is_order_number(text) is is_one


def test_phone_tails() -> None:
    assert is_phone_tail("0012")
    assert not is_phone_tail("１２３４")


def test_a_wrong_address_is_named() -> None:
    with pytest.raises(ValueError, match="OFFICE_URL"):
        Settings.read({"OFFICE_URL": "localhost:8095"})
