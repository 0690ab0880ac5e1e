"""Personal data that customers write stays in their conversation: never in logs, metrics or output; cards nowhere."""

from collections.abc import Iterable
from pathlib import Path

import httpx2
import pytest

from tests.product import Product

pytestmark = pytest.mark.journey

CARD = "6222020200112230"
PLANTED = {"mobile": "13987654321", "id": "11010519491231002X", "e-mail": "zhang.planted@example.com", "card": CARD}
SPELLINGS = [CARD, "6222 0202 0011 2230", "6222-0202-0011-2230", "６２２２０２０２００１１２２３０"]


def say(http: httpx2.Client, sender: str, text: str) -> None:
    answer = http.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
    assert answer.status_code == 200
    assert answer.json()


def hostile(http: httpx2.Client, text: str) -> None:
    """The same data where errors are made of it."""
    http.post("/v1/messages", json={"message_id": text, "text": {"nested": text}})
    http.post("/v1/messages", content=f'{{"text": "{text}'.encode(), headers={"content-type": "application/json"})
    http.post("/webhooks/rest/webhook", json={"sender": text * 40, "message": [text]})
    http.get("/v1/events", params={"conversation": text, "after": text})
    http.post("/v1/desk/sign-in", json={"name": text, "password": text}, headers={"x-requested-with": "zhiban"})


def found_in(paths: Iterable[Path], planted: Iterable[str]) -> list[str]:
    """Which planted texts stand in which files."""
    needles = [(text, text.encode()) for text in planted]
    return [f"{text} in {path.name}" for path in paths for text, raw in needles if raw in path.read_bytes()]


def test_planted_numbers_are_nowhere_but_in_the_conversation(product: Product) -> None:
    with httpx2.Client(base_url=product.base_url, timeout=20) as http:
        for number, text in enumerate([*PLANTED.values(), *SPELLINGS]):
            say(http, f"planted-{number}", f"我的号码是{text}，怎么退货")
            hostile(http, text)
        say(http, "planted", "我要投诉")
        say(http, "planted", f"卡{CARD}被乱扣钱，电话{PLANTED['mobile']}")
        metrics = http.get("/metrics").text
    logs = [path for path in product.logs.rglob("*") if path.is_file()]
    assert logs, "the processes write logs"
    planted = [*PLANTED.values(), *SPELLINGS]
    assert found_in(logs, planted) == []
    assert [text for text in planted if text in metrics or text in "\n".join(product.output)] == []
    kept = [path for path in product.data_dir.rglob("*") if path.is_file()]
    assert found_in(kept, SPELLINGS) == []


def test_the_search_for_planted_numbers_can_find_them(product: Product) -> None:
    """The conversation itself, kept for the agents, has the phone number: the scan sees what is there."""
    with httpx2.Client(base_url=product.base_url, timeout=20) as http:
        say(http, "control", "我的电话是13700137000，怎么退货")
    kept = [path for path in product.data_dir.rglob("*") if path.is_file()]
    assert found_in(kept, ["13700137000"])
