"""What the journeys at the agents' page share: another account, an empty queue, what agents do over and over."""

import secrets
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import Agent, Customer
from tests.product import Product

REPLY = "回复内容"
LIN = "小林"
PATIENCE_MS = 20_000


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """The whole product and up to five pages share the machine with whatever else runs: slow is not wrong."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def office(product: Product) -> Iterator[httpx2.Client]:
    """The administrator at the door, without a page and so not on duty."""
    with httpx2.Client(base_url=product.base_url, headers={"x-requested-with": "zhiban"}, timeout=10) as http:
        http.post("/v1/desk/sign-in", json={"name": "admin", "password": product.first_password}).raise_for_status()
        yield http


@pytest.fixture(scope="module")
def lin(office: httpx2.Client) -> tuple[str, str]:
    """Another agent: name and password."""
    name, password = f"lin{secrets.token_hex(3)}", secrets.token_urlsafe(12)
    account = {"name": name, "password": password, "display_name": LIN}
    office.post("/v1/desk/agents", json=account).raise_for_status()
    return name, password


@pytest.fixture
def empty_queue(office: httpx2.Client) -> None:
    """Nobody waits who is not of this test, now or when an agent of another test has been gone for a minute."""
    waiting = [entry["conversation"] for entry in office.get("/v1/desk/waiting").json()["waiting"]]
    held = [one["conversation"] for agent in office.get("/v1/desk/board").json()["agents"] for one in agent["holds"]]
    for conversation in [*waiting, *held]:
        path = f"/v1/conversations/{conversation}"
        epoch = office.get(path).json()["conversation"]["epoch"]
        taken = office.post(f"{path}/{'claim' if conversation in waiting else 'take-over'}", json={"epoch": epoch})
        if taken.status_code == 200:
            office.post(f"{path}/close", json={"epoch": taken.json()["epoch"]})


@pytest.fixture
def customers(product: Product, new_page: Callable[..., Page]) -> Callable[[], Customer]:
    return lambda: Customer(new_page(), product.base_url)


def asks(customer: Customer, text: str = "请问") -> str:
    """The customer wants a person; the sentence by which they are known in the queue."""
    known = f"转人工，{text} {secrets.token_hex(3)}"
    customer.say(known)
    customer.sees("正在为您转接人工")
    return known


def field(agent: Agent) -> Locator:
    return agent.page.get_by_label(REPLY)


def side(agent: Agent) -> Locator:
    """What stands beside the conversation: context, knowledge, tickets or the wrap-up."""
    return agent.page.get_by_role("tabpanel")


def claim(agent: Agent, known: str) -> None:
    agent.claim(known)
    expect(field(agent)).to_be_focused()


def suggested(agent: Agent, words: str) -> Locator:
    return agent.suggestions.get_by_role("listitem").filter(has_text=words).first


def complete(agent: Agent) -> None:
    """In the open wrap-up, put in by hand what nobody could know: the chosen category decides what must be there."""
    page = agent.page
    disposition = page.get_by_label("归类")
    expect(disposition).to_be_visible()
    if not disposition.input_value():
        disposition.select_option(index=1)
    known = {"商品": "保温杯", "联系电话": "13800138000", "客户诉求": "退款", "订单号": "QH20260412345"}
    for name, value in known.items():
        box = page.get_by_label(name, exact=True)
        if box.get_attribute("required") is not None and not box.input_value():
            box.fill(value)
