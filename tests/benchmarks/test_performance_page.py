"""The page says what was measured, and a dash for what was not."""

import pytest

from benchmarks import performance_page

LEVEL = {
    "messages": 200,
    "failed": 1,
    "silent": 2,
    "messages_per_second": 31.25,
    "p50_ms": 60.2,
    "p95_ms": 90.6,
    "p99_ms": 120.0,
    "cpu_ms": {"redis": 2.0, "rasa": 12.5},
    "cpu_ms_total": 14.5,
    "client_cpu_ms": 1.5,
}
SIDE = {
    "at": "2026-11-22 12:00 UTC",
    "workload": "abc",
    "load_average": 0.25,
    "start_seconds": 19.7,
    "memory_mb": {"redis": 10.0, "rasa": 300.4},
    "levels": {"1": LEVEL, "8": LEVEL, "64": LEVEL},
    "half_load": {"rate": 15.6, **LEVEL},
    "outcomes": {"faq": {"right": 95, "choice": 3, "none": 2}},
}
OURS = {
    **SIDE,
    "turns": {"10": {"p50_ms": 60.0, "cpu_ms_total": 38.0}},
    "first_start_seconds": 25.0,
    "new_article": {"seconds": 0.39},
}
MACHINE = {"cores": 2, "memory_gb": 24, "processor": "Some CPU", "system": "Linux"}


def rows(results):
    """Cells by the first cell of their row."""
    lines = [line for line in performance_page.tables(results).splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1:] for line in lines if (cells := [cell.strip() for cell in line.strip("|").split("|")])}


def test_each_figure_stands_in_the_column_of_its_side():
    found = rows({"machine": MACHINE, "sides": {"zhiban": OURS, "diet-1": SIDE}})
    assert found["What customers feel"] == ["Zhiban", "DIET + TED, 1 worker"]
    assert found["8 customers: p50 / p95 / p99, ms"] == ["60 / 91 / 120"] * 2
    assert found["failed or silent, of all"] == ["12 of 800"] * 2
    assert found["**all**"] == ["14.5"] * 2
    assert found["rasa"] == ["12.5"] * 2
    assert found["questions: right answer"] == ["0.950"] * 2


def test_what_was_not_measured_on_a_side_is_a_dash():
    found = rows({"machine": MACHINE, "sides": {"zhiban": OURS, "diet-1": SIDE}})
    assert found["10"] == ["60 / 38", "–"]
    assert found["new article until its first answer, s"] == ["0.39", "–"]
    assert found["training, s"] == ["–", "–"]
    assert found["orders looked up"] == ["–", "–"]


def test_sides_that_were_not_asked_the_same_are_not_compared_in_silence():
    sides = {"zhiban": OURS, "diet-1": {**SIDE, "workload": "other"}}
    assert "Not all sides had the same texts" in performance_page.tables({"machine": MACHINE, "sides": sides})
    assert "Not all sides" not in performance_page.tables({"machine": MACHINE, "sides": {"zhiban": OURS}})


def test_a_tiny_run_says_that_it_is_one():
    tiny = {"zhiban": {**OURS, "tiny": True}}
    assert "Indicative only" in performance_page.tables({"machine": MACHINE, "sides": tiny})
    assert "Indicative only" not in performance_page.tables({"machine": MACHINE, "sides": {"zhiban": OURS}})


def test_only_what_stands_between_the_marks_is_replaced(monkeypatch, tmp_path):
    page = tmp_path / "performance.md"
    monkeypatch.setattr(performance_page, "PAGE", page)
    before, after = performance_page.MARKS
    page.write_text(f"# Title\n{before}\nold\n{after}\nthe rest\n")
    performance_page.write({"machine": MACHINE, "sides": {"zhiban": OURS}})
    written = page.read_text()
    assert written.startswith(f"# Title\n{before}\n")
    assert written.endswith(f"{after}\nthe rest\n")
    assert "old" not in written
    assert "31.2" in written


def test_a_page_without_marks_is_left_alone(monkeypatch, tmp_path):
    page = tmp_path / "performance.md"
    monkeypatch.setattr(performance_page, "PAGE", page)
    page.write_text("# Title\n")
    with pytest.raises(ValueError, match="needs the lines"):
        performance_page.write({"machine": MACHINE, "sides": {"zhiban": OURS}})
    assert page.read_text() == "# Title\n"
