"""The front of the product twice: the same in everything but name and port."""

from tests.chaos.two_of_each import TwoOfEach
from zhiban.programs import Addresses
from zhiban.settings import PRIVATE_PORTS, Settings


def test_the_second_of_each_differs_from_the_first_in_its_name_and_port_alone():
    environ = {"PORT": "7001", "DOORS2_PORT": "7002", "WORKER2_PORT": "7003", "WORKERS": "2"}
    settings = Settings.from_environment(environ)
    programs = TwoOfEach(settings, PRIVATE_PORTS, Addresses.of(settings, PRIVATE_PORTS))
    front = {program.name: program for program in programs.front()}
    assert list(front) == ["worker", "doors", "worker2", "doors2"]
    for name, port, second in (("worker", "WORKER_PORT", "7003"), ("doors", "PORT", "7002")):
        one, two = front[name], front[f"{name}2"]
        assert one.command == two.command
        assert {key for key in one.environ if one.environ[key] != two.environ[key]} == {port}
        assert two.environ[port] == second
