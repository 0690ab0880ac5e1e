"""Compares state, log and queues; an empty list means that they agree."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from desk.check_conversation import Lists, conversation_lines
from desk.conversation import PARTITIONS, partition_of_conversation
from desk.store.keys import PartitionKeys

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.store.connection import Store

_SCAN_COUNT = 500


async def differences(desk: "Desk") -> list[str]:
    """One line for each difference. Steps that run meanwhile may show up: check again before you worry."""
    ids, logs = await _conversation_ids(desk)
    found = [f"{id_}: has a log, but there is no such conversation" for id_ in sorted(logs - {*ids})]
    for number in range(PARTITIONS):
        keys = desk.keys.partition(number)
        lists = await _lists(desk.store, keys)
        seqs: dict[str, int] = {}
        for id_ in sorted(id_ for id_ in ids if partition_of_conversation(id_) == number):
            seq, lines = await conversation_lines(desk.store, keys, lists, id_)
            seqs[id_] = seq
            found += [f"{id_}: {line}" for line in lines]
        found += [f"{id_}: in a queue, but there is no such conversation" for id_ in sorted(lists.queued - {*seqs})]
        for name, stream in (("inbox", keys.inbox), ("outbox", keys.outbox)):
            found += await _pointing_nowhere(desk.store, name, stream, seqs)
        found += await _tickets(desk.store, keys, lists)
    return found + await _customers(desk, ids)


async def _conversation_ids(desk: "Desk") -> tuple[set[str], set[str]]:
    """Those that have a state, and those that have a log."""
    ids: set[str] = set()
    logs: set[str] = set()
    async for key in desk.store.scan(f"{desk.keys.namespace}:{{p*}}:conv:*", _SCAN_COUNT):
        id_, _, log = key.partition(":conv:")[2].partition(":")
        (logs if log else ids).add(id_)
    return ids, logs


async def _lists(store: "Store", keys: PartitionKeys) -> Lists:
    waiting, held, timers, due, done = await store.ask_all(
        [
            ("ZRANGE", keys.waiting, 0, -1),
            ("HGETALL", keys.held),
            ("ZRANGE", keys.timers, 0, -1),
            ("ZRANGE", keys.due, 0, -1),
            ("ZRANGE", keys.done, 0, -1),
        ]
    )
    return Lists(frozenset(waiting), held, frozenset(timers), frozenset(due), frozenset(done))


async def _pointing_nowhere(store: "Store", name: str, stream: str, seqs: Mapping[str, int]) -> list[str]:
    lines = []
    for _, entry in await store.ask("XRANGE", stream, "-", "+"):
        id_, seq = entry.get("conversation", "?"), entry.get("seq", "0")
        if id_ not in seqs:
            lines.append(f"{id_}: waits in the {name}, but there is no such conversation")
        elif not 0 < int(seq) <= seqs[id_]:
            lines.append(f"{id_}: event {seq} waits in the {name}, but is not in the log")
    return lines


async def _tickets(store: "Store", keys: PartitionKeys, lists: Lists) -> list[str]:
    ids = sorted(lists.due | lists.done)
    states = await store.ask_all([("HGET", keys.ticket(id_), "state") for id_ in ids])
    lines = []
    for id_, state in zip(ids, states, strict=True):
        wanted = (state == "done", state not in (None, "done"))
        # A ticket that is done may have outlived its time in the list, and the other way round.
        if (id_ in lists.done, id_ in lists.due) != wanted and not (state is None and id_ in lists.done):
            lines.append(f"{id_}: is {state}, but its lists say otherwise")
    return lines


async def _customers(desk: "Desk", ids: set[str]) -> list[str]:
    """Whose open conversation there is not; that an open conversation is its customer's is checked with it."""
    root = f"{desk.keys.namespace}:{{p*}}:customer:"
    keys = [key async for key in desk.store.scan(f"{root}*", _SCAN_COUNT)]
    own = [key for key in keys if key.count(":") == root.count(":")]  # the others are lists
    opened = await desk.store.ask_all([("HGET", key, "open") for key in own])
    gone = sorted({id_ for id_ in opened if id_} - ids)
    return [f"{id_}: is open for a customer, but there is no such conversation" for id_ in gone]
