"""A widget of somebody else, rasa-webchat 1.0.1 as published, talks to our socket unchanged."""

import functools
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.product import Product

pytestmark = pytest.mark.journey

SCRIPT = Path(__file__).parent / "rasa_webchat" / "rasa-webchat-1.0.1.js"
SITE = """<!doctype html><meta charset="utf-8"><body><script src="rasa-webchat.js"></script><script>
WebChat.default({{socketUrl: "{doors}", socketPath: "/socket.io/", title: "Outside",
  params: {{storage: "session"}}}}, null);
</script></body>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the site's visitors are no matter of the test's output."""


@pytest.fixture
def outside_site(product: Product, tmp_path: Path) -> Iterator[str]:
    """A site of somebody else, on an origin of its own."""
    (tmp_path / "index.html").write_text(SITE.format(doors=product.base_url), encoding="utf-8")
    (tmp_path / "rasa-webchat.js").write_bytes(SCRIPT.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_rasa_webchat_gets_answers_and_buttons(outside_site: str, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(outside_site)
    page.locator(".rw-launcher").click()
    page.locator(".rw-new-message").fill("怎么申请电子发票")
    page.keyboard.press("Enter")
    expect(page.locator(".rw-response", has_text="申请发票").first).to_be_visible(timeout=15_000)
    page.locator(".rw-new-message").fill("我要投诉")
    page.keyboard.press("Enter")
    cancel = page.locator(".rw-reply", has_text="取消投诉")
    expect(cancel).to_be_visible(timeout=15_000)
    cancel.click()
    expect(page.locator(".rw-response").last).to_contain_text("已经停下", timeout=15_000)
