"""No personal data in any line of the log, whoever writes it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from gateway.logging import masked, set_up_logging
from tests.gateway.cast import CARD, MOBILE


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers[:], root.level = before, level
    logging.getLogger("uvicorn.access").disabled = False


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_planted_data_is_masked_in_every_kind_of_entry(stream: io.StringIO, log_format: str) -> None:
    set_up_logging("doors", log_format, stream)  # type: ignore[arg-type]
    log = structlog.get_logger()
    log.info("written to %s", MOBILE, text=CARD, nested={"a": [MOBILE, (CARD,)]}, number=int(MOBILE))
    logging.getLogger("some.library").warning("refused %s", MOBILE)
    said = {"text": f"{MOBILE} {CARD}"}
    try:
        raise ValueError(f"cannot read {said}")
    except ValueError:
        log.exception("failed", body=said)
        logging.getLogger("some.library").exception("failed too")
    written = stream.getvalue()
    assert written.count("ValueError: cannot read") == 2
    for planted in (MOBILE, CARD, CARD.replace(" ", "")):
        assert planted not in written


def test_json_lines_name_the_room_the_level_and_the_moment(stream: io.StringIO) -> None:
    set_up_logging("doors", "json", stream)
    structlog.get_logger().info("doors_open", address="http://127.0.0.1:8080/")
    entry = json.loads(stream.getvalue())
    assert entry["timestamp"].endswith("Z")
    del entry["timestamp"]
    assert entry == {"event": "doors_open", "address": "http://127.0.0.1:8080/", "level": "info", "room": "doors"}


def test_access_lines_are_off(stream: io.StringIO) -> None:
    set_up_logging("doors", "json", stream)
    logging.getLogger("uvicorn.access").info("GET /v1/events?conversation=x")
    assert stream.getvalue() == ""


def test_what_is_not_text_stays_what_it_is() -> None:
    assert masked({"a": 1, "b": None, "c": True, "d": 1.5}) == {"a": 1, "b": None, "c": True, "d": 1.5}
