"""Were the promises kept? Pure functions over the evidence of a run; each finding names the ids to look at.

`python -m tests.chaos.checker EVIDENCE.json` checks what a run has kept.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.chaos.record import Event, Evidence, Sent, is_message, messages
from tests.chaos.silence import Settled, settled

LONGEST_SILENCE = 10.0
OURS = ("bot", "system")
_MARK = re.compile(r"⟦epoch (\d+)⟧")


@dataclass(frozen=True)
class Finding:
    """One broken promise."""

    rule: str
    ids: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {' '.join(self.ids)}: {self.what}"


def check(evidence: Evidence) -> list[Finding]:
    """Every broken promise; empty when all were kept."""
    return [Finding(rule, ids, what) for rule, find in RULES.items() for ids, what in find(evidence)]


Found = Iterator[tuple[tuple[str, ...], str]]


def lost(evidence: Evidence) -> Found:
    """Acknowledged, and not where the acknowledgement says."""
    there = {(id_, event["seq"]): event.get("message_id") for id_, log in evidence.logs.items() for event in log}
    for sent in evidence.sent:
        for ack in sent.acks:
            if there.get((ack.conversation, ack.seq)) != sent.message_id:
                yield (ack.conversation, sent.message_id), f"acknowledged as {ack.seq} by {ack.door}, not there"


def taken_twice(evidence: Evidence) -> Found:
    """One message that stands more than once in the logs."""
    places = defaultdict(list)
    for conversation, log in evidence.logs.items():
        for event in messages(log, "customer", "agent"):
            places[event["message_id"]].append(f"{conversation}/{event['seq']}")
    for message_id, found in places.items():
        if len(found) > 1:
            yield (message_id, *found), f"stands there {len(found)} times"


def answered_twice(evidence: Evidence) -> Found:
    """Answers to one message from more than one step: what a step writes has one moment and no gap."""
    for conversation, log in evidence.logs.items():
        answers = defaultdict(list)
        for event in messages(log, *OURS):
            for message_id in event.get("reply_to", ()):
                answers[message_id].append(event)
        for message_id, replies in answers.items():
            apart = [two for one, two in pairwise(replies) if (two["seq"], two["at"]) != (one["seq"] + 1, one["at"])]
            if apart:
                yield (conversation, message_id), f"answered at {replies[0]['seq']} and again at {apart[0]['seq']}"


def out_of_order(evidence: Evidence) -> Found:
    """Numbers with gaps, answers that overtake, or messages that stand before what their author sent earlier."""
    for conversation, log in evidence.logs.items():
        if [event["seq"] for event in log] != list(range(1, len(log) + 1)):
            yield (conversation,), "its log has gaps"
        places = {event["message_id"]: event["seq"] for event in messages(log, "customer")}
        last = 0
        for event in messages(log, *OURS):
            answered = [places[message_id] for message_id in event.get("reply_to", ()) if message_id in places]
            if answered and (max(answered) < last or max(answered) > event["seq"]):
                yield (conversation, *event["reply_to"]), f"{event['seq']} answers {max(answered)} after {last}"
            last = max([last, *answered])
    yield from _overtaken(evidence)


def _overtaken(evidence: Evidence) -> Found:
    sent = {one.message_id: one for one in evidence.sent}
    for one in evidence.sent:
        before = sent.get(one.after or "")
        if before and one.acks and before.acks and _place(one) <= _place(before):
            yield (before.acks[0].conversation, before.message_id, one.message_id), "the later one stands first"


def _place(sent: Sent) -> tuple[str, int]:
    """Ids of conversations rise with their opening, within the partition of their customer."""
    return sent.acks[0].conversation, sent.acks[0].seq


def silent(evidence: Evidence) -> Found:
    """No answer, and no word that a person will come, within ten seconds and what Redis took to come back."""
    for one in settlements(evidence):
        ids = (one.conversation, one.message_id)
        if one.at is None and not one.by_person:
            yield ids, f"{one.seq} was never answered"
        elif one.at is not None and one.at - one.since > LONGEST_SILENCE + redis_was_away(evidence, one):
            yield ids, f"{one.seq} was answered after {one.at - one.since:.1f} s"


def settlements(evidence: Evidence) -> Iterator[Settled]:
    """What became of each customer's message, counted from its first acknowledgement."""
    known = {one.message_id: one.acknowledged_at for one in evidence.sent}
    for conversation, log in evidence.logs.items():
        yield from settled(conversation, log, known)


def redis_was_away(evidence: Evidence, one: Settled) -> float:
    """Seconds of the wait of `one`."""
    return sum(outage.within(one.since, one.at or one.since) for outage in evidence.outages)


def interrupted_a_person(evidence: Evidence) -> Found:
    """Words of ours while a person holds the conversation; only that the person has left may be said."""
    for conversation, log in evidence.logs.items():
        state = "bot"
        for event in log:
            if event["type"] == "state":
                state = event["to"]
            elif is_message(event, *OURS) and state == "person" and not _says_who_left(event, log):
                yield (conversation, event["message_id"]), f"{event['seq']} was said in a person's turn"


def _says_who_left(event: Event, log: list[Event]) -> bool:
    same_step = [later for later in log[event["seq"] :] if later["at"] == event["at"] and later["type"] == "state"]
    return any(change["reason"] == "agent_gone" for change in same_step)


def stale(evidence: Evidence) -> Found:
    """An answer that tells the epoch in which it was decided (a stand-in's do), said in another."""
    for conversation, log in evidence.logs.items():
        epoch = 1
        for event in log:
            if event["type"] == "state":
                epoch = event["epoch"]
            told = _MARK.search(event.get("text", "")) if event["type"] == "message" else None
            if told and int(told[1]) != epoch:
                yield (conversation, event["message_id"]), f"{event['seq']} was decided in epoch {told[1]}, not {epoch}"


def seen_otherwise(evidence: Evidence) -> Found:
    """A customer who was shown something else than the log, or not all of it, or some of it twice."""
    for seen in evidence.seen:
        for conversation, events in seen.events.items():
            log = evidence.logs.get(conversation, [])
            if events != log:
                first = next((n for n, pair in enumerate(zip(events, log, strict=False), 1) if pair[0] != pair[1]), 0)
                numbers = f"{len(events)} events of {len(log)}" + (f", unlike at place {first}" if first else "")
                yield (conversation, seen.customer, seen.how), f"saw {numbers}"


def left_over(evidence: Evidence) -> Found:
    """What `zhiban check` says, inbox entries that nobody finished, and who could not go on."""
    for entry in evidence.left:
        yield (entry,), "still waits in the inbox"
    for line in evidence.differences:
        yield (line.partition(":")[0],), line
    for name in evidence.stuck:
        yield (name,), "could not go on"


RULES: dict[str, Callable[[Evidence], Found]] = {
    "lost": lost,
    "taken twice": taken_twice,
    "answered twice": answered_twice,
    "out of order": out_of_order,
    "silent": silent,
    "in a person's turn": interrupted_a_person,
    "stale": stale,
    "seen otherwise": seen_otherwise,
    "left over": left_over,
}


def main() -> None:
    from tests.chaos.figures import report

    evidence = Evidence.load(Path(sys.argv[1]))
    findings = check(evidence)
    print(report(evidence, findings))
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
