"""Routes are counted as the arbiter's costs say, and held-out texts stand in no report."""

import pytest

from benchmarks.evaluation import routing
from zhiban.evaluating.report import Report, Section, Table, markdown

ROWS = [
    {"wanted": "answer", "found": "answer", "form": False, "language": "en"},
    {"wanted": "person", "found": "answer", "form": False, "language": "zh-Hans"},
    {"wanted": "person", "found": "person", "form": True, "language": "zh-Hans"},
    {"wanted": "inform", "found": "stop", "form": True, "language": "zh-Hans"},
]


def test_a_missed_person_costs_five():
    found = routing.figures(ROWS)
    assert found["right"].value == 0.5
    assert found["persons and complaints missed"].value == 0.5
    assert found["cost of a hundred"].value == pytest.approx(100 * (5 + 1) / 4)


def test_each_way_says_where_messages_went_instead():
    ways = routing.section(ROWS, "make eval").tables[1]
    assert list(next(row for row in ways.rows if row[0] == "person")[:2]) == ["person", "2"]
    assert next(row for row in ways.rows if row[0] == "person")[3] == "answer 1"


def test_a_cell_cannot_break_a_table():
    section = Section("S", tables=[Table(["text"], [["a | b\nc"]])])
    assert "| a \\| b c |" in markdown(Report("T", [], [section]))
