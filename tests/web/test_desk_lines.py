"""What an agent reads between the messages: ratings and tickets."""

from playwright.sync_api import Page, expect

from tests.web.conftest import Site
from tests.web.desk_cast import fill, sign_in


def test_ratings_and_another_contact_are_told_between_the_messages(site: Site, page: Page) -> None:
    talk = fill(site.world)[0]
    site.world.append(talk, "rating", "customer", score=5)
    site.world.append(talk, "rating", "customer", score=2, comment="等太久 <b>了</b>")
    changed = {"ticket": "T17-42", "state": "open", "due_at": talk.since}
    site.world.append(talk, "ticket", "bot", **changed)
    site.world.append(talk, "ticket", "bot", **changed, changed=["contact"])
    sign_in(page, site)
    page.get_by_text("要求人工").first.click()
    lines = page.get_by_role("log").locator(".event span")
    expect(lines.last).to_be_visible()
    assert lines.all_inner_texts()[-4:] == [
        "客户评价：5 分",
        "客户评价：2 分 ·「等太久 <b>了</b>」",
        "工单 T17-42：待处理",
        "工单 T17-42：客户更新了联系方式",
    ]
