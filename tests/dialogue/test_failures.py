"""What fails is told: never a 200 without words."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.channel import TurnFailed
from tests.dialogue.customer import OPEN, Customer, knows

WORKER_SECONDS = 3.0  # how long the worker waits for a turn


@contextmanager
def action_server(status: int, body: Any) -> Iterator[str]:
    """One that answers every action in the same way."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/webhook"
    finally:
        server.shutdown()
        server.server_close()


def fails(customer: Customer, url: str) -> TurnFailed:
    customer.says_all("查订单", "QH20260412345")
    customer.bot.agent.action_endpoint.url = url
    with pytest.raises(TurnFailed) as failed:
        customer.says("1234")
    return failed.value


def test_an_action_server_that_is_down(customer: Customer) -> None:
    assert fails(customer, "http://127.0.0.1:1/webhook").code == "action_failed"


def test_an_action_server_that_answers_500(customer: Customer) -> None:
    with action_server(500, {}) as url:
        assert fails(customer, url).code == "action_failed"


def test_an_action_that_hangs_is_given_up_before_the_worker_gives_up_rasa(customer: Customer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:  # it accepts, and never answers
        started = time.monotonic()
        assert fails(customer, f"http://127.0.0.1:{hanging.getsockname()[1]}/webhook").code == "action_failed"
    assert time.monotonic() - started < WORKER_SECONDS + 0.5  # two turns before it included


def test_an_action_that_says_that_it_failed(customer: Customer) -> None:
    words = {"response": "utter_action_failed"}
    failure = {"custom": {"failure": "action_look_up_order"}}
    with action_server(200, {"events": [], "responses": [words, failure]}) as url:
        assert fails(customer, url).code == "action_failed"


def test_an_action_that_says_nothing(customer: Customer) -> None:
    customer.bot.agent.action_endpoint.url = "http://127.0.0.1:1/webhook"
    with action_server(200, {"events": [], "responses": []}) as url:
        customer.bot.agent.action_endpoint.url = url
        customer.desk["tickets"] = [{"id": "T1-1"}]
        with pytest.raises(TurnFailed) as failed:
            customer.says("投诉进度")
    assert failed.value.code == "component_failed"


def test_a_failed_turn_can_be_repeated(customer: Customer, actions_url: str) -> None:
    fails(customer, "http://127.0.0.1:1/webhook")
    customer.bot.agent.action_endpoint.url = actions_url
    assert "QH20260412345" in customer.says("1234").text


@pytest.mark.parametrize(
    ("said", "route"),
    [
        ("转人工", "ask_person"),
        ("我要投诉", "complain"),
        ("查订单", "check_order"),
        ("你好", "greet"),
        ("talk to a human", "ask_person"),
    ],
)
def test_without_a_vector_the_main_ways_stay_open(customer: Customer, said: str, route: str) -> None:
    customer.with_vector, customer.desk = False, dict(OPEN)
    assert customer.says(said).route == route


def test_without_a_vector_a_whole_complaint_goes_through(customer: Customer) -> None:
    customer.with_vector = False
    customer.says_all("我要投诉", "快递员骂人，还把杯子摔碎了", "没有", "13800138000", "退款")
    assert customer.says("提交").commands[0]["kind"] == "complaint"


def test_without_knowledge_a_question_is_met_honestly(customer: Customer) -> None:
    customer.with_vector = False
    assert customer.says("怎么退货").route == "unknown"
    assert customer.says("怎么退货", knows()).articles
