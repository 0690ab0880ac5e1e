"""Everybody can use the pages: axe finds nothing in any state, the keyboard reaches everything, motion can be off."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.cast import ANSWER, FIELD, REFUND, ask, only_talk, open_widget
from tests.web.conftest import Site
from tests.web.desk_cast import fill, sign_in

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 780}


ENDING = "one => one.effect.getComputedTiming().iterations !== Infinity"
ROOTS = "[document, document.querySelector('zhiban-widget')?.shadowRoot].filter(Boolean)"
SETTLED = (
    f"Promise.all({ROOTS}.flatMap(root => root.getAnimations()).filter({ENDING})"
    ".map(one => one.finished.catch(() => null))).then(() => true)"
)


def settled(page: Page) -> None:
    """Wait for the transitions that end."""
    page.evaluate(SETTLED)


def assert_clean(page: Page) -> None:
    """No violation of any weight."""
    settled(page)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("path", ["/", "/privacy", "/desk", "/?lang=en", "/privacy?lang=en"])
def test_axe_finds_nothing_on_a_page(
    site: Site, new_context: Callable[..., BrowserContext], scheme: str, path: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(site.url + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_clean(page)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 800}, PHONE])
def test_axe_finds_nothing_in_the_widget(
    site: Site, new_context: Callable[..., BrowserContext], scheme: str, viewport: dict[str, int]
) -> None:
    site.world.script = {
        REFUND: [ANSWER],
        "转人工": [{"state": "waiting"}, {"text": "您前面还有 2 位客户。", "notice": True}],
    }
    page = new_context(color_scheme=scheme, viewport=viewport).new_page()
    panel = open_widget(page, site)
    expect(panel.get_by_text("您可以这样问")).to_be_visible()
    assert_clean(page)
    ask(page, REFUND)
    expect(panel.get_by_text("来源：")).to_be_visible()
    assert_clean(page)
    ask(page, "转人工")
    expect(panel.get_by_text("您前面还有 2 位客户。")).to_be_visible()
    site.world.change(only_talk(site), "person", "claimed", holder="lin")
    site.world.say(
        only_talk(site),
        "agent",
        "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n`code` [官网](https://example.com)\n\n> 引用",
        "林晓",
    )
    site.doors.emit_typing(only_talk(site).id)
    expect(panel.get_by_title("客服正在输入")).to_be_visible()
    assert_clean(page)
    site.doors.cut()
    expect(panel.get_by_text("网络暂时不通")).to_be_visible()
    ask(page, "断网时写的")
    page.get_by_label(FIELD).fill("字" * 4001)
    assert_clean(page)


@pytest.mark.parametrize("path", ["/", "/privacy", "/desk"])
def test_a_phone_of_360_pixels_never_scrolls_sideways(
    site: Site, new_context: Callable[..., BrowserContext], path: str
) -> None:
    fill(site.world)
    page = new_context(viewport=SMALL_PHONE, locale="en-GB").new_page()
    if path == "/desk":
        sign_in(page, site)
    else:
        page.goto(site.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_widget_is_used_with_the_keyboard_alone(site: Site, page: Page) -> None:
    site.world.script[REFUND] = [ANSWER]
    page.goto(site.url)
    launcher = page.get_by_role("button", name="打开在线客服")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.keyboard.type(REFUND)
    page.keyboard.press("Enter")
    choice = page.get_by_role("button", name="查我的订单")
    expect(choice).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if choice.evaluate("node => node.getRootNode().activeElement === node"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text("收到：查我的订单")).to_be_visible()
    expect(page.get_by_label(FIELD)).to_be_focused()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()


def test_on_a_phone_the_focus_stays_inside_and_the_page_behind_does_not_scroll(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=PHONE, has_touch=True).new_page()
    panel = open_widget(page, site)
    settled(page)
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], round(box["height"])) == (0, 0, 390, 844)
    expect(panel).to_have_attribute("aria-modal", "true")
    inside = "document.activeElement.tagName === 'ZHIBAN-WIDGET'"
    for key in ["Tab"] * 14 + ["Shift+Tab"] * 14:
        page.keyboard.press(key)
        assert page.evaluate(inside), key
    page.mouse.wheel(0, 400)
    assert page.evaluate("scrollY") == 0
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.style.overflow") == ""


def test_answers_are_announced_to_screen_readers(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    log = panel.get_by_role("log", name="聊天记录")
    expect(log).to_have_attribute("aria-busy", "false")
    ask(page, "一")
    expect(log.get_by_role("article").last).to_contain_text("智能客服")
    expect(log.get_by_role("article").first).to_contain_text("您")


def test_nothing_moves_for_those_who_asked_for_that(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(reduced_motion="reduce").new_page()
    site.world.script["一"] = None
    open_widget(page, site)
    ask(page, "一")
    expect(page.get_by_title("智能客服正在回复")).to_be_visible()
    assert page.locator("zhiban-widget").evaluate("node => node.shadowRoot.getAnimations().length") == 0
