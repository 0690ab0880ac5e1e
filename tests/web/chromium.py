"""Debian's Chromium, as every test of a page starts it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch_chromium(driver: Playwright) -> Browser:
    """A browser; fails the test with what to install when there is none."""
    if not CHROMIUM.exists():
        pytest.fail("no Chromium: apt-get install chromium fonts-wqy-microhei", pytrace=False)
    return driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
