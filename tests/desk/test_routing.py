"""The rules of routing, without a store: who may take whom, who comes first, how long it takes."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk import Agent, Offer, SettingsWrong, Skills, Waiting
from desk.routing import Crew, Place, best_place, expected_wait, in_order, next_for
from desk.routing_rules import read_rules, rules_in
from tests.desk.cast import LIN, MORNING, QIAN

CONTENT = Path(__file__).parents[2] / "knowledge_base" / "content"
RULES = rules_in()
SERVING = frozenset({"conversations.serve"})
SUPERVISING = SERVING | {"conversations.see_all"}


def agent(name: str = LIN, capacity: int = 5, rights: frozenset[str] = SERVING, **skills) -> Agent:
    return Agent(name, skills=Skills(**skills), capacity=capacity, rights=rights)


def crew(*places: Place) -> Crew:
    return Crew({place.agent.name: place for place in places})


def at_work(one: Agent, held: int = 0, offered: int = 0) -> Place:
    return Place(one, present=True, available=True, held=held, offered=offered)


def waiting(conversation: str = "c1", asked: int = 0, position: int = 1, head_start: int = 0, **more) -> Waiting:
    """`asked`: seconds after the morning began."""
    since = MORNING + timedelta(seconds=asked)
    given = {"language": "zh-Hans", "preview": "", "reason": "asked", "epoch": 2, "head_start": head_start} | more
    return Waiting(conversation, since, position, asks_since=since - timedelta(seconds=head_start), **given)


@pytest.mark.parametrize(
    ("skills", "need", "fits"),
    [
        ({}, {"category": "refunds", "language": "en", "vip": True}, True),
        ({"categories": ("refunds",)}, {"category": "refunds"}, True),
        ({"categories": ("refunds",)}, {"category": "card"}, False),
        ({"categories": ("refunds",)}, {"category": None}, True),
        ({"languages": ("zh",)}, {"language": "zh-Hant"}, True),
        ({"languages": ("zh",)}, {"language": "en"}, False),
        ({"vip": False}, {"vip": True}, False),
        ({"vip": False}, {"vip": False}, True),
    ],
)
def test_an_agent_takes_what_the_skills_cover(skills, need, fits):
    lin, qian = agent(**skills), agent(QIAN)
    assert crew(at_work(lin), at_work(qian)).fits(lin, waiting(**need)) is fits


def test_a_customer_for_whom_nobody_here_has_the_skills_is_everybodys():
    lin, qian = agent(categories=("card",)), agent(QIAN, categories=("refunds",))
    one = waiting(category="refunds")
    assert not crew(at_work(lin), at_work(qian)).fits(lin, one)
    assert crew(at_work(lin), Place(qian, present=True)).fits(lin, one)  # away
    assert crew(at_work(lin), Place(qian)).fits(lin, one)  # gone


def test_who_may_see_all_may_take_all_and_is_still_given_what_they_are_good_at():
    boss, qian = agent("boss", rights=SUPERVISING, categories=("card",)), agent(QIAN)
    refund, card = waiting("c1", category="refunds"), waiting("c2", 1, 2, category="card")
    team = crew(at_work(boss), at_work(qian))
    assert team.may_take(boss, refund)
    assert [one.conversation for one in next_for(boss, [refund, card], team, RULES, MORNING)] == ["c2"]


def test_who_serves_nobody_takes_nobody():
    editor = agent("editor", rights=frozenset({"articles.edit"}))
    assert not crew(at_work(editor)).may_take(editor, waiting())


def test_who_had_the_customer_last_sees_them_first_and_others_do_not():
    queue = [waiting("c1"), waiting("c2", 60, 2, last_agent=LIN)]
    assert [one.conversation for one in in_order(agent(), queue, RULES)] == ["c2", "c1"]
    assert [one.conversation for one in in_order(agent(QIAN), queue, RULES)] == ["c1", "c2"]


ARRIVALS = st.lists(
    st.tuples(
        st.integers(0, 3000),
        st.sampled_from([0, *RULES.reasons.values()]),
        st.sampled_from([0, *RULES.moods.values()]),
        st.sampled_from([0, RULES.vip]),
        st.sampled_from([None, LIN, QIAN]),
    ),
    max_size=30,
)


@given(ARRIVALS)
def test_nobody_is_overtaken_by_who_came_later_than_the_longest_head_start(arrivals):
    """However many come: the wait of each is bounded by those who asked within that time."""
    queue = [
        waiting(f"c{number}", asked, number, reason + mood + vip, last_agent=last)
        for number, (asked, reason, mood, vip, last) in enumerate(arrivals, start=1)
    ]
    ranks = {one.conversation: rank for rank, one in enumerate(in_order(agent(), queue, RULES))}
    longest = timedelta(seconds=RULES.longest_head_start)
    for early in queue:
        for late in queue:
            if late.since > early.since + longest:
                assert ranks[early.conversation] < ranks[late.conversation]


def test_what_is_offered_to_a_colleague_is_not_given_and_what_is_offered_to_me_comes_first():
    until = MORNING + timedelta(seconds=20)
    queue = [
        waiting("c1", offer=Offer(QIAN, until, "least_busy")),
        waiting("c2", 1, 2),
        waiting("c3", 2, 3, offer=Offer(LIN, until, "last_agent")),
    ]
    team = crew(at_work(agent()), at_work(agent(QIAN)))
    assert [one.conversation for one in next_for(agent(), queue, team, RULES, MORNING)] == ["c3", "c2"]
    assert [one.conversation for one in next_for(agent(), queue, team, RULES, until)] == ["c1", "c2", "c3"]


def test_what_i_gave_away_comes_back_to_me_only_when_nobody_else_can():
    one = waiting(transferred_by=LIN)
    lin, qian = agent(), agent(QIAN)
    assert next_for(lin, [one], crew(at_work(lin), at_work(qian)), RULES, MORNING) == []
    assert next_for(lin, [one], crew(at_work(lin), Place(qian)), RULES, MORNING) == [one]


def test_an_offer_goes_to_who_had_the_customer_else_to_who_has_most_room():
    team = crew(at_work(agent(), held=2), at_work(agent(QIAN), held=1), at_work(agent("wu", capacity=1)))
    assert best_place(waiting(last_agent=LIN), team) == (LIN, "last_agent")
    assert best_place(waiting(), team) == ("wu", "least_busy")
    assert best_place(waiting(transferred_by="wu"), team) == (QIAN, "least_busy")


def test_nobody_is_offered_more_than_their_capacity_or_what_they_cannot_do():
    full = at_work(agent(capacity=2), held=1, offered=1)
    assert best_place(waiting(last_agent=LIN), crew(full)) is None
    unskilled = at_work(agent(QIAN, categories=("card",)))
    assert best_place(waiting(category="refunds"), crew(full, unskilled)) is None
    assert best_place(waiting(), crew(full, unskilled)) == (QIAN, "least_busy")
    assert best_place(waiting(), crew()) is None


@pytest.mark.parametrize(
    ("position", "held", "seconds"),
    [
        (1, 3, 30),  # a free place: as long as the others waited
        (2, 3, 30),
        (3, 3, 60),  # two places free, so one of five has to end: 300 s / 5 places
        (5, 5, 300),
    ],
)
def test_the_expected_wait_follows_from_recent_times_and_places(position, held, seconds):
    team = crew(at_work(agent(), held=held))
    assert expected_wait(waiting(position=position), team, [300.0] * 5, [30.0] * 9) == seconds


def test_the_expected_wait_is_not_made_up():
    busy, idle = crew(at_work(agent(), held=5)), crew(at_work(agent()))
    assert expected_wait(waiting(), busy, [300.0] * 4, [30.0] * 4) is None
    assert expected_wait(waiting(), idle, [300.0] * 5, [30.0] * 4) is None
    assert expected_wait(waiting(), crew(Place(agent(), present=True)), [300.0] * 5, [30.0] * 5) is None


def test_places_of_those_without_the_skill_do_not_count():
    skilled, other = at_work(agent(categories=("card",)), held=5), at_work(agent(QIAN, categories=("refunds",)))
    assert expected_wait(waiting(category="card"), crew(skilled, other), [300.0] * 5, [30.0] * 5) == 60


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("head_starts: {reasons: {complaint: soon}}", "complaint"),
        ("head_starts: {vip: -1}", "vip"),
        ("head_starts: {vip: 100000}", "vip"),
        ("head_starts: {moods: {furious: 1}}", "furious"),
        ("about: {reasons: {complaint: complaints}}", "complaints"),
        ("categories: [a]", "routing"),
        ("skills: {}", "expected only"),
        ("[", "routing"),
    ],
)
def test_a_wrong_routing_table_is_refused_and_the_entry_is_named(text, named):
    with pytest.raises(SettingsWrong, match=named):
        read_rules(text)


def test_the_shipped_table_knows_every_category_of_the_shipped_articles():
    articles = [one for path in sorted(CONTENT.glob("*.yml")) for one in yaml.safe_load(path.read_text("utf-8"))]
    assert articles
    assert {one["category"] for one in articles} <= set(RULES.categories)
