"""An editor at /knowledge: ask as a customer, edit and see it live, a colleague who was faster, history, import."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.knowledge_base.conftest import knowledge_server
from tests.web.knowledge_site import KnowledgeSite, knowledge_site, new_id

HEADER = "编号,语言,问题,问法,回答,分类\n"


@pytest.fixture(scope="module")
def site(redis_url: str) -> Iterator[KnowledgeSite]:
    with (
        knowledge_server({"REDIS_URL": redis_url, "NAMESPACE": f"w{os.urandom(6).hex()}"}) as knowledge_url,
        knowledge_site(redis_url, knowledge_url) as site,
    ):
        yield site


def answer_field(page: Page) -> Locator:
    return page.locator("#texts\\.zh-Hans\\.answer")


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).click()


def ask(page: Page, text: str) -> None:
    page.get_by_role("tab", name="模拟提问").click()
    page.get_by_label("像客户一样提问").fill(text)
    page.keyboard.press("Enter")


def test_somebody_without_the_right_is_told_so(site: KnowledgeSite, page: Page) -> None:
    site.open(page, name="lin")
    expect(page.get_by_text("您的账号没有编辑知识库的权限")).to_be_visible()
    expect(page.get_by_role("button", name="新建条目")).to_have_count(0)


def test_the_desk_leads_editors_here_and_nobody_else(site: KnowledgeSite, page: Page) -> None:
    site.open(page, name="chen")
    page.goto(f"{site.url}/desk")
    page.get_by_role("button", name="菜单（陈编辑）").click()
    page.get_by_role("link", name="知识库").click()
    expect(page.get_by_role("heading", name="知识库")).to_be_visible()
    page.get_by_role("button", name="退出登录", exact=True).click()
    page.locator("#name").fill("lin")
    page.locator("#password").fill("correct horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有编辑知识库的权限")).to_be_visible()
    page.goto(f"{site.url}/desk")
    page.get_by_role("button", name="菜单（林晓）").click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    expect(page.get_by_role("link", name="知识库")).to_have_count(0)


def test_a_question_shows_the_answer_and_why_it_was_found(site: KnowledgeSite, page: Page) -> None:
    site.open(page)
    ask(page, "快递三天没动静了，我能不能申请退款？")
    results = page.get_by_role("region", name="提问结果")
    expect(results.get_by_text("会直接回答")).to_be_visible()
    best = results.get_by_role("listitem").first
    expect(best.get_by_role("heading")).to_contain_text("快递好几天没有更新怎么办")
    expect(best.get_by_text(re.compile(r"把握 \d+%"))).to_be_visible()
    expect(best.get_by_text(re.compile("快递三天没动静了.我能不能申请退款"))).to_be_visible()
    expect(best.get_by_text("问法相似度")).to_be_visible()


def test_a_saved_answer_is_shown_live_with_its_milliseconds(site: KnowledgeSite, page: Page) -> None:
    known, question = new_id(), "青花茶杯能进洗碗机吗"
    site.save(known, question, "不能。")
    site.open(page, known)
    answer_field(page).fill("可以，请选**低温**。")
    expect(page.get_by_role("complementary", name="客户看到的样子").locator("strong")).to_have_text("低温")
    expect(page.get_by_role("status").filter(has_text="已修改：回答")).to_be_visible()
    page.keyboard.press("Control+s")
    live = page.get_by_text(re.compile(r"第 2 版已生效，用时 \d+ 毫秒"))
    expect(live).to_be_visible()
    assert site.read(known)["updated_by"] == "chen"
    ask(page, question)
    expect(page.get_by_role("region", name="提问结果").get_by_role("heading").first).to_contain_text(question)


def test_a_sentence_of_a_customer_becomes_a_phrasing_with_one_tap(site: KnowledgeSite, page: Page) -> None:
    known, sentence = new_id(), "杯子上的兰花会不会褪色啊"
    site.save(known, "茶杯的图案会掉色吗", "釉下彩，不会。")
    site.open(page)
    ask(page, sentence)
    found = page.get_by_role("listitem").filter(has_text="茶杯的图案会掉色吗")
    found.get_by_role("button", name="把这句话加为问法").click()
    expect(page.locator("#texts\\.zh-Hans\\.phrasings")).to_have_value(sentence)
    save(page)
    expect(page.get_by_text("第 2 版已生效")).to_be_visible()
    assert site.read(known)["article"]["texts"]["zh-Hans"]["phrasings"] == [sentence]


def test_a_new_article_needs_a_question_and_an_answer_and_is_then_found(site: KnowledgeSite, page: Page) -> None:
    site.open(page)
    page.get_by_role("button", name="新建条目").click()
    save(page)
    expect(page.get_by_text("还缺：分类")).to_be_visible()
    page.get_by_label("分类", exact=True).last.fill("orders")
    page.get_by_label("标题问题").fill("礼盒里可以放手写卡片吗")
    answer_field(page).fill("可以，下单时备注内容。")
    save(page)
    expect(page.get_by_text(re.compile("第 1 版已生效"))).to_be_visible()
    page.get_by_label("按标题筛选").fill("手写卡片")
    expect(page.get_by_role("button", name="礼盒里可以放手写卡片吗")).to_be_visible()
    page.get_by_role("tab", name="繁体中文").click()
    expect(page.get_by_text("禮盒裡可以放手寫卡片嗎").first).to_be_visible()


def test_a_colleague_who_was_faster_is_named_and_both_versions_can_be_joined(site: KnowledgeSite, page: Page) -> None:
    known = new_id()
    site.save(known, "茶叶罐多大", "高 12 厘米。")
    site.open(page, known)
    answer_field(page).fill("高 12 厘米，可装 100 克。")
    site.save(known, "茶叶罐多大", "高 13 厘米。", "茶罐尺寸")
    save(page)
    alert = page.get_by_role("alert").filter(has_text="没有保存：wang")
    expect(alert).to_contain_text("第 2 版")
    expect(page.get_by_text("wang 修改了：客户的问法（简体中文）、回答（简体中文）")).to_be_visible()
    sides = page.get_by_role("group", name="回答（简体中文）")
    expect(sides.get_by_text("高 13 厘米。")).to_be_visible()
    expect(sides.get_by_text("高 12 厘米，可装 100 克。")).to_be_visible()
    expect(sides.get_by_role("radio", name=re.compile("我的版本"))).to_be_checked()
    page.get_by_role("button", name="按所选内容保存").click()
    expect(page.get_by_text("第 3 版已生效")).to_be_visible()
    text = site.read(known)["article"]["texts"]["zh-Hans"]
    assert text == {"question": "茶叶罐多大", "phrasings": ["茶罐尺寸"], "answer": "高 12 厘米，可装 100 克。"}


def test_history_tells_who_changed_what_and_an_old_version_comes_back(site: KnowledgeSite, page: Page) -> None:
    known = new_id()
    site.save(known, "茶席布怎么洗", "手洗，水温 30 度。")
    site.save(known, "茶席布怎么洗", "手洗，水温 40 度。", name="chen")
    site.open(page, known)
    page.get_by_role("tab", name="历史").click()
    versions = page.get_by_role("list", name="历史").get_by_role("listitem")
    expect(versions).to_have_count(2)
    expect(versions.nth(0)).to_contain_text("第 2 版 chen")
    expect(versions.nth(0).locator("del")).to_contain_text("30")
    expect(versions.nth(0).locator("ins")).to_contain_text("40")
    versions.nth(1).locator("summary").click()
    versions.nth(1).get_by_role("button", name="恢复第 1 版").click()
    expect(page.get_by_text(re.compile("已恢复第 1 版的内容。第 3 版已生效"))).to_be_visible()
    assert site.read(known)["article"]["texts"]["zh-Hans"]["answer"] == "手洗，水温 30 度。"
    expect(versions).to_have_count(3)


def test_unsaved_text_is_kept_while_another_article_is_looked_at(site: KnowledgeSite, page: Page) -> None:
    known = new_id()
    site.save(known, "香插怎么清理", "用棉签。")
    site.open(page, known)
    answer_field(page).fill("用棉签蘸温水。")
    page.get_by_label("按标题筛选").fill("怎么注销账号")
    page.get_by_role("button", name="怎么注销账号").click()
    expect(page.get_by_role("heading", name="怎么注销账号")).to_be_visible()
    page.get_by_label("按标题筛选").fill("香插")
    page.get_by_role("button", name="有未保存的修改").click()
    expect(answer_field(page)).to_have_value("用棉签蘸温水。")


def test_an_article_that_starts_tomorrow_is_saved_and_said_to_start_then(site: KnowledgeSite, page: Page) -> None:
    known = new_id()
    site.save(known, "年货节几号开始", "很快。")
    site.open(page, known)
    page.get_by_label("生效日期").fill("2099-01-01")
    save(page)
    expect(page.get_by_text("已保存，2099-01-01 起生效。")).to_be_visible()


def test_a_broken_spreadsheet_is_explained_mended_and_imported(site: KnowledgeSite, page: Page, tmp_path: Path) -> None:
    known = new_id()
    rows = f"{known},简体,紫砂壶怎么开壶,新壶第一次怎么用,清水煮半小时。,tests\n"
    broken = tmp_path / "broken.csv"
    broken.write_bytes((HEADER + rows + f"{new_id()},简体,没有回答的问题,,,tests\n").encode("gb18030"))
    site.open(page)
    page.get_by_role("button", name="导入与导出").click()
    page.get_by_label("选择文件").set_input_files(broken)
    table = page.get_by_role("region", name="有问题的行")
    expect(table.get_by_role("row").nth(1)).to_have_text(re.compile("3\\s*回答\\s*没有填写"))
    expect(page.get_by_text("GB18030")).to_be_visible()
    expect(page.get_by_role("button", name="导入 1 条")).to_be_disabled()
    mended = tmp_path / "mended.csv"
    mended.write_text(
        HEADER + rows + f"{new_id()},简体,快递三天没动静了，我能不能申请退款,,能。,tests\n", encoding="utf-8"
    )
    page.get_by_role("button", name="换一个文件").click()
    page.get_by_label("选择文件").set_input_files(mended)
    expect(page.get_by_role("region", name="可能重复的问题")).to_contain_text("logistics-no-movement")
    page.get_by_role("button", name="导入 2 条").click()
    expect(page.get_by_text("已导入：mended.csv")).to_be_visible()
    page.get_by_role("button", name=known).click()
    expect(page.get_by_role("heading", name="紫砂壶怎么开壶")).to_be_visible()


def test_a_file_that_is_none_is_refused_in_words(site: KnowledgeSite, page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    site.open(page)
    page.get_by_role("button", name="导入与导出").click()
    page.get_by_label("选择文件").set_input_files(picture)
    expect(page.get_by_role("alert")).to_contain_text("这个文件无法读取：")


def test_the_base_can_be_taken_away_as_a_file(site: KnowledgeSite, page: Page) -> None:
    site.open(page)
    page.get_by_role("button", name="导入与导出").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    assert "logistics-no-movement" in Path(waiting.value.path()).read_text(encoding="utf-8-sig")


def test_everything_can_be_done_with_the_keyboard(site: KnowledgeSite, page: Page) -> None:
    site.open(page)
    expect(page.get_by_text(re.compile(r"共 \d+ 条"))).to_be_visible()
    page.keyboard.press("Alt+s")
    expect(page.get_by_label("像客户一样提问")).to_be_focused()
    page.keyboard.type("怎么开发票")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="找到的条目")).to_be_visible()
    page.keyboard.press("Alt+f")
    expect(page.get_by_label("按标题筛选")).to_be_focused()
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("heading", name="新建条目")).to_be_visible()
    page.get_by_role("tab", name="简体中文").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="英语")).to_be_focused()
    page.keyboard.press("Alt+/")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_no_barrier_is_found_in_any_view(
    site: KnowledgeSite, new_context: Callable[..., BrowserContext], scheme: str, width: int, locale: str
) -> None:
    size = {"width": width, "height": 800}
    # Colours are looked at when they stand still.
    page = new_context(color_scheme=scheme, viewport=size, locale=locale, reduced_motion="reduce").new_page()
    known = new_id()
    site.save(known, "无障碍", "一")
    site.save(known, "无障碍", "二 **粗**", "问法")
    site.open(page)
    page.locator(".entry").first.wait_for()
    clean(page, "browse")
    page.locator("#left-ask").click()
    page.locator(".looking-for input").fill("我的快递三天没动了，能退款吗")
    page.keyboard.press("Enter")
    page.locator(".outcome").wait_for()
    clean(page, "ask")
    page.goto(f"{site.url}/knowledge#{known}")
    page.reload()
    answer_field(page).fill("三")
    clean(page, "edit")
    site.save(known, "无障碍", "四", "问法")
    page.keyboard.press("Control+s")
    page.locator(".conflict").wait_for()
    clean(page, "conflict")
    page.locator(".conflict .quiet").click()
    page.locator("#view-history").click()
    page.locator(".history-list").wait_for()
    clean(page, "history")
    site.confirm(known, "无障碍怎么走", by="agent", instead_of=["account-password"])
    page.locator("#view-asked").click()
    page.locator(".asked-list").wait_for()
    clean(page, "asked")
    page.keyboard.press("Alt+i")
    page.locator(".drop").wait_for()
    page.locator("#import-file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": (HEADER + f"{new_id()},en,q,,,tests\n").encode()}
    )
    page.locator(".report").wait_for()
    clean(page, "files")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def clean(page: Page, view: str) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    told = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]
    assert not told, (view, told)


def test_what_customers_asked_becomes_a_phrasing_or_is_sent_away(site: KnowledgeSite, page: Page) -> None:
    known = new_id()
    site.save(known, "青花茶杯能进微波炉吗", "不能。", "茶杯能微波吗")
    site.confirm(known, "杯子搁微波炉转两圈要紧不", by="agent", instead_of=["account-password"])
    site.confirm(known, "我家的茶碗可不可以叮一下", by="customer")
    site.confirm(known, "茶杯能微波吗", by="customer")  # an editor has written that
    site.open(page, known)
    page.get_by_role("tab", name="客户问过").click()
    asked = page.get_by_role("list", name="客户问过的话")
    expect(asked.get_by_role("listitem")).to_have_count(2)
    expect(asked.get_by_text("客服用这条作答")).to_be_visible()
    asked.get_by_role("button", name=re.compile("不属于这条.*我家的茶碗")).click()
    expect(asked.get_by_role("listitem")).to_have_count(1)
    asked.get_by_role("button", name="把这句话加为问法").click()
    expect(page.locator("#texts\\.zh-Hans\\.phrasings")).to_have_value("茶杯能微波吗\n杯子搁微波炉转两圈要紧不")
    save(page)
    expect(page.get_by_text("已生效")).to_be_visible()
    page.get_by_role("tab", name="客户问过").click()
    expect(page.get_by_text("还没有新的问法。")).to_be_visible()
