"""What the customers of a chaos run have to say."""

from benchmarks.workload import make_workload
from tests.chaos.customers import lines_of


def test_every_conversation_has_five_messages_and_who_wants_a_person_goes_on_with_the_bot_after():
    talks = [lines_of(talk) for talk in make_workload(40, 0).conversations]
    wishes = [talk for talk in talks if any(line.hands_over for line in talk)]
    assert min(map(len, talks)) >= 5
    assert 0 < len(wishes) < len(talks)
    for talk in wishes:
        (asked,) = [place for place, line in enumerate(talk) if line.hands_over]
        (back,) = [place for place, line in enumerate(talk) if line.to_bot]
        assert 0 < asked < asked + 2 < back < len(talk)
