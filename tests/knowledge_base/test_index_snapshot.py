"""A snapshot is used whole and of today, or not at all; whatever it says, only what the base holds is found."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from knowledge_base.indexes.growing import GrowingIndex
from knowledge_base.indexes.snapshot import SnapshotFile, UnusableSnapshot
from tests.knowledge_base.neighbours import SMALL, exact, filled, neighbourhoods, recall, unit

ROWS = neighbourhoods(2_000)
ASKED = unit(ROWS[::50] + 0.03)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.snapshot"


def written(path: Path, encoder: str = "letters:1") -> SnapshotFile:
    """The snapshot of all rows at revision 5."""
    file = SnapshotFile(path, encoder)
    index = GrowingIndex(ROWS.shape[1], SMALL, file)
    index.revision = 5
    index.add(range(len(ROWS)), ROWS)
    index.settle()
    assert path.exists()
    return file


def restarted(file: SnapshotFile, rows: np.ndarray = ROWS, revision: int = 5) -> tuple[GrowingIndex, list[str]]:
    """A new index of these rows, under other numbers than before, and what it said about the snapshot."""
    with capture_logs() as said:
        index = GrowingIndex(ROWS.shape[1], SMALL, file)
        index.revision = revision
        index.add(range(9_000, 9_000 + len(rows)), rows)
        index.settle()
    return index, [entry.get("reason", entry["event"]) for entry in said]


def is_right(index: GrowingIndex, rows: np.ndarray) -> bool:
    asked = unit(rows[::50] + 0.03)
    back = [[(number - 9_000, score) for number, score in index.nearest(vector, 10)] for vector in asked]
    for found, vector in zip(back, asked, strict=True):
        assert [score for _, score in found] == pytest.approx([float(rows[n] @ vector) for n, _ in found], abs=2e-3)
    truth = [set(exact(rows, vector, 10)) for vector in asked]
    hits = sum(len({number for number, _ in found} & right) for found, right in zip(back, truth, strict=True))
    return hits >= 0.98 * 10 * len(asked)


def test_a_start_goes_on_with_the_snapshot(path):
    index, said = restarted(written(path))
    assert said == ["index_resumed"]
    assert is_right(index, ROWS)


def test_the_order_of_rows_does_not_matter(path):
    other = ROWS[np.random.default_rng(4).permutation(len(ROWS))]
    index, said = restarted(written(path), other)
    assert said == ["index_resumed"]
    assert is_right(index, other)


def test_what_changed_since_is_taken_from_the_base(path):
    file = written(path)
    changed = ROWS.copy()
    changed[:80] = neighbourhoods(80, seed=9)
    index, said = restarted(file, changed, revision=8)
    assert said == ["index_resumed"]
    assert is_right(index, changed)
    for place in range(80):
        assert index.nearest(changed[place], 1)[0][0] == 9_000 + place
        assert index.nearest(ROWS[place], 1)[0][1] < 0.999  # the row that was there is no more


def test_a_base_that_is_another_by_now_is_indexed_anew(path):
    file, other = written(path), neighbourhoods(2_000, seed=11)
    index, said = restarted(file, other, revision=9)
    assert "are others by now" in said[0]
    assert said[1] == "index_made"
    assert is_right(index, other)


@pytest.mark.parametrize("keep", [0, 1, 40, 300, 5_000, -1])
def test_a_truncated_snapshot_is_made_anew(path, keep):
    file = written(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:keep])
    index, said = restarted(file)
    assert said[0] != "index_resumed"
    assert said[-1] == "index_made"
    assert is_right(index, ROWS)
    assert restarted(file)[1] == ["index_resumed"]  # and it was written again


def test_a_snapshot_with_something_behind_it_is_not_used(path):
    file = written(path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(UnusableSnapshot, match="as long as"):
        file.read(SMALL, 5)


def test_no_bit_may_be_another(path):
    file = written(path)
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    for place in np.random.default_rng(2).integers(start, len(whole), size=60):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << (int(place) % 8)
        path.write_bytes(damaged)
        with pytest.raises(UnusableSnapshot, match="checksum"):
            file.read(SMALL, 5)


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"\xff", b'{"rows": -1}', b"[" * 3_000, b'{"rows": "many"}'])
def test_a_damaged_first_line_is_not_used(path, line):
    file = written(path)
    path.write_bytes(line + b"\n" + path.read_bytes().split(b"\n", 1)[1])
    with pytest.raises(UnusableSnapshot):
        file.read(SMALL, 5)


@pytest.mark.parametrize(("name", "value"), [("faiss", "0.0.1"), ("format", 0), ("encoder", "letters:2")])
def test_a_snapshot_made_with_something_else_is_not_used(path, name, value):
    file = written(path)
    head, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(json.dumps({**json.loads(head), name: value}).encode() + b"\n" + rest)
    with pytest.raises(UnusableSnapshot, match=name):
        file.read(SMALL, 5)


def test_other_parameters_or_another_encoder_make_it_useless(path):
    file = written(path)
    with pytest.raises(UnusableSnapshot, match="plan"):
        file.read(replace(SMALL, trained_on=39), 5)
    with pytest.raises(UnusableSnapshot, match="encoder"):
        SnapshotFile(path, "letters:2").read(SMALL, 5)


def test_a_snapshot_of_a_later_revision_is_not_used(path):
    """A store restored from a backup has gone back in time."""
    with pytest.raises(UnusableSnapshot, match="not yet"):
        written(path).read(SMALL, 4)


def test_a_small_base_writes_none_and_reads_none(path):
    path.write_bytes(b"not to be looked at")
    _, said = restarted(SnapshotFile(path, "letters:1"), ROWS[:300])
    assert said == []
    assert path.read_bytes() == b"not to be looked at"


def test_a_place_where_nothing_can_be_written_only_costs_the_snapshot(tmp_path):
    (tmp_path / "file").write_text("in the way")
    index = filled(ROWS, snapshot=SnapshotFile(tmp_path / "file" / "index.snapshot", "letters:1"))
    assert recall(index, ROWS, ASKED) >= 0.98


KILLED = """
import os, sys
from pathlib import Path
from knowledge_base.indexes import snapshot
from tests.knowledge_base import neighbours, test_index_snapshot as here
real = os.fsync
os.fsync = lambda descriptor: os._exit(9)
here.written(Path(sys.argv[1]), 'letters:2')
"""


def test_a_process_killed_while_writing_leaves_the_former_one(path):
    file = written(path)
    before = path.read_bytes()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], env={**os.environ, "PYTHONPATH": "."}, timeout=60)
    assert ended.returncode == 9
    assert path.read_bytes() == before
    (left,) = path.parent.glob("index.snapshot.*")
    os.utime(left, (0, 0))
    written(path, "letters:2")
    assert not left.exists()
    written(path, "letters:1")
    assert restarted(file)[1] == ["index_resumed"]
