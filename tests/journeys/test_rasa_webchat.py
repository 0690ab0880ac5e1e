"""A widget of somebody else, rasa-webchat 1.0.1 as published, talks to our socket unchanged."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.product import Product

pytestmark = pytest.mark.journey

SCRIPT = Path(__file__).parent / "rasa_webchat" / "rasa-webchat-1.0.1.js"
SITE = """<!doctype html><meta charset="utf-8"><body><script src="/outside/rasa-webchat.js"></script><script>
WebChat.default({socketUrl: location.origin, socketPath: "/socket.io/", title: "Outside", embedded: false,
  params: {storage: "session"}}, null);
</script></body>"""


def outside_site(page: Page, base_url: str) -> None:
    """A page of another site: served by the test, from the same origin, so that no rule of ours applies to it."""

    def serve(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        else:
            route.fulfill(body=SITE, content_type="text/html")

    page.route("**/outside/**", serve)
    page.goto(f"{base_url}/outside/")


def test_rasa_webchat_gets_answers_and_buttons(product: Product, new_page: Callable[..., Page]) -> None:
    page = new_page()
    outside_site(page, product.base_url)
    page.locator(".rw-launcher").click()
    page.locator(".rw-new-message").fill("怎么申请电子发票")
    page.keyboard.press("Enter")
    expect(page.locator(".rw-response").last).to_contain_text("发票", timeout=10_000)
    page.locator(".rw-new-message").fill("我要投诉")
    page.keyboard.press("Enter")
    cancel = page.locator(".rw-reply", has_text="取消投诉")
    expect(cancel).to_be_visible(timeout=10_000)
    cancel.click()
    expect(page.locator(".rw-response").last).to_contain_text("已经停下", timeout=10_000)
