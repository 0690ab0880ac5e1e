"""What a customer sees after tapping a button: the buttons are gone, and the answer is in sight."""

from playwright.sync_api import Page, expect

from tests.web.cast import ask, only_talk, open_widget
from tests.web.conftest import Site

REASONS = ["质量问题，收到就是坏的", "发错货了，不是我买的那个", "换一个尺码或者颜色", "只是不想要了", "其他原因"]
SUMMARY = "请您核对：\n- 订单：QH20260411187\n- 换货：空气炸锅\n- 原因：质量问题\n- 运费：我们承担\n\n可以提交吗？"


def test_buttons_do_not_come_back_before_the_log_has_what_was_tapped(site: Site, page: Page) -> None:
    """The server has acknowledged it, and its event is late."""
    buttons = [{"title": title, "payload": f"/{number}"} for number, title in enumerate(REASONS)]
    site.world.script = {"我想换货": [{"text": "是什么原因呢？", "buttons": buttons}], REASONS[0]: None}
    panel = open_widget(page, site)
    for number in range(4):
        ask(page, f"第 {number} 句")
        expect(panel.get_by_text(f"收到：第 {number} 句")).to_be_visible()
    ask(page, "我想换货")
    tapped = panel.get_by_role("button", name=REASONS[0])
    expect(tapped).to_be_in_viewport()
    site.doors.swallow_events = True
    tapped.click()
    expect(panel.locator(".typing")).to_be_in_viewport()
    assert panel.get_by_role("group", name="快捷回复").count() == 0
    site.doors.swallow_events = False
    site.world.say(only_talk(site), "bot", SUMMARY, buttons=[{"title": "提交", "payload": "/affirm"}])
    expect(panel.get_by_role("button", name="提交")).to_be_in_viewport()
    expect(panel.get_by_text("有新消息")).to_have_count(0)


GROWS_TWICE = """node => new Promise(done => {
    node.style.height = "80px";
    requestAnimationFrame(() => setTimeout(() => {
        node.style.height = "300px";
        requestAnimationFrame(() => setTimeout(done));
    }));
})"""


def test_what_is_added_while_the_log_goes_to_its_end_does_not_stop_it(site: Site, page: Page) -> None:
    """The first step down is told when the log is longer already: that is no reader who has gone up."""
    site.world.script["我想换货"] = None
    panel = open_widget(page, site)
    for number in range(4):
        ask(page, f"第 {number} 句")
        expect(panel.get_by_text(f"收到：第 {number} 句")).to_be_visible()
    ask(page, "我想换货")
    typing = panel.locator(".typing")
    expect(typing).to_be_in_viewport()
    typing.evaluate(GROWS_TWICE)
    site.world.say(only_talk(site), "bot", SUMMARY, buttons=[{"title": "提交", "payload": "/affirm"}])
    expect(panel.get_by_role("button", name="提交")).to_be_in_viewport()
    expect(panel.get_by_text("有新消息")).to_have_count(0)
