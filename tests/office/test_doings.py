"""What the company's systems do when they are asked to: once for each key, and only what may be done."""

import httpx2
import pytest

from office.after_sales import EXCHANGE, PERSONAL, RETURN, AfterSalesOffice, InvoiceTitle
from office.cards import CardOffice
from office.errors import CardLocked, CardNotFound, NotPossible, OfficeUnavailable, OrderNotFound
from office.orders import OrderOffice
from tests.office.conftest import Office

PENDING, ON_ITS_WAY, DELIVERED = ("QH20260403377", "3377"), ("QH20260412345", "1234"), ("QH20260411187", "5678")
LATE_REFUND, LONG_AGO = ("QH20260500010", "0010"), ("QH20260500018", "0018")


async def test_an_order_that_has_not_left_is_cancelled_and_the_money_comes_back(office: Office) -> None:
    async with OrderOffice(office.url) as orders:
        refund = await orders.cancel(*PENDING, "m1:cancel")
        assert (refund.state, refund.amount) == ("processing", "188.00")
        assert (await orders.verify(*PENDING)).state == "cancelled"
        assert (await orders.refund(*PENDING)).expected == "2026-11-25T04:00:00.000Z"


async def test_the_same_key_gets_the_same_answer_and_does_it_once(office: Office) -> None:
    async with OrderOffice(office.url) as orders:
        first = await orders.cancel(*PENDING, "m1:cancel")
        office.later(hours=1)
        assert await orders.cancel(*PENDING, "m1:cancel") == first
        with pytest.raises(NotPossible, match="already_cancelled"):
            await orders.cancel(*PENDING, "m2:cancel")


async def test_a_key_for_something_else_is_refused(office: Office) -> None:
    async with OrderOffice(office.url) as orders:
        await orders.urge(*PENDING, "m1:urge")
        with pytest.raises(OfficeUnavailable, match="422"):
            await orders.urge(*ON_ITS_WAY, "m1:urge")


def test_a_write_without_a_key_is_refused(office: Office) -> None:
    body = {"order": PENDING[0], "phone_tail": PENDING[1]}
    assert httpx2.post(f"{office.url}/v1/orders/cancel", json=body, trust_env=False).status_code == 422


@pytest.mark.parametrize("path", ["orders/refund", "orders/urge", "orders/cancel", "orders/address", "invoices"])
def test_every_door_asks_for_the_tail_and_locks_together(office: Office, path: str) -> None:
    body = {"order": PENDING[0], "phone_tail": "9999", "address": "somewhere else", "kind": "personal"}
    headers = {"Idempotency-Key": "k"}
    tries = [httpx2.post(f"{office.url}/v1/{path}", json=body, headers=headers, trust_env=False) for _ in range(6)]
    assert [answer.status_code for answer in tries] == [404] * 5 + [429]
    right = {"order": PENDING[0], "phone_tail": PENDING[1]}
    assert httpx2.post(f"{office.url}/v1/orders/verify", json=right, trust_env=False).status_code == 429


async def test_the_address_may_be_changed_once_and_only_before_it_leaves(office: Office) -> None:
    async with OrderOffice(office.url) as orders:
        assert await orders.change_address(*PENDING, " 杭州市西湖区文三路 1 号 ", "k1") == "杭州市西湖区文三路 1 号"
        assert (await orders.verify(*PENDING)).refusals["change_address"] == "address_changed_before"
        with pytest.raises(NotPossible, match="already_shipped"):
            await orders.change_address(*ON_ITS_WAY, "杭州市西湖区文三路 1 号", "k2")


@pytest.mark.parametrize(("order", "about"), [(PENDING, "dispatch"), (ON_ITS_WAY, "parcel"), (LATE_REFUND, "refund")])
async def test_what_is_late_is_urged_and_the_second_time_changes_no_promise(
    office: Office, order: tuple[str, str], about: str
) -> None:
    async with OrderOffice(office.url) as orders:
        first = await orders.urge(*order, "k1")
        office.later(hours=2)
        second = await orders.urge(*order, "k2")
    assert (first.about, first.again, second.again) == (about, False, True)
    assert first.reply_by == second.reply_by == "2026-11-23T04:00:00.000Z"


async def test_there_is_nothing_to_urge_about_what_has_arrived(office: Office) -> None:
    async with OrderOffice(office.url) as orders:
        with pytest.raises(NotPossible, match="nothing_to_urge"):
            await orders.urge(*DELIVERED, "k")


async def test_an_item_goes_back_once_and_who_pays_depends_on_the_reason(office: Office) -> None:
    async with AfterSalesOffice(office.url) as office_:
        mine = await office_.send_back(*DELIVERED, RETURN, "1", "unwanted", "k1")
        ours = await office_.send_back(*DELIVERED, EXCHANGE, "2", "quality", "k2")
        assert (mine.number, mine.free, ours.free) == ("TH202611220001", False, True)
        assert mine.send_by == "2026-11-29T04:00:00.000Z"
        with pytest.raises(NotPossible, match="already_returned"):
            await office_.send_back(*DELIVERED, RETURN, "1", "unwanted", "k3")
        with pytest.raises(NotPossible, match="no_such_item"):
            await office_.send_back(*DELIVERED, RETURN, "9", "unwanted", "k4")


async def test_returning_ends_a_week_after_delivery_and_exchanging_a_week_later(office: Office) -> None:
    async with OrderOffice(office.url) as orders:
        assert set((await orders.verify(*LONG_AGO)).refusals) >= {"return", "cancel"}
        assert "exchange" not in (await orders.verify(*LONG_AGO)).refusals
        assert (await orders.verify(*ON_ITS_WAY)).refusals["return"] == "not_delivered"


async def test_an_invoice_is_made_out_once_and_a_company_needs_its_number(office: Office) -> None:
    async with AfterSalesOffice(office.url) as office_:
        with pytest.raises(OfficeUnavailable):
            await office_.invoice(*DELIVERED, InvoiceTitle("company", "青禾"), "k0")
        invoice = await office_.invoice(*DELIVERED, InvoiceTitle(PERSONAL), "k1")
        assert invoice.number == "FP20260411187"
        with pytest.raises(NotPossible, match="already_invoiced"):
            await office_.invoice(*DELIVERED, InvoiceTitle(PERSONAL), "k2")


async def test_a_lost_card_is_frozen_and_stays_frozen_since_then(office: Office) -> None:
    async with CardOffice(office.url) as cards:
        assert (await cards.verify("8821", "1234")).state == "active"
        frozen = await cards.freeze("8821", "1234", "k1")
        office.later(hours=1)
        assert await cards.freeze("8821", "1234", "k2") == frozen
        assert (await cards.verify("8821", "1234")).frozen_at == "2026-11-22T04:00:00.000Z"


async def test_a_card_is_known_only_with_its_phone_and_locked_after_five_wrong_ones(office: Office) -> None:
    async with CardOffice(office.url) as cards:
        for _ in range(5):
            with pytest.raises(CardNotFound):
                await cards.freeze("8821", "9999", "k")
        with pytest.raises(CardLocked):
            await cards.verify("8821", "1234")


async def test_wrong_tails_of_a_card_do_not_lock_an_order(office: Office) -> None:
    async with CardOffice(office.url) as cards, OrderOffice(office.url) as orders:
        for _ in range(5):
            with pytest.raises(CardNotFound):
                await cards.verify("1234", "9999")
        with pytest.raises(OrderNotFound):
            await orders.verify("QH20260412345", "9999")
