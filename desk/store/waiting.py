"""The queue in Redis: every partition's, merged."""

from collections.abc import Iterable, Mapping

from desk.conversation import partition_of_conversation
from desk.handoff import Offer, Waiting
from desk.store.connection import Store
from desk.store.keys import Keys
from desk.times import from_ms

_WANTED = (
    *("requested_at", "language", "preview", "reason", "epoch", "state", "topic", "vip", "moods", "ahead"),
    *("last_agent", "transferred_by", "note", "offered_to", "offered_until", "offer_reason", "offered_in"),
)


async def read_queue(store: Store, keys: Keys, partitions: Iterable[int]) -> list[Waiting]:
    """Next one first."""
    queues = await store.ask_all(
        [("ZRANGE", keys.partition(number).waiting, 0, -1, "WITHSCORES") for number in partitions]
    )
    queued = sorted((float(score), id_) for queue in queues for id_, score in queue)
    asked = await store.ask_all(
        [("HMGET", keys.partition(partition_of_conversation(id_)).conversation(id_), *_WANTED) for _, id_ in queued]
    )
    rows = [(score, id_, dict(zip(_WANTED, row, strict=True))) for (score, id_), row in zip(queued, asked, strict=True)]
    still = [found for found in rows if found[2]["state"] == "waiting"]  # else claimed between the two questions
    return [_waiting(id_, score, row, position) for position, (score, id_, row) in enumerate(still, start=1)]


def _waiting(id_: str, score: float, row: Mapping[str, str | None], position: int) -> Waiting:
    return Waiting(
        conversation=id_,
        since=from_ms(row["requested_at"] or 0),
        position=position,
        language=row["language"] or None,
        preview=row["preview"] or "",
        reason=row["reason"] or "",
        epoch=int(row["epoch"] or 0),
        asks_since=from_ms(score),
        category=row["topic"] or None,
        vip=row["vip"] == "1",
        mood=_worst(row["moods"] or ""),
        head_start=int(row["ahead"] or 0),
        last_agent=row["last_agent"] or None,
        transferred_by=row["transferred_by"] or None,
        note=row["note"] or "",
        offer=_offer(row),
        offered_in=int(row["offered_in"] or 0),
    )


def _worst(moods: str) -> str:
    """As `worst_of` in `transition.lua`."""
    return "angry" if "angry" in moods else "annoyed" if "annoyed" in moods else "calm"


def _offer(row: Mapping[str, str | None]) -> Offer | None:
    if not row["offered_to"]:
        return None
    until = from_ms(row["offered_until"] or 0)
    return Offer(row["offered_to"], until, row["offer_reason"] or "least_busy")  # type: ignore[arg-type] # as written
