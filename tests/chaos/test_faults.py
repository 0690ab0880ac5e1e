"""A seed decides the faults, and every fault comes in every round."""

import random

from tests.chaos.faults import ALL, FROZEN, order


def test_the_same_seed_gives_the_same_faults_and_another_one_others():
    assert order(random.Random(7)) == order(random.Random(7))
    assert order(random.Random(7)) != order(random.Random(8))


def test_a_round_has_every_fault_once_and_freezes_of_three_to_fifteen_seconds():
    drawn = order(random.Random(7))
    assert sorted((one.kind, one.target) for one in drawn) == sorted((one.kind, one.target) for one in ALL)
    assert all(FROZEN[0] <= one.seconds <= FROZEN[1] for one in drawn if one.kind == "freeze")
