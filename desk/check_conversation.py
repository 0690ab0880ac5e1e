"""Does one conversation agree with its log, with the queues of its partition and with its customer?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.conversation import Address
from desk.store.keys import PartitionKeys

if TYPE_CHECKING:
    from desk.store.connection import Store

_NEEDED = ("state", "epoch", "seq", "channel", "account", "user")


@dataclass(frozen=True)
class Lists:
    """The lists of one partition."""

    waiting: frozenset[str]
    held: Mapping[str, str]
    timers: frozenset[str]
    due: frozenset[str]
    done: frozenset[str]

    @property
    def queued(self) -> set[str]:
        return {*self.waiting, *self.held, *self.timers}


async def conversation_lines(store: "Store", keys: PartitionKeys, lists: Lists, id_: str) -> tuple[int, Sequence[str]]:
    """Its last number, and what is wrong with it."""
    fields = await store.ask("HGETALL", keys.conversation(id_))
    if not fields:  # its time ran out since
        return 0, []
    lacking = [name for name in _NEEDED if name not in fields]
    if lacking:
        return 0, [f"lacks {', '.join(lacking)}"]
    lines = [*_queues(lists, id_, fields), *await _log(store, keys, id_, fields)]
    return int(fields["seq"]), lines + await _customer(store, keys, id_, fields)


def _queues(lists: Lists, id_: str, fields: Mapping[str, str]) -> list[str]:
    state, holder = fields["state"], fields.get("holder", "")
    checks = {
        f"is {state}, but {'not ' if state == 'waiting' else ''}in the queue": (state == "waiting")
        == (id_ in lists.waiting),
        f"is {state} with {holder!r}, but held by {lists.held.get(id_)!r}": lists.held.get(id_, "") == holder
        and (state == "person") == bool(holder),
        f"is {state}, but has {'no' if state != 'closed' else 'a'} timer": (state != "closed") == (id_ in lists.timers),
    }
    return [line for line, good in checks.items() if not good]


async def _log(store: "Store", keys: PartitionKeys, id_: str, fields: Mapping[str, str]) -> list[str]:
    entries = await store.ask("XRANGE", keys.log(id_), "-", "+")
    numbers = [int(entry.split("-")[0]) for entry, _ in entries]
    lines = []
    if numbers != list(range(1, int(fields["seq"]) + 1)):
        lines.append(f"seq is {fields['seq']}, but the log has {len(numbers)} events up to {max(numbers, default=0)}")
    events = {number: _event(entry) for number, (_, entry) in zip(numbers, entries, strict=True)}
    lines += [f"event {number} cannot be read" for number, event in events.items() if event is None]
    states = [event for event in events.values() if event and event["type"] == "state"]
    if states and (states[-1].get("to"), str(states[-1].get("epoch"))) != (fields["state"], fields["epoch"]):
        told = f"{states[-1].get('to')}, {states[-1].get('epoch')}"
        lines.append(f"is {fields['state']} in epoch {fields['epoch']}, but the log says {told}")
    return lines


def _event(entry: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        event = json.loads(entry["event"])
    except (KeyError, ValueError):
        return None
    return event if isinstance(event, dict) and "type" in event else None


async def _customer(store: "Store", keys: PartitionKeys, id_: str, fields: Mapping[str, str]) -> list[str]:
    address = Address(fields["channel"], fields["account"], fields["user"])
    opened = await store.ask("HGET", keys.customer(address.digest), "open")
    if (opened == id_) == (fields["state"] != "closed"):
        return []
    return [f"is {fields['state']}, but its customer's open conversation is {opened or 'none'}"]
