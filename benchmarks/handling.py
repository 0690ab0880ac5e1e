"""What a standard case costs an agent, with assistance and without: `python -m benchmarks.handling`.

The whole product and a real browser. Three cases: a question, a late parcel with a look at the order, a complaint with
a ticket; each is played by a script from the claim to the filed form. With assistance: the suggestion that serves (if
none is shown, it is typed), the order beside the conversation, the prefilled form. Without: the answer is typed,
the order is looked up on a page of its own, the form is filled by hand. Keys and clicks are counted and the waits for
the page measured; how long hands and head take is modelled (`benchmarks/handling_hands.py`). Medians of several rounds.
"""

import argparse
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx2
import yaml
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.handling_cases import CASES, GAPS, Case
from benchmarks.handling_hands import Hands
from tests.journeys.people import Customer
from tests.product import ROOT, Product, running_product
from tests.web.chromium import launch_chromium

RESULTS = ROOT / "benchmarks" / "results" / "handling.json"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
REPLY = "回复内容"
ZONE = "Asia/Shanghai"


def with_assistance(hands: Hands, case: Case) -> None:
    page = hands.page
    hands.wait(page.locator(".suggestion").first)
    if case.order:
        order = page.get_by_role("tabpanel").locator(".around li").filter(has_text=case.order).first
        hands.wait(order)
        hands.read(order.inner_text())
    shown = page.locator(".suggestion").all_inner_texts()
    hands.think()  # which of them
    place = next((at for at, text in enumerate(shown) if re.search(case.serves, text)), None)
    for text in shown[: len(shown) if place is None else place]:
        hands.read(text.split("\n")[1] if "\n" in text else text)
    if place is None:
        hands.type(case.answer)
        hands.press("Enter")
    else:
        hands.press(f"Alt+{place + 1}")
        hands.read(page.get_by_label(REPLY).input_value())
        fill_gaps(hands)
        hands.press("Enter")
    hands.wait(page.get_by_role("log").locator(".said-by.agent:not(.pending)").first)
    hands.think()
    hands.press("Alt+w")
    hands.wait(page.get_by_label("归类"))
    read_form(hands)
    if not page.get_by_label("归类").input_value():
        hands.choose(page.get_by_label("归类"), case.disposition)
    fill_in(hands, case, only_missing=True)
    follow_up(hands, case)
    hands.think()
    hands.press("Control+Enter")


def fill_gaps(hands: Hands) -> None:
    """What nobody could know yet, over `{deadline}` and its like; the first one is selected already."""
    reply = hands.page.get_by_label(REPLY)
    while found := re.search(r"\{(\w+)\}", reply.input_value()):
        hands.think()
        if reply.evaluate("box => box.selectionStart") != found.start():
            hands.clicks += 1
            reply.evaluate("(box, at) => box.setSelectionRange(...at)", list(found.span()))
        hands.type(GAPS.get(found[1], "稍后"))


def without(hands: Hands, case: Case) -> None:
    page = hands.page
    if case.order:
        look_up(hands, case.order)
    hands.think()  # what to answer
    hands.click(page.get_by_label(REPLY))
    hands.type(case.answer)
    hands.press("Enter")
    hands.wait(page.get_by_role("log").locator(".said-by.agent:not(.pending)").first)
    hands.think()
    hands.click(page.get_by_role("button", name="小结"))
    hands.wait(page.get_by_label("归类"))
    hands.choose(page.get_by_label("归类"), case.disposition)
    hands.think()  # how to sum it up
    hands.enter(page.get_by_label("小结内容"), case.summary)
    fill_in(hands, case, only_missing=False)
    follow_up(hands, case)
    hands.think()
    hands.click(page.get_by_role("button", name="保存并结束会话"))


def read_form(hands: Hands) -> None:
    """All that was filled in, to see whether it is right."""
    hands.think()
    for box in hands.page.locator(".wrap-up").locator("input[type=text], textarea").all():
        hands.read(box.input_value())
    for choice in hands.page.locator(".wrap-up select").all():
        hands.read(choice.evaluate("one => one.selectedOptions[0]?.textContent ?? ''"))


def fill_in(hands: Hands, case: Case, *, only_missing: bool) -> None:
    for name, value in case.form.items():
        box = hands.page.locator(f".contact-form [name={name}]")
        if only_missing and (box.input_value() or box.get_attribute("required") is None):
            continue
        if name == "category":
            hands.choose(box, value)
        else:
            hands.think()
            hands.enter(box, value)


def follow_up(hands: Hands, case: Case) -> None:
    if case.ticket:
        hands.think()
        hands.click(hands.page.locator(f"[name=ticket-{case.ticket}]"))


def look_up(hands: Hands, order: str) -> None:
    """On the order page, in another tab; the number is typed as it stands in the conversation."""
    orders = hands.orders
    hands.think()
    hands.clicks += 1  # the other tab
    orders.bring_to_front()
    hands.click(orders.get_by_label("订单号"))
    hands.type(order, orders)
    row = orders.locator("tr", has_text=order)
    hands.wait(row)
    hands.read(row.inner_text())
    orders.get_by_label("订单号").fill("")
    hands.clicks += 1  # and back
    hands.page.bring_to_front()


def order_page(page: Page) -> None:
    """The orders as a company's own system lists them: a search field over a table."""
    listed = yaml.safe_load((ROOT / "examples" / "office" / "orders.yml").read_text(encoding="utf-8"))["orders"]
    rows = "".join(
        f"<tr><td>{one['order']}<td>{one['items'][0][0]}<td>{one['state']}<td>{' '.join(map(str, one['events'][-1:]))}"
        for one in listed
    )
    page.set_content(
        "<label>订单号 <input oninput=\"for (const row of document.querySelectorAll('tr'))"
        f' row.hidden = !row.textContent.includes(this.value)"></label><table>{rows}</table>'
    )


def play(page: Page, orders: Page, customer: Customer, case: Case, way: Callable[[Hands, Case], None]) -> Hands:
    """One case, from the claim to the filed form."""
    customer.say("转人工")
    customer.sees("正在为您转接人工")
    expect(page.locator(".waits:not(.gone)").first).to_be_visible()
    hands = Hands(page, orders)
    hands.press("Alt+n")
    hands.wait(page.get_by_label(REPLY))
    customer.say(case.asks)
    expect(page.get_by_role("log").get_by_text(case.asks)).to_be_visible()
    hands.read(case.asks)
    way(hands, case)
    hands.wait(page.get_by_text("已结束，").first)
    return hands


def name_admin(product: Product) -> None:
    """As agents have one: greetings carry it."""
    with httpx2.Client(base_url=product.base_url, headers={"x-requested-with": "zhiban"}) as http:
        http.post("/v1/desk/sign-in", json={"name": "admin", "password": product.first_password}).raise_for_status()
        (account,) = http.get("/v1/desk/agents").json()["agents"]
        change = {"version": account["version"], "display_name": "小林"}
        http.patch("/v1/desk/agents/admin", json=change).raise_for_status()


@contextmanager
def desk_and_shop() -> Iterator[tuple[Page, Page, Browser, Product]]:
    """The agent signed in at the running product, the order page in another tab."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        hours = Path(folder) / "hours.yml"
        week = {day: ["00:00-24:00"] for day in DAYS}
        hours.write_text(yaml.safe_dump({"timezone": ZONE, "weekly": week, "holidays": [], "extra_open": []}))
        with running_product(Path(folder) / "data", OPENING_HOURS=hours) as product:
            browser = launch_chromium(driver)
            context = browser.new_context(locale="zh-CN", timezone_id=ZONE, viewport={"width": 1280, "height": 800})
            page, orders = context.new_page(), context.new_page()
            order_page(orders)
            page.bring_to_front()
            name_admin(product)
            page.goto(f"{product.base_url}/desk")
            page.locator("#name").fill("admin")
            page.locator("#password").fill(product.first_password)
            page.keyboard.press("Enter")
            expect(page.get_by_role("switch")).to_be_checked()
            yield page, orders, browser, product
            browser.close()


def measure(rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    figures: dict[str, dict[str, dict[str, float]]] = {}
    ways = {"without": without, "with assistance": with_assistance}
    with desk_and_shop() as (page, orders, browser, product):
        for case in CASES:
            for name, way in ways.items():
                played = []
                for _ in range(rounds):
                    customer = Customer(browser.new_context(locale="zh-CN").new_page(), product.base_url)
                    played.append(play(page, orders, customer, case, way).figures())
                    customer.page.context.close()
                    page.reload()
                    expect(page.get_by_role("switch")).to_be_checked()
                medians = {key: round(median(one[key] for one in played), 2) for key in played[0]}
                figures.setdefault(case.name, {})[name] = medians
                print(json.dumps({case.name: {name: medians}}, ensure_ascii=False), flush=True)
    return figures


def table(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    lines = ["| Case | | keys | clicks | typing, pointing | reading, thinking | waited | s |", "|---" * 8 + "|"]
    for case, ways in figures.items():
        for way, one in ways.items():
            hands = one["typing_seconds"] + one["pointing_seconds"]
            head = one["reading_seconds"] + one["thinking_seconds"]
            cells = [case, way, f"{one['keys']:.0f}", f"{one['clicks']:.0f}", f"{hands:.1f}", f"{head:.1f}"]
            lines.append("| " + " | ".join([*cells, f"{one['waited_seconds']:.1f}", f"{one['seconds']:.1f}"]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--report", type=Path, default=RESULTS, help="where the figures go, as JSON")
    given = parser.parse_args()
    figures = measure(given.rounds)
    load = round(os.getloadavg()[0], 1)
    told = {"rounds": given.rounds, "load_average": load, "cases": figures}
    given.report.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(figures), f"\nload {load}", sep="\n")


if __name__ == "__main__":
    main()
