"""What an agent reads when a customer arrives; every line leads to its message."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import arrive, assist_of, claim_first, eventually, fill, sign_in


def side(page: Page):
    return page.get_by_role("tabpanel", name="情况")


def test_the_wish_what_was_tried_and_all_else_stand_there(site: Site, page: Page) -> None:
    arrive(site.world, fill(site.world)[0])
    sign_in(page, site)
    claim_first(page)
    for told in (
        "快递三天没动，想退款",
        "生气",
        "已答物流一直不更新怎么办？",
        "中断查询订单",
        "订单号QH20260412345",
        "客户要求人工",
        "延误",
        "到达转运中心",
        "投诉 T17-42",
        "催发货",
        "物流 · 延误 · wang",
    ):
        expect(side(page)).to_contain_text(told)


def test_it_is_read_before_the_customer_is_claimed(site: Site, page: Page) -> None:
    arrive(site.world, fill(site.world)[0])
    sign_in(page, site)
    page.locator(".waits button").first.click()
    expect(side(page)).to_contain_text("快递三天没动，想退款")
    expect(side(page).get_by_role("button", name="标记为已核实")).to_have_count(0)


def test_a_line_leads_to_its_message_and_the_reader_stays_there(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    for number in range(30):
        site.world.say(talk, "customer", f"第 {number} 句")
    sign_in(page, site)
    claim_first(page)
    first = page.get_by_role("log").locator("[data-seq='2']")
    expect(first).not_to_be_in_viewport()
    side(page).get_by_role("button", name="快递三天没动，想退款").click()
    expect(first).to_be_in_viewport()
    expect(first).to_be_focused()
    site.world.say(talk, "customer", "又来一句")
    expect(page.get_by_role("button", name="看最新消息")).to_be_visible()
    expect(first).to_be_in_viewport()


def test_the_mood_is_told_by_shape_and_leads_to_where_it_changed(site: Site, page: Page) -> None:
    arrive(site.world, fill(site.world)[0])
    sign_in(page, site)
    claim_first(page)
    marks = page.get_by_role("group", name="情绪变化").get_by_role("button")
    expect(marks).to_have_count(2)
    names = [mark.get_attribute("aria-label") for mark in marks.all()]
    assert names == ["从这里开始：平静", "从这里开始：生气"]
    shapes = [
        mark.evaluate("node => getComputedStyle(node, '::before').borderRadius + getComputedStyle(node).width")
        for mark in marks.all()
    ]
    assert len(set(shapes)) == 2
    marks.last.click()
    expect(page.get_by_role("log").locator("[data-seq='4']")).to_be_focused()


def test_the_agent_ticks_that_the_customer_was_verified_and_takes_it_back(site: Site, page: Page) -> None:
    arrive(site.world, fill(site.world)[0])
    sign_in(page, site)
    claim_first(page)
    expect(side(page)).to_contain_text("身份未核实，请勿透露订单与账户信息")
    side(page).get_by_role("button", name="标记为已核实").click()
    side(page).get_by_role("button", name="订单号与手机尾号相符").click()
    expect(side(page)).to_contain_text("核实：订单号与手机尾号相符")
    expect(page.locator(".head .verified")).to_be_visible()
    side(page).get_by_role("button", name="撤销").click()
    expect(side(page)).to_contain_text("身份未核实")
    expect(page.locator(".head .verified")).to_have_count(0)


def test_who_is_signed_in_on_the_website_needs_no_tick(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    known = assist_of(site.world).contexts[talk.id]
    known["verified"] = {"state": "vouched", "by": None, "at": None, "how": None}
    known["customer"] |= {"vouched_as": "user-77"}
    sign_in(page, site)
    claim_first(page)
    expect(side(page)).to_contain_text("网站已确认登录身份 user-77")
    expect(side(page).get_by_role("button", name="标记为已核实")).to_have_count(0)


def test_it_is_read_again_when_the_customer_goes_on(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    sign_in(page, site)
    claim_first(page)
    expect(side(page)).to_contain_text("快递三天没动，想退款")
    assist_of(site.world).contexts[talk.id]["wants"] = {"text": "改为换货", "seq": 2}
    site.world.say(talk, "customer", "算了，换货吧")
    expect(side(page)).to_contain_text("改为换货")


def test_a_rewritten_summary_says_by_whom(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    assist_of(site.world).contexts[talk.id]["rewritten"] = {"text": "快递停滞三天，客户要退款。", "by": "qwen"}
    sign_in(page, site)
    claim_first(page)
    expect(side(page)).to_contain_text("快递停滞三天，客户要退款。 （由 qwen 改写）")


def test_what_cannot_be_read_is_told_and_the_rest_works(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    assist_of(site.world).unavailable = {"context"}
    sign_in(page, site)
    claim_first(page)
    expect(side(page)).to_contain_text("暂时读不到客户情况")
    page.get_by_label("回复内容").fill("您好")
    page.keyboard.press("Enter")
    eventually(page, lambda: talk.events[-1]["author"]["role"] == "agent")


def test_an_office_that_is_down_is_told_at_the_orders(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    arrive(site.world, talk)
    assist_of(site.world).contexts[talk.id]["orders"] = {"state": "unavailable", "orders": []}
    sign_in(page, site)
    claim_first(page)
    expect(side(page)).to_contain_text("订单系统暂时查不到")
