"""The desk inside a helpdesk's frame: whose hints it follows, and that they are only hints."""

import base64
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.web.conftest import Site, serving
from tests.web.desk_cast import fill
from tests.web.scripted_desk import PASSWORD
from tests.web.scripted_doors import WEB, ScriptedDoors
from tests.web.scripted_world import World

HELPDESK = """<!doctype html><title>helpdesk</title><iframe id="panel" width="380" height="700" src="{url}"></iframe>
<script>
  window.asked = []; window.context = null;
  addEventListener("message", (event) => {{
    asked.push(event.data);
    if (event.data === "chatwoot-dashboard-app:fetch-info" && context) tell(context);
  }});
  const tell = (data) => document.getElementById("panel").contentWindow.postMessage(data, "*");
</script>"""


@pytest.fixture
def helpdesk() -> Iterator[Site]:
    """The page of a helpdesk, on another origin of the same site."""
    with serving(ScriptedDoors(World())) as running:
        yield running


def open_panel(site: Site, helpdesk: Site, page: Page, *, allowed: bool = True) -> FrameLocator:
    """The panel in the helpdesk's page, signed in."""
    if allowed:
        site.doors.frame_ancestors = f"'self' {helpdesk.url}"
    helpdesk.doors.pages["panel"] = HELPDESK.format(url=f"{site.url}/desk")
    page.goto(f"{helpdesk.url}/page/panel")
    panel = page.frame_locator("#panel")
    if allowed:
        panel.locator("#name").fill("lin")
        panel.locator("#password").fill(PASSWORD)
        panel.locator("#password").press("Enter")
        expect(panel.get_by_role("switch")).to_be_visible()
    return panel


def chatwoot(**data: object) -> str:
    known = {"conversation": {"id": 77}, "contact": {"name": "王女士"}, "currentAgent": {"id": 1}}
    return json.dumps({"event": "appContext", "data": known | data})


def test_chatwoots_context_opens_the_conversation_it_names(site: Site, helpdesk: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    panel = open_panel(site, helpdesk, page)
    told = chatwoot(conversation={"id": 77, "custom_attributes": {"zhiban_conversation": talk.id}})
    page.evaluate("data => { context = data }", told)
    expect(panel.get_by_role("log").get_by_text("正在为您转接人工客服")).to_be_visible(timeout=15_000)
    assert page.evaluate("asked")[0] == "chatwoot-dashboard-app:fetch-info"


def test_our_own_message_does_the_same_and_follows_the_helpdesk(site: Site, helpdesk: Site, page: Page) -> None:
    first, second, _third = fill(site.world)
    panel = open_panel(site, helpdesk, page)
    page.evaluate("id => tell({type: 'zhiban:context', conversation: id})", first.id)
    expect(panel.get_by_role("log").get_by_text("正在为您转接人工客服")).to_be_visible()
    page.evaluate("id => tell({type: 'zhiban:context', conversation: id})", second.id)
    expect(panel.get_by_role("log").get_by_text("I was charged twice")).to_be_visible()


def test_a_signed_in_customer_is_found_among_my_own(site: Site, helpdesk: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    site.world.change(talk, "person", "claimed", holder="lin")
    talk.facts["vouched_as"] = "user-77"
    panel = open_panel(site, helpdesk, page)
    page.evaluate("data => tell(data)", chatwoot(contact={"name": "王女士", "identifier": "user-77"}))
    expect(panel.get_by_label("回复内容")).to_be_visible()


def test_a_hint_to_what_the_agent_may_not_see_shows_nothing(site: Site, helpdesk: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    site.world.change(talk, "person", "claimed", holder="wang")
    panel = open_panel(site, helpdesk, page)
    told = chatwoot(conversation={"custom_attributes": {"zhiban_conversation": talk.id}})
    page.evaluate("data => tell(data)", told)
    expect(panel.get_by_text("帮助台里的客户“王女士”在这里没有您可以看到的会话")).to_be_visible()
    expect(panel.get_by_role("log")).to_have_count(0)


@pytest.mark.parametrize("data", ["{", '"x"', "null", "[]", '{"event":"appContext"}', "17"])
def test_nonsense_is_ignored(site: Site, helpdesk: Site, page: Page, data: str) -> None:
    fill(site.world)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    panel = open_panel(site, helpdesk, page)
    page.evaluate("data => { tell(data); tell({type: 'zhiban:context', conversation: {toString: 1}}) }", data)
    page.evaluate("data => tell(data)", chatwoot())
    expect(panel.get_by_text("帮助台里的客户")).to_be_visible()
    assert problems == []


def test_another_window_is_not_listened_to(site: Site, helpdesk: Site, page: Page) -> None:
    """Only the page around the frame may give hints: not a window that knows ours."""
    talk = fill(site.world)[0]
    panel = open_panel(site, helpdesk, page)
    other = "<script>parent.document.getElementById('panel').contentWindow.postMessage(" + json.dumps(
        {"type": "zhiban:context", "conversation": talk.id}
    )
    page.evaluate(
        "html => { const other = document.createElement('iframe'); other.srcdoc = html; document.body.append(other) }",
        f"{other}, '*')</script>",
    )
    page.evaluate("data => tell(data)", chatwoot())
    expect(panel.get_by_text("帮助台里的客户")).to_be_visible()
    expect(panel.get_by_role("log")).to_have_count(0)


def test_a_page_that_may_not_frame_the_desk_does_not_get_it(site: Site, helpdesk: Site, page: Page) -> None:
    panel = open_panel(site, helpdesk, page, allowed=False)
    expect(panel.locator("#name")).to_have_count(0)


def test_an_origin_that_is_not_named_is_not_listened_to(site: Site, helpdesk: Site, page: Page) -> None:
    """Even if the browser lets it frame us."""
    talk = fill(site.world)[0]
    site.doors.told_ancestors = "'self' https://helpdesk.example.com"
    panel = open_panel(site, helpdesk, page)
    with page.expect_console_message(lambda message: message.text == "heard"):
        panel.locator("html").evaluate("() => addEventListener('message', () => console.log('heard'))")
        page.evaluate("id => tell({type: 'zhiban:context', conversation: id})", talk.id)
    expect(panel.locator(".waits")).to_have_count(3)
    expect(panel.get_by_role("log")).to_have_count(0)


SELF = "https://desk.example.com"


@pytest.mark.parametrize(
    ("policy", "own", "origin", "heard"),
    [
        ("frame-ancestors 'self' https://help.example.com", "", "https://help.example.com", True),
        ("default-src 'self'; frame-ancestors 'self'", "", SELF, True),
        ("default-src 'self'; frame-ancestors 'self'", "", "https://help.example.com", False),
        ("frame-ancestors 'none'", "", SELF, False),
        ("default-src 'self'", "", SELF, False),
        (None, "", SELF, False),
        (None, "https://help.example.com", "https://help.example.com", True),
        ("frame-ancestors https://*.example.com", "", "https://a.b.example.com", True),
        ("frame-ancestors https://*.example.com", "", "https://example.com", False),
        ("frame-ancestors https://*.example.com", "", "https://evilexample.com", False),
        ("frame-ancestors https://help.example.com", "", "http://help.example.com", False),
        ("frame-ancestors https://help.example.com", "", "https://help.example.com:8443", False),
        ("frame-ancestors https://help.example.com:*", "", "https://help.example.com:8443", True),
        ("frame-ancestors help.example.com", "", "https://help.example.com", True),
        ("frame-ancestors https:", "", "https://anything.example.org", True),
        ("frame-ancestors https:", "", "http://anything.example.org", False),
        ("frame-ancestors *", "", "https://anything.example.org", True),
        ("frame-ancestors *", "", "null", False),
        ("frame-ancestors https://help.example.com.evil.org", "", "https://help.example.com", False),
    ],
)
def test_origins_are_compared_as_browsers_compare_them(
    page: Page, policy: str | None, own: str, origin: str, heard: bool
) -> None:
    code = base64.b64encode((WEB / "desk" / "frame_origins.js").read_bytes()).decode()
    asked = "([code, policy, own, origin, self]) => import(`data:text/javascript;base64,${code}`)"
    compare = f"{asked}.then(({{ originsOf, permits }}) => permits(originsOf(policy, own), origin, self))"
    assert page.evaluate(compare, [code, policy, own, origin, SELF]) is heard
