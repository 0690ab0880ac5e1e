"""The same desk, the same tests, on a cluster."""

from types import ModuleType

from tests.desk import (
    test_following,
    test_handoffs,
    test_leases,
    test_receiving,
    test_routing_desk,
    test_tickets,
    test_timers,
    test_turns,
)

_ROOMS: tuple[ModuleType, ...] = (
    test_following,
    test_handoffs,
    test_leases,
    test_receiving,
    test_routing_desk,
    test_tickets,
    test_timers,
    test_turns,
)

_TAKEN = [(name, thing) for room in _ROOMS for name, thing in vars(room).items() if not name.startswith("_")]
globals().update(_TAKEN)  # with the fixtures of their own


def test_none_of_these_tests_hides_another() -> None:
    names = [name for name, _ in _TAKEN if name.startswith("test_")]
    assert len(set(names)) == len(names) > 60
