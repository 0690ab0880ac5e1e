"""A large base need not be encoded again after a start, and nothing damaged is taken for a vector."""

import asyncio
import contextlib
import threading
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from knowledge_base import kept_vectors
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.indexes import growing
from knowledge_base.indexes.snapshot import SnapshotFile
from knowledge_base.live_base import LiveBase
from knowledge_base.store import ArticleStore
from knowledge_base.vector_file import VectorFile
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.neighbours import SMALL, neighbourhoods
from tests.knowledge_base.shop import OUT_OF_SCOPE, article

ROWS = neighbourhoods(100).astype(np.float16)
WIDTH = ROWS.shape[1]
TEXTS = [f"text {number}" for number in range(100)]
RECORD = 8 + 2 * WIDTH + 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "index.vectors"


def test_what_was_kept_is_there_after_a_start(path):
    VectorFile(path, WIDTH).add(TEXTS[:60], ROWS[:60])
    VectorFile(path, WIDTH).add(TEXTS[60:], ROWS[60:])
    again = VectorFile(path, WIDTH)
    for text, row in zip(TEXTS, ROWS, strict=True):
        assert np.array_equal(again.find(text), row)
    assert again.find("another") is None


def test_a_file_that_is_not_there_holds_nothing(path):
    assert VectorFile(path, WIDTH).find("text 1") is None


def test_a_record_cut_off_is_lost_and_no_other(path):
    VectorFile(path, WIDTH).add(TEXTS[:10], ROWS[:10])
    path.write_bytes(path.read_bytes()[:-7])
    VectorFile(path, WIDTH).add(TEXTS[10:20], ROWS[10:20])
    again = VectorFile(path, WIDTH)
    assert again.find(TEXTS[9]) is None
    assert all(np.array_equal(again.find(TEXTS[at]), ROWS[at]) for at in [*range(9), *range(10, 20)])


def test_a_damaged_record_is_as_if_it_were_not_there(path):
    VectorFile(path, WIDTH).add(TEXTS[:10], ROWS[:10])
    whole = path.read_bytes()
    for place in range(3 * RECORD, 4 * RECORD, 5):
        damaged = bytearray(whole)
        damaged[place] ^= 4
        path.write_bytes(damaged)
        again = VectorFile(path, WIDTH)
        assert again.find(TEXTS[3]) is None
        assert np.array_equal(again.find(TEXTS[4]), ROWS[4])


def test_several_may_write_at_once(path):
    parts = [range(start, start + 10) for start in range(0, 100, 10)]
    barrier = threading.Barrier(len(parts))

    def write(part: range) -> None:
        barrier.wait(10)
        for at in part:
            VectorFile(path, WIDTH).add([TEXTS[at]], ROWS[at : at + 1])

    threads = [threading.Thread(target=write, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    again = VectorFile(path, WIDTH)
    assert all(np.array_equal(again.find(text), row) for text, row in zip(TEXTS, ROWS, strict=True))


def test_a_place_where_nothing_can_be_written_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("in the way")
    VectorFile(tmp_path / "file" / "index.vectors", WIDTH).add(TEXTS[:1], ROWS[:1])


class CountingEncoder(LetterEncoder):
    """Says how many texts it had to encode."""

    def __init__(self):
        self.encoded = 0

    def encode(self, texts):
        self.encoded += len(texts)
        return super().encode(texts)


# Three questions in each of two hundred matters.
MATTERS = [
    article(
        f"matter-{n}",
        f"{chr(0x4E00 + 37 * n)}事{n}怎么办",
        f"{chr(0x4E00 + 37 * n)}事{n}",
        f"问{n}{n}{chr(0x4E00 + 37 * n)}",
    )
    for n in range(200)
]


@contextlib.asynccontextmanager
async def started(url: str, namespace: str, folder: Path):
    """A base with a snapshot, how many texts it encoded, and what it said while it started."""
    encoder = CountingEncoder()
    store, thread = ArticleStore(url, namespace), EncoderThread(encoder)
    file = SnapshotFile(folder / "index.snapshot", "letters:1")
    base = LiveBase(
        store, thread, MATTERS, OUT_OF_SCOPE, lambda: datetime(2026, 11, 22, tzinfo=timezone.utc), snapshot=file
    )
    try:
        with capture_logs() as said:
            await base.load()
        yield base, encoder.encoded, [entry["event"] for entry in said]
    finally:
        thread.close()
        await store.aclose()


async def test_a_large_base_starts_without_encoding_and_without_making_lists(
    redis_url, namespace, tmp_path, monkeypatch
):
    monkeypatch.setattr(kept_vectors, "_MOST", 0)  # so that the store keeps none
    monkeypatch.setattr(growing, "Plan", lambda: SMALL)
    async with started(redis_url, namespace, tmp_path) as (base, encoded, said):
        assert encoded >= 600
        assert "index_made" in said
        assert base._index.kind == "lists"
    async with started(redis_url, namespace, tmp_path) as (base, encoded, said):
        assert encoded < 10  # the texts that warm it up
        assert "index_resumed" in said
        assert "index_made" not in said
        found = await base.understand("事77怎么办", None, "customer")
        assert found.articles[0].id == "matter-77"
        await base.change(article("matter-77", "可以刻字吗", "能刻字吗"), 1, "wang")
        assert (await base.understand("可以刻字吗", None, "customer")).articles[0].id == "matter-77"
    async with started(redis_url, namespace, tmp_path) as (base, encoded, said):
        assert "index_resumed" in said
        assert (await base.understand("可以刻字吗", None, "customer")).articles[0].id == "matter-77"
        await asyncio.sleep(0)
