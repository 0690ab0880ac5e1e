"""Customers write one after the other, wait for their answers, and what failed is counted as such."""

import json
import os
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.playing import play
from benchmarks.side import Root, Side
from benchmarks.workload import Message


class Door(BaseHTTPRequestHandler):
    """Answers with what it was told; silent to "silence", broken at "failure"."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard[said["sender"]].append(said["message"])
        replies = [] if said["message"] == "silence" else [{"text": said["message"]}]
        body = json.dumps(replies).encode()
        self.send_response(500 if said["message"] == "failure" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def door():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.heard = defaultdict(list)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def side(door):
    return Side(f"http://127.0.0.1:{door.server_port}", {"here": Root(os.getpid(), alone=True)}, 0.0)


def talk(*texts):
    return tuple(Message("greet", text) for text in texts)


def test_every_message_is_said_in_order_by_its_own_customer(door, side):
    talks = [talk(*(f"{number}-{place}" for place in range(3))) for number in range(5)]
    played = play(side, talks, customers=2, name="c", seconds=30)
    assert dict(door.heard) == {f"c-{n}": [f"{n}-{place}" for place in range(3)] for n in range(5)}
    assert {exchange.message.text: exchange.replies for exchange in played.exchanges} == {
        message.text: [{"text": message.text}] for one in talks for message in one
    }


def test_failures_and_silence_are_counted(side):
    figures = play(side, [talk("a", "failure", "silence", "b")], customers=1, name="c", seconds=30).figures()
    assert (figures["messages"], figures["failed"], figures["silent"]) == (4, 1, 1)


def test_customers_who_write_at_a_pace_do_not_write_faster(side):
    played = play(side, [talk("a", "b", "c"), talk("d", "e", "f")], customers=2, name="c", seconds=30, every=0.2)
    assert len(played.exchanges) == 6
    # The last message of the second customer is due half a step after two whole ones.
    assert played.seconds >= 0.5


def test_nobody_begins_to_write_when_time_is_up(side):
    played = play(side, [talk("a", "b", "c")], customers=1, name="c", seconds=0.3, every=0.2)
    assert len(played.exchanges) == 2
