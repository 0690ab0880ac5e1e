"""The checker finds each broken promise in a small made-up run, and nothing in a good one."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.chaos.checker import check
from tests.chaos.figures import report
from tests.chaos.record import Ack, Evidence, Outage, Seen, Sent

C = "c17-01M80FPM806QMR7C77M64M75SK"
START = 1_795_000_000.0


def event(seq: int, at: float, type_: str, role: str, **body) -> dict:
    moment = datetime.fromtimestamp(START + at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    author = {"role": role, "id": ""}
    return {"seq": seq, "type": type_, "at": moment, "conversation": C, "author": author, **body}


def says(seq: int, at: float, role: str, message_id: str, text: str = "", **body) -> dict:
    return event(seq, at, "message", role, message_id=message_id, text=text, **body)


def becomes(seq: int, at: float, to: str, epoch: int, reason: str = "") -> dict:
    return event(seq, at, "state", "system", to=to, epoch=epoch, reason=reason)


def good_log() -> list[dict]:
    """A question, the wish for a person, a person's turn, and the bot again."""
    return [
        becomes(1, 0, "bot", 1, "opened"),
        says(2, 0, "customer", "m1"),
        says(3, 1, "bot", "b1", reply_to=["m1"]),
        says(4, 1, "bot", "b2", reply_to=["m1"]),
        says(5, 2, "customer", "m2"),
        says(6, 3, "bot", "b3", reply_to=["m2"]),
        becomes(7, 3, "waiting", 2, "asked"),
        says(8, 4, "customer", "m3"),
        becomes(9, 30, "person", 3, "claimed"),
        says(10, 31, "agent", "a1"),
        says(11, 32, "customer", "m4"),
        becomes(12, 40, "bot", 4, "released"),
        says(13, 41, "customer", "m5"),
        says(14, 42, "bot", "b4", reply_to=["m5"]),
    ]


def run_of(log: list[dict]) -> Evidence:
    """Every message of people sent and acknowledged when the log has it, everything seen."""
    people = [one for one in log if one["type"] == "message" and one["author"]["role"] in ("customer", "agent")]
    sent, before = [], None
    for one in people:
        at = datetime.fromisoformat(one["at"]).timestamp()
        customers = one["author"]["role"] == "customer"
        acks = [Ack(at, "doors", C, one["seq"], False), Ack(at, "doors2", C, one["seq"], True)]
        after = before if customers else None
        sent.append(Sent(one["message_id"], one["author"]["role"], "li", at - 0.1, after, acks))
        before = one["message_id"] if customers else before
    seen = Seen("li", "socket")
    for one in log:
        seen.note(one, datetime.fromisoformat(one["at"]).timestamp())
    return Evidence(sent, [seen], {C: deepcopy(log)})


def found(evidence: Evidence) -> set[str]:
    return {finding.rule for finding in check(evidence)}


def numbered(log: list[dict]) -> list[dict]:
    return [{**one, "seq": seq} for seq, one in enumerate(log, 1)]


def without(log: list[dict], seq: int) -> list[dict]:
    return numbered([one for one in log if one["seq"] != seq])


def with_after(log: list[dict], seq: int, *more: dict) -> list[dict]:
    return numbered([*log[:seq], *more, *log[seq:]])


def test_a_run_that_kept_every_promise_has_no_findings():
    assert check(run_of(good_log())) == []


def test_a_message_that_was_acknowledged_and_is_not_there_is_lost():
    evidence = run_of(good_log())
    evidence.sent.append(Sent("m9", "customer", "li", START, None, [Ack(START, "doors", C, 15, False)]))
    assert found(evidence) == {"lost"}


def test_an_acknowledgement_that_names_another_place_is_a_lost_message():
    evidence = run_of(good_log())
    evidence.sent[0].acks[1] = Ack(START, "doors2", C, 5, True)
    assert found(evidence) == {"lost"}


def test_a_message_that_was_never_acknowledged_may_be_lost():
    evidence = run_of(good_log())
    evidence.sent.append(Sent("m9", "customer", "li", START))
    assert check(evidence) == []


def test_a_message_that_stands_there_twice_was_taken_twice():
    log = with_after(good_log(), 14, says(0, 43, "customer", "m5"), says(0, 44, "bot", "b5", reply_to=["m5"]))
    assert "taken twice" in found(run_of(log))


@pytest.mark.parametrize("at", [42.5, 42])
def test_answers_from_two_steps_are_answered_twice(at):
    again = says(0, at, "bot", "b5", reply_to=["m5"])
    between = says(0, 42.2, "customer", "m6")
    last = says(0, 44, "bot", "b6", reply_to=["m6"])
    assert found(run_of(with_after(good_log(), 14, between, again, last))) == {"answered twice"}


def test_an_answer_that_overtakes_is_out_of_order():
    more = [says(0, 43, "customer", "m6"), says(0, 43, "customer", "m7")]
    answers = [says(0, 44, "bot", "b6", reply_to=["m7"]), says(0, 45, "bot", "b7", reply_to=["m6"])]
    assert found(run_of(with_after(good_log(), 14, *more, *answers))) == {"out of order"}
    assert check(run_of(with_after(good_log(), 14, *more, *reversed(answers)))) == []


def test_several_messages_may_have_one_answer():
    more = [says(0, 43, "customer", "m6"), says(0, 43, "customer", "m7")]
    answer = says(0, 44, "bot", "b6", reply_to=["m6", "m7"])
    assert check(run_of(with_after(good_log(), 14, *more, answer))) == []


def test_a_log_with_a_gap_is_out_of_order():
    assert found(run_of([one for one in good_log() if one["seq"] != 4])) == {"out of order"}


def test_a_message_sent_later_must_not_stand_first():
    log = with_after(good_log(), 14, says(0, 43, "customer", "m7"), says(0, 43, "customer", "m6"))
    log += numbered([*log, says(0, 44, "bot", "b6", reply_to=["m7", "m6"])])[-1:]
    evidence = run_of(log)
    six, seven = evidence.sent[-1], evidence.sent[-2]
    six.after, seven.after = "m5", "m6"
    assert found(evidence) == {"out of order"}


def test_a_message_without_an_answer_is_silence():
    assert found(run_of(without(good_log(), 14))) == {"silent"}


def test_an_answer_after_more_than_ten_seconds_is_silence_unless_redis_was_away():
    log = good_log()
    log[13] = says(14, 53, "bot", "b4", reply_to=["m5"])
    evidence = run_of(log)
    assert found(evidence) == {"silent"}
    evidence.outages = [Outage(START + 44, START + 45)]
    assert found(evidence) == {"silent"}
    evidence.outages = [Outage(START + 44, START + 47)]
    assert check(evidence) == []


def test_who_waits_and_was_not_told_for_a_minute_must_be_told_again():
    log = with_after(good_log()[:8], 8, says(0, 64, "customer", "m6"))
    assert found(run_of(log)) == {"silent"}
    log[-1] = says(9, 62, "customer", "m6")
    assert check(run_of(log)) == []


def test_a_person_who_took_the_customer_and_said_nothing_leaves_the_message_to_the_bot():
    log = [
        becomes(1, 0, "bot", 1, "opened"),
        says(2, 0, "customer", "m1"),
        becomes(3, 1, "person", 2, "claimed"),
        becomes(4, 2, "bot", 3, "released"),
    ]
    assert found(run_of(log)) == {"silent"}
    assert check(run_of(with_after(log, 4, says(0, 3, "bot", "b1", reply_to=["m1"])))) == []
    assert check(run_of(with_after(log, 3, says(0, 1, "agent", "a1")))) == []
    assert check(run_of(log[:3])) == []


def test_the_bot_in_a_persons_turn_is_found_and_the_word_that_the_person_left_is_not():
    assert found(run_of(with_after(good_log(), 10, says(0, 31, "bot", "b9")))) == {"in a person's turn"}
    left = [
        says(0, 35, "bot", "b9"),
        becomes(0, 35, "waiting", 4, "agent_gone"),
        becomes(0, 36, "person", 5, "claimed"),
    ]
    assert check(run_of(with_after(good_log(), 11, *left))) == []


def test_an_answer_decided_in_another_epoch_is_stale():
    log = good_log()
    log[13]["text"] = "heard ⟦epoch 4⟧"
    assert check(run_of(log)) == []
    log[13]["text"] = "heard ⟦epoch 1⟧"
    assert found(run_of(log)) == {"stale"}


@pytest.mark.parametrize("change", ["missing", "twice", "other", "end"])
def test_a_customer_who_was_shown_something_else_is_found(change):
    evidence = run_of(good_log())
    events = evidence.seen[0].events[C]
    if change == "missing":
        del events[4]
    elif change == "twice":
        events.insert(4, events[4])
    elif change == "other":
        events[4] = {**events[4], "text": "?"}
    else:
        events.pop()
    assert found(evidence) == {"seen otherwise"}


def test_what_is_left_what_differs_and_who_is_stuck_is_found():
    evidence = run_of(good_log())
    evidence.left, evidence.differences = [f"{C} 14"], [f"{C}: is bot, but held by 'lin'"]
    evidence.stuck = ["c7"]
    assert [finding.rule for finding in check(evidence)] == ["left over"] * 3


def test_findings_name_the_ids_and_the_table_counts_them(tmp_path: Path):
    evidence = run_of(without(good_log(), 14))
    evidence.save(tmp_path / "evidence.json")
    evidence = Evidence.load(tmp_path / "evidence.json")
    (finding,) = check(evidence)
    assert finding.ids == (C, "m5")
    said = report(evidence, [finding])
    assert f"silent: {C} m5: 13 was never answered" in said
    assert "acknowledged to answered" in said
