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
        with ports.chosen({"rasa": port}) as chosen:
            assert chosen["rasa"] > port


def test_a_free_port_is_taken_as_it_is_wanted():
    (port,) = free_ports(1)
    with ports.chosen({"rasa": port}) as chosen:
        assert chosen == {"rasa": port}


def test_no_two_processes_get_the_same_port():
    (port,) = free_ports(1)
    with ports.chosen({"rasa": port, "knowledge": port, "worker": port}, reserved=[port]) as chosen:
        assert len({*chosen.values(), port}) == 4


def test_two_products_that_start_together_choose_different_ports():
    (port,) = free_ports(1)
    with ports.chosen({"rasa": port}) as first, ports.chosen({"rasa": port}) as second:
        assert first["rasa"] != second["rasa"]
    with ports.chosen({"rasa": port}) as third:
        assert third == first


def test_what_runs_elsewhere_gets_no_port():
    settings = Settings.from_environment({"RASA_URL": "http://10.0.0.7:5005", "KNOWLEDGE_PORT": "18090"})
    assert "rasa" not in settings.private_ports
    assert settings.private_ports["knowledge"] == 18090


def test_a_machine_without_free_ports_is_told_so(monkeypatch):
    monkeypatch.setattr(ports, "is_free", lambda *_: False)
    with pytest.raises(Problem, match=r"no free port on 127\.0\.0\.1 from 5005"), ports.chosen({"rasa": 5005}):
        pass
