"""Which ports the private processes get."""

import socket

import pytest

from tests.product import free_ports
from zhiban import ports
from zhiban.problems import Problem
from zhiban.settings import Settings


def test_a_port_that_is_taken_is_passed_over_for_the_next_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not ports.is_free("127.0.0.1", port)
        assert ports.next_free(port) > port


def test_a_free_port_is_taken_as_it_is_wanted():
    (port,) = free_ports(1)
    assert ports.next_free(port) == port


def test_no_two_processes_get_the_same_port():
    (port,) = free_ports(1)
    chosen = ports.choose({"rasa": port, "knowledge": port, "worker": port}, reserved=[port])
    assert len({*chosen.values(), port}) == 4


def test_what_runs_elsewhere_gets_no_port():
    settings = Settings.from_environment({"RASA_URL": "http://10.0.0.7:5005", "KNOWLEDGE_PORT": "18090"})
    assert "rasa" not in settings.private_ports
    assert settings.private_ports["knowledge"] == 18090


def test_a_machine_without_free_ports_is_told_so(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda *_: False)
    with pytest.raises(Problem, match=r"no free port on 127\.0\.0\.1 from 5005"):
        ports.next_free(5005)
