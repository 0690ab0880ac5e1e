"""Which server of a cluster has which slot, and which slot a command is about."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.crc import key_slot

from desk.store.link import Command

Address = tuple[str, int]

_THIRD = {"EVAL", "EVALSHA"}
_SECOND = {"XGROUP"}
_STREAMS = {"XREAD", "XREADGROUP"}


@dataclass(frozen=True)
class SlotMap:
    """What one server said of the whole cluster. `servers`: the masters, then their replicas."""

    firsts: Sequence[int] = ()
    ranges: Sequence[tuple[int, int, Address]] = ()
    servers: Sequence[Address] = ()

    def owner(self, slot: int) -> Address | None:
        """None for a slot that nobody serves."""
        place = bisect_right(self.firsts, slot) - 1
        if place < 0 or not self.ranges[place][0] <= slot <= self.ranges[place][1]:
            return None
        return self.ranges[place][2]


def read_slots(answer: Sequence[Sequence[Any]], asked: Address) -> SlotMap:
    """From `CLUSTER SLOTS`; a server without an address is the one that was `asked`."""
    ranges, masters, replicas = [], [], []
    for first, last, master, *others in sorted(answer, key=lambda row: int(row[0])):
        owner = _address(master, asked)
        ranges.append((int(first), int(last), owner))
        masters.append(owner)
        replicas += [_address(other, asked) for other in others]
    servers = tuple(dict.fromkeys([*masters, *replicas]))
    return SlotMap(tuple(row[0] for row in ranges), tuple(ranges), servers)


def slot_of_key(key: str | bytes) -> int:
    return int(key_slot(key.encode() if isinstance(key, str) else key))


def slot_of(command: Command) -> int:
    """By the first key of the command."""
    name = str(command[0]).upper()
    if name in _STREAMS:
        place = [str(word).upper() for word in command].index("STREAMS") + 1
    else:
        place = 3 if name in _THIRD else 2 if name in _SECOND else 1
    key = command[place]
    return slot_of_key(key if isinstance(key, bytes) else str(key))


def _address(node: Sequence[Any], asked: Address) -> Address:
    host = node[0]
    return (host if host and host != "?" else asked[0], int(node[1]))
