"""What became of a customer's message: answered, or with a person, or neither."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.chaos.record import Event, is_message, messages, moment

# Who waits and was told so this lately is not told again (gateway/worker/settings.py: notice_seconds).
NOTICE_SECONDS = 60.0


@dataclass(frozen=True)
class Settled:
    """`at`: when it was answered, or the customer knew that a person comes; None: never.

    `by_person`: it was written to a person, or a person answered; people may take their time.
    """

    conversation: str
    message_id: str
    seq: int
    since: float
    at: float | None = None
    by_person: bool = False


def settled(conversation: str, log: Sequence[Event], acknowledged: Mapping[str, float | None]) -> Iterator[Settled]:
    """One for each customer's message of `log`; it waits from its acknowledgement, or else from when it was written."""
    answers: dict[str, float] = {}
    for event in messages(log, "bot", "system"):
        for message_id in event.get("reply_to", ()):
            answers.setdefault(message_id, moment(event))
    state = "bot"
    for event in log:
        if event["type"] == "state":
            state = event["to"]
        elif is_message(event, "customer"):
            message_id = event["message_id"]
            since = acknowledged.get(message_id) or moment(event)
            at = answers.get(message_id)
            at = _person_promised(log, event, state) if at is None else at
            by_person = state == "person" or (at is None and _person_answered(log, event))
            yield Settled(conversation, message_id, event["seq"], since, None if by_person else at, by_person)


def _person_promised(log: Sequence[Event], message: Event, state: str) -> float | None:
    """When the customer, after `message`, began to wait for a person, or knew already of waiting."""
    if state == "waiting" and _told_lately(log, message):
        return moment(message)
    for event in log[message["seq"] :]:
        if event["type"] == "state" and event["to"] == "waiting":
            return moment(event)
    return None


def _told_lately(log: Sequence[Event], message: Event) -> bool:
    words = messages(log[: message["seq"]], "bot", "system")
    return bool(words) and moment(message) - moment(words[-1]) < NOTICE_SECONDS


def _person_answered(log: Sequence[Event], message: Event) -> bool:
    return bool(messages(log[message["seq"] :], "agent")) or _ends_with_a_person(log)


def _ends_with_a_person(log: Sequence[Event]) -> bool:
    states = [event["to"] for event in log if event["type"] == "state"]
    return bool(states) and states[-1] == "person"
