"""The sample order system: what it tells, and to whom."""

import re
from pathlib import Path

import httpx2
import pytest
import yaml

from examples.office.store import Store
from office.orders import STATES
from tests.office.conftest import Office

ORDERS = yaml.safe_load((Path(__file__).parents[2] / "examples/office/orders.yml").read_text())["orders"]


def ask(office: Office, order: str = "QH20260412345", tail: str = "1234") -> httpx2.Response:
    body = {"order": order, "phone_tail": tail}
    return httpx2.post(f"{office.url}/v1/orders/verify", json=body, trust_env=False)


def test_the_right_tail_opens_the_order(office: Office) -> None:
    answer = ask(office)
    assert answer.status_code == 200
    told = {"order", "state", "carrier", "tracking", "events", "estimated", "items", "refusals"}
    assert set(answer.json()) == told
    assert answer.json()["items"][0] == {"id": "1", "name": "保温杯 500ml 白色", "price": "89.00"}
    assert answer.json()["events"][0] == {"at": "2026-11-21T22:00:00.000Z", "place": "武汉转运中心", "text": "已到达"}


def test_no_phone_or_name_leaves_the_office(office: Office) -> None:
    for order in ORDERS:
        text = ask(office, order["order"], order["phone"][-4:]).text
        assert order["phone"] not in text
        assert not re.search(
            r"1[3-9]\d{9}(?!\d)", text.replace(order["order"], "").replace(order.get("tracking", "?"), "")
        )


def test_a_wrong_tail_and_an_unknown_order_look_the_same(office: Office) -> None:
    wrong, unknown = ask(office, tail="9999"), ask(office, order="QH99999999999")
    assert (
        (wrong.status_code, wrong.content)
        == (unknown.status_code, unknown.content)
        == (404, b'{"detail":"order_not_found"}')
    )


@pytest.mark.parametrize("order", ["QH20260412345", "QH99999999999"])
def test_five_wrong_tries_lock_known_and_unknown_orders_alike(office: Office, order: str) -> None:
    assert [ask(office, order, f"000{n}").status_code for n in range(6)] == [404] * 5 + [429]


def test_the_right_tail_does_not_open_a_locked_order(office: Office) -> None:
    for number in range(5):
        ask(office, tail=f"000{number}")
    assert ask(office).status_code == 429


def test_the_lock_opens_after_a_quarter_of_an_hour(office: Office) -> None:
    for number in range(5):
        ask(office, tail=f"000{number}")
    office.later(minutes=14)
    assert ask(office).status_code == 429
    office.later(minutes=2)
    assert ask(office).status_code == 200


@pytest.mark.parametrize("tail", ["", "12", "abcd", "１２３４", "12345"])
def test_a_tail_that_is_none_is_refused_and_not_counted(office: Office, tail: str) -> None:
    assert {ask(office, tail=tail).status_code for _ in range(6)} == {422}
    assert ask(office).status_code == 200


def test_the_samples_cover_every_state_and_a_parcel_stuck_for_three_days() -> None:
    assert {order["state"] for order in ORDERS} == set(STATES)
    assert len(ORDERS) >= 25
    assert any(order["state"] == "delayed" and order["events"][-1][0] >= 72 for order in ORDERS)


def test_a_database_on_disk_is_filled_once(tmp_path: Path, office: Office) -> None:
    path = str(tmp_path / "orders.sqlite")
    for _ in range(2):
        store = Store.open(path, office.now)
        assert store.verify("QH20260403377", "3377", office.now) is not None
        assert store.connection.execute("SELECT count(*) FROM orders").fetchone()[0] == len(ORDERS)
        store.close()
