"""Everybody can use the desk: axe finds nothing in any state, light and dark, wide and at 360 pixels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import REPLY, arrive, claim_first, fill, sign_in, suggestions
from tests.web.test_reach import assert_clean

WIDE = {"width": 1280, "height": 800}
PANEL = {"width": 360, "height": 780}
TOO_WIDE = (
    "[...document.querySelectorAll('.pane, .side-body, dialog')]"
    ".filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.className)"
)


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def tab(page: Page, name: str) -> None:
    """A tab of the bar below, where there is one."""
    bar = page.get_by_role("navigation").get_by_role("button", name=name)
    if bar.count():
        bar.click()


def begun(site: Site, page: Page) -> None:
    talks = fill(site.world)
    arrive(site.world, talks[0])
    talks[1].facts |= {"mood": "angry", "vip": True, "transferred_by": "wang", "note": "请查物流"}
    sign_in(page, site)
    expect(page.locator(".waits")).to_have_count(3)


@pytest.mark.parametrize("viewport", [WIDE, PANEL])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_axe_finds_nothing_while_a_customer_is_served(
    site: Site, new_context: Callable[..., BrowserContext], scheme: str, viewport: dict[str, int], language: str
) -> None:
    if language == "en-GB" and (scheme, viewport) != ("dark", PANEL):
        pytest.skip("English once is enough: the same parts in the same colours")
    page = new_context(color_scheme=scheme, viewport=viewport, locale=language).new_page()
    begun(site, page)
    assert_clean(page)
    page.locator("button.claim").first.click()
    expect(page.locator(".suggestion")).to_have_count(3)
    page.locator(".suggestion .fold").first.click()
    page.locator(".composer textarea").fill("你好，我保证今天一定到。")
    expect(page.locator(".findings li")).to_have_count(2)
    assert_clean(page)
    page.locator(".composer textarea").press("Enter")
    expect(page.locator("#confirm-reason")).to_be_focused()
    assert_clean(page)
    page.keyboard.press("Escape")
    tab(page, "情况" if language == "zh-CN" else "Context")
    expect(page.locator(".identity")).to_be_visible()
    assert_clean(page)


@pytest.mark.parametrize("viewport", [WIDE, PANEL])
def test_axe_finds_nothing_in_the_wrap_up_and_the_dialogs(
    site: Site, new_context: Callable[..., BrowserContext], scheme: str, viewport: dict[str, int]
) -> None:
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    begun(site, page)
    claim_first(page)
    page.keyboard.press("Alt+w")
    page.get_by_label("电话", exact=True).fill("138")
    page.get_by_label("回电").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("电话号码不完整。")).to_be_visible()
    assert_clean(page)
    page.keyboard.press("Alt+x")
    expect(page.get_by_label("王主管")).to_be_visible()
    assert_clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+s")
    page.get_by_role("searchbox").fill("发票")
    expect(page.get_by_role("tabpanel").get_by_role("listitem")).to_have_count(2)
    assert_clean(page)
    page.keyboard.press("Alt+t")
    page.get_by_role("button", name="T17-42").click()
    expect(page.get_by_label("备注")).to_be_visible()
    assert_clean(page)
    page.get_by_role("button", name="菜单（林晓）").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    assert_clean(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+Slash")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    assert_clean(page)


def test_axe_finds_nothing_for_a_supervisor(
    site: Site, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    talk = fill(site.world)[0]
    site.world.change(talk, "person", "claimed", holder="lin")
    sign_in(page, site, "wang")
    page.get_by_role("button", name="同事的会话").click()
    page.get_by_role("button", name="林晓").click()
    page.get_by_role("button", name="接管", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_clean(page)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_at_360_pixels_nothing_scrolls_sideways(
    site: Site, new_context: Callable[..., BrowserContext], language: str
) -> None:
    page = new_context(viewport=PANEL, locale=language).new_page()
    begun(site, page)
    page.locator("button.claim").first.click()
    expect(page.locator(".suggestion")).to_have_count(3)
    for keys in ("Alt+m", "Alt+i", "Alt+s", "Alt+t", "Alt+w", "Alt+x"):
        page.keyboard.press(keys)
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, keys
        wide = (
            "[...document.querySelectorAll('.pane, .side-body, dialog')].filter(n => n.scrollWidth > n.clientWidth + 1)"
        )
        assert page.evaluate(f"{wide}.map(node => node.className)") == [], keys


def test_in_a_side_panel_queue_conversation_and_context_are_tabs(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=PANEL, has_touch=True).new_page()
    begun(site, page)
    page.locator("button.claim").first.tap()
    expect(page.get_by_label(REPLY)).to_be_visible()
    expect(page.locator(".wish")).to_contain_text("快递三天没动，想退款")
    suggestions(page).nth(2).get_by_role("button", name="填入").tap()
    expect(page.get_by_label(REPLY)).to_have_value("验货通过后 1-3 个工作日原路退回。")
    tab(page, "情况")
    page.get_by_role("button", name="快递三天没动，想退款").tap()
    expect(page.get_by_role("log").locator("[data-seq='2']")).to_be_focused()
    tab(page, "列表")
    expect(page.get_by_role("region", name="会话列表")).to_be_visible()
    expect(page.get_by_role("region", name="会话", exact=True)).to_have_count(0)


def test_what_is_tapped_is_large_enough(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    """24 by 24 CSS pixels, as WCAG 2.2 asks, or a line of text in a sentence."""
    page = new_context(viewport=PANEL, has_touch=True).new_page()
    begun(site, page)
    page.locator("button.claim").first.tap()
    expect(page.locator(".suggestion")).to_have_count(3)
    small = (
        "[...document.querySelectorAll('button:not(.link):not(.dot-mood), a, select, input')]"
        ".filter(node => node.offsetParent && node.getBoundingClientRect().width)"
        ".filter(node => Math.min(...['width', 'height'].map(side => node.getBoundingClientRect()[side])) < 23.5)"
        ".map(node => node.outerHTML.slice(0, 80))"
    )
    assert page.evaluate(small) == []
    tab(page, "情况")
    expect(page.locator(".identity")).to_be_visible()
    assert page.evaluate(small) == []
