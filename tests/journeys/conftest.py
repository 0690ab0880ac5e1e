"""The whole product with every process real, its opening hours in the test's hands, and a real Chromium."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.people import Agent, Customer
from tests.product import Product, running_product
from tests.web.chromium import launch_chromium

ALWAYS = ["00:00-24:00"]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class OpeningHours:
    """The file that the running product reads its opening hours from."""

    path: Path

    def write(self, shifts: list[str]) -> None:
        week = "".join(f"  {day}: {shifts!r}\n" for day in DAYS)
        part = self.path.with_suffix(".part")
        part.write_text(f"timezone: Asia/Shanghai\nweekly:\n{week}holidays: []\nextra_open: []\n", encoding="utf-8")
        # A new modification time even within one tick of the file system's clock.
        written = max(part.stat().st_mtime_ns, self.path.stat().st_mtime_ns + 1_000_000 if self.path.exists() else 0)
        os.utime(part, ns=(written, written))
        part.replace(self.path)

    def open(self) -> None:
        self.write(ALWAYS)

    def closed(self) -> None:
        self.write([])


@pytest.fixture(scope="session")
def hours_file(tmp_path_factory: pytest.TempPathFactory) -> OpeningHours:
    hours = OpeningHours(tmp_path_factory.mktemp("hours") / "opening_hours.yml")
    hours.open()
    return hours


@pytest.fixture
def hours(hours_file: OpeningHours) -> Iterator[OpeningHours]:
    """Open again after each test."""
    yield hours_file
    hours_file.open()


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, hours_file: OpeningHours) -> Iterator[Product]:
    # The people of all journeys come from one address, and more of them a minute than in a small team.
    settings = {"OPENING_HOURS": hours_file.path, "RATE_SIGN_IN": "1000 per minute"}
    with running_product(tmp_path_factory.mktemp("product"), **settings) as running:
        yield running


# A module at a time: the synchronous driver holds the thread's event loop, which asynchronous tests elsewhere need.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        chromium = launch_chromium(driver)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages, each of a person of their own."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Page:
        settings = {
            "locale": "zh-CN",
            "viewport": {"width": 1280, "height": 800},
            "timezone_id": "Asia/Shanghai",
        } | options
        contexts.append(browser.new_context(**settings))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(10_000)
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def customer(product: Product, new_page: Callable[..., Page]) -> Customer:
    return Customer(new_page(), product.base_url)


@pytest.fixture
def new_customer(product: Product, new_page: Callable[..., Page]) -> Callable[..., Customer]:
    """Makes customers of a language, with settings of their browser."""
    return lambda language="zh-Hans", **options: Customer(new_page(**options), product.base_url, language)


@pytest.fixture
def new_agent(product: Product, new_page: Callable[..., Page]) -> Iterator[Callable[..., Agent]]:
    """Signs agents in; they leave at the end, so that nobody is on duty in the next test."""
    present: list[Agent] = []

    def make(name: str = "admin", password: str | None = None) -> Agent:
        agent = Agent(new_page(), product.base_url)
        agent.sign_in(name, password or product.first_password)
        present.append(agent)
        return agent

    yield make
    for agent in present:
        agent.sign_out()
