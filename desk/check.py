"""Compares state, log and queues; an empty list means that they agree."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.conversation import PARTITIONS, partition_of_conversation
from desk.store.keys import PartitionKeys

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.store.connection import Store

_SCAN_COUNT = 500


@dataclass(frozen=True)
class Queues:
    """The lists of one partition."""

    waiting: frozenset[str]
    held: Mapping[str, str]
    timers: frozenset[str]
    due: frozenset[str]
    done: frozenset[str]


async def differences(desk: "Desk") -> list[str]:
    """One line for each difference. Steps that run meanwhile may show up: check again before you worry."""
    ids = await _conversation_ids(desk)
    found: list[str] = []
    for number in range(PARTITIONS):
        keys, known = desk.keys.partition(number), ids[number]
        queues = await _queues(desk.store, keys)
        for id_ in sorted(known):
            found += [f"{id_}: {line}" for line in await _conversation(desk.store, keys, queues, id_)]
        found += [f"{id_}: in a queue, but there is no such conversation" for id_ in _queued(queues) - known]
        for name, stream in (("inbox", keys.inbox), ("outbox", keys.outbox)):
            found += await _pointing_nowhere(desk.store, name, stream, known)
        found += await _tickets(desk.store, keys, queues)
    return found


def _queued(queues: Queues) -> set[str]:
    return {*queues.waiting, *queues.held, *queues.timers}


async def _queues(store: "Store", keys: PartitionKeys) -> Queues:
    waiting, held, timers, due, done = await store.ask_all(
        [
            ("ZRANGE", keys.waiting, 0, -1),
            ("HGETALL", keys.held),
            ("ZRANGE", keys.timers, 0, -1),
            ("ZRANGE", keys.due, 0, -1),
            ("ZRANGE", keys.done, 0, -1),
        ]
    )
    return Queues(frozenset(waiting), held, frozenset(timers), frozenset(due), frozenset(done))


async def _conversation_ids(desk: "Desk") -> Mapping[int, set[str]]:
    ids: dict[int, set[str]] = {number: set() for number in range(PARTITIONS)}
    async for key in desk.store.scan(f"{desk.keys.namespace}:{{p*}}:conv:*", _SCAN_COUNT):
        id_ = key.partition(":conv:")[2]
        if ":" not in id_:  # else it is a log
            ids[partition_of_conversation(id_)].add(id_)
    return ids


async def _conversation(store: "Store", keys: PartitionKeys, queues: Queues, id_: str) -> list[str]:
    fields = await store.ask("HGETALL", keys.conversation(id_))
    if not fields:  # its time ran out since
        return []
    state, holder = fields["state"], fields.get("holder", "")
    checks = {
        f"is {state}, but {'not ' if state == 'waiting' else ''}in the queue": (state == "waiting")
        == (id_ in queues.waiting),
        f"is {state} with {holder!r}, but held by {queues.held.get(id_)!r}": queues.held.get(id_, "") == holder
        and (state == "person") == bool(holder),
        f"is {state}, but has {'no' if state != 'closed' else 'a'} timer": (state != "closed")
        == (id_ in queues.timers),
    }
    lines = [line for line, good in checks.items() if not good]
    return lines + await _log(store, keys, id_, fields)


async def _log(store: "Store", keys: PartitionKeys, id_: str, fields: Mapping[str, str]) -> list[str]:
    entries = await store.ask("XRANGE", keys.log(id_), "-", "+")
    numbers = [int(entry.split("-")[0]) for entry, _ in entries]
    lines = []
    if numbers != list(range(1, int(fields["seq"]) + 1)):
        lines.append(f"seq is {fields['seq']}, but the log has {len(numbers)} events up to {max(numbers, default=0)}")
    states = [event for event in _events(entries) if event["type"] == "state"]
    if states and (states[-1]["to"], str(states[-1]["epoch"])) != (fields["state"], fields["epoch"]):
        last = states[-1]
        lines.append(f"is {fields['state']} in epoch {fields['epoch']}, but the log says {last['to']}, {last['epoch']}")
    return lines


def _events(entries: Any) -> list[dict[str, Any]]:
    return [json.loads(entry["event"]) for _, entry in entries]


async def _pointing_nowhere(store: "Store", name: str, stream: str, known: set[str]) -> list[str]:
    entries = await store.ask("XRANGE", stream, "-", "+")
    return [
        f"{entry['conversation']}: waits in the {name}, but there is no such conversation"
        for _, entry in entries
        if entry["conversation"] not in known
    ]


async def _tickets(store: "Store", keys: PartitionKeys, queues: Queues) -> list[str]:
    ids = sorted(queues.due | queues.done)
    states = await store.ask_all([("HGET", keys.ticket(id_), "state") for id_ in ids])
    lines = []
    for id_, state in zip(ids, states, strict=True):
        wanted = (state == "done", state not in (None, "done"))
        # A ticket that is done may have outlived its time in the list, and the other way round.
        if (id_ in queues.done, id_ in queues.due) != wanted and not (state is None and id_ in queues.done):
            lines.append(f"{id_}: is {state}, but its lists say otherwise")
    return lines
