"""Sends each test to the Python it needs: `tests/bot` and `tests/dialogue` run under 3.10, the rest under 3.11."""

import sys

import pytest

UNDER_RASA = sys.version_info < (3, 11)
collect_ignore = [] if UNDER_RASA else ["tests/bot", "tests/dialogue"]


def pytest_configure(config: pytest.Config) -> None:
    if UNDER_RASA:
        # Rasa 3.6 and its pins warn by the hundred and get no more releases. The last filter wins.
        config.addinivalue_line("filterwarnings", "default")
