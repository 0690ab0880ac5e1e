"""Logs rotate, and warnings among them are recognised."""

import json

import pytest

from zhiban.logs import LONGEST_LINE, Lines, RotatingFile, last_lines, warning_in


def test_a_full_log_makes_room_and_the_oldest_goes(tmp_path):
    log = RotatingFile(tmp_path / "logs" / "door.log", largest=10, kept=2)
    for number in range(4):
        log.write(f"line {number}\n".encode())
    log.close()
    found = {path.name: path.read_text() for path in (tmp_path / "logs").iterdir()}
    assert found == {"door.log": "line 3\n", "door.log.1": "line 2\n", "door.log.2": "line 1\n"}


def test_a_log_goes_on_where_it_ended(tmp_path):
    for text in (b"first\n", b"second\n"):
        log = RotatingFile(tmp_path / "door.log")
        log.write(text)
        log.close()
    assert last_lines(tmp_path / "door.log") == ["first", "second"]


def test_lines_are_put_together_from_pieces_even_within_a_character():
    lines = Lines()
    data = "值班\n第二\n".encode()
    assert lines.feed(data[:4]) == []
    assert lines.feed(data[4:]) == ["值班", "第二"]


def test_a_line_without_an_end_is_cut():
    lines = Lines()
    assert [len(line) for line in lines.feed(b"x" * (LONGEST_LINE + 1))] == [LONGEST_LINE + 1]
    assert lines.feed(b"y\n") == ["y"]


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        (json.dumps({"level": "warning", "event": "rasa_slow"}), "warning: rasa_slow"),
        (json.dumps({"level": "error", "message": "no answer"}), "error: no answer"),
        (json.dumps({"level": "info", "event": "WARNING in a customer's text"}), None),
        ("2026-11-22 WARNING  rasa.core - slow", "2026-11-22 WARNING  rasa.core - slow"),
        ("\x1b[33mERROR\x1b[0m: broken", "ERROR: broken"),
        ("all is well", None),
        ("{not json, ERROR", None),
        ("[1, 2]", None),
    ],
)
def test_what_a_person_should_see_is_told_from_what_only_the_log_keeps(line, warning):
    assert warning_in(line) == warning
