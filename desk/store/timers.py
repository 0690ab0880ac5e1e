"""What is due in a partition."""

from collections.abc import Mapping
from datetime import datetime

from desk.store.connection import Store
from desk.store.keys import Keys
from desk.store.presence import PresenceStore
from desk.times import from_ms, to_ms
from desk.turn import Timer, TimerKind

BATCH = 100
_KINDS: Mapping[str, TimerKind] = {"bot": "silence", "waiting": "waiting_limit", "person": "silence"}


class TimerStore:
    """Reads deadlines; what is done about them is a step (`turns.py`)."""

    def __init__(self, store: Store, keys: Keys, presence: PresenceStore) -> None:
        self._store = store
        self._keys = keys
        self._presence = presence

    async def due(self, partition: int, now: datetime) -> list[Timer]:
        keys = self._keys.partition(partition)
        late, held = await self._store.ask_all(
            [
                ("ZRANGE", keys.timers, "-inf", to_ms(now), "BYSCORE", "LIMIT", 0, BATCH, "WITHSCORES"),
                ("HGETALL", keys.held),
            ]
        )
        deadlines = {id_: float(score) for id_, score in late}
        gone = await self._presence.gone(set(held.values()), now)
        left = {id_: gone[holder] for id_, holder in held.items() if holder in gone}
        ids = [*deadlines, *(id_ for id_ in left if id_ not in deadlines)]
        rows = await self._store.ask_all(
            [("HMGET", keys.conversation(id_), "state", "epoch", "holder", "language") for id_ in ids]
        )
        timers = []
        for id_, (state, epoch, holder, language) in zip(ids, rows, strict=True):
            if state not in _KINDS:
                continue
            kind = _KINDS[state] if id_ in deadlines else "agent_gone"
            due_at = from_ms(deadlines[id_]) if id_ in deadlines else left[id_]
            timers.append(Timer(id_, kind, due_at, int(epoch), state, holder or None, language or None))
        return [timer for timer in timers if timer.kind != "agent_gone" or timer.holder in gone]
