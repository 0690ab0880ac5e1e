"""Writing in the widget: input methods, line breaks, the limit, pictures; and what a hostile answer cannot do."""

import base64

import pytest
from playwright.sync_api import Page, expect

from tests.web.cast import FIELD, ask, only_talk, open_widget
from tests.web.conftest import Site

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_enter_while_an_input_method_composes_does_not_send(site: Site, page: Page) -> None:
    open_widget(page, site)
    field = page.get_by_label(FIELD)
    field.focus()
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "tui kuan", "selectionStart": 8, "selectionEnd": 8})
    # The key that confirms the composition; the browser says isComposing with it.
    keys.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    )
    keys.send("Input.insertText", {"text": "退款"})
    expect(field).to_have_value("退款")
    field.press("Enter")
    expect(page.get_by_role("log").get_by_text("收到：退款")).to_be_visible()
    assert [message["text"] for message in site.world.received] == ["退款"]


def test_an_enter_with_the_input_methods_key_code_does_not_send(site: Site, page: Page) -> None:
    open_widget(page, site)
    field = page.get_by_label(FIELD)
    field.fill("tuikuan")
    enter = "{key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}"
    field.evaluate(f"node => node.dispatchEvent(new KeyboardEvent('keydown', {enter}))")
    expect(field).to_have_value("tuikuan")
    field.press("Enter")
    expect(page.get_by_role("log").get_by_text("收到：tuikuan")).to_be_visible()
    assert len(site.world.received) == 1


def test_shift_and_enter_start_a_new_line(site: Site, page: Page) -> None:
    open_widget(page, site)
    field = page.get_by_label(FIELD)
    field.press_sequentially("第一行")
    field.press("Shift+Enter")
    field.press_sequentially("第二行")
    field.press("Enter")
    expect(page.get_by_role("log").locator(".customer .bubble")).to_have_text("第一行\n第二行")
    assert site.world.received[0]["text"] == "第一行\n第二行"


def test_the_limit_is_told_near_the_end_and_nothing_is_cut(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    field = page.get_by_label(FIELD)
    field.fill("字" * 3599)
    expect(panel.get_by_text("还可输入")).to_have_count(0)
    field.fill("字" * 3990)
    expect(panel.get_by_text("还可输入 10 字")).to_be_visible()
    field.fill("字" * 4001)
    expect(panel.get_by_text("已超出 1 字")).to_be_visible()
    field.press("Enter")
    expect(field).to_have_value("字" * 4001)
    field.fill("😀" * 4000)
    field.press("Enter")
    expect(field).to_have_value("")
    expect(page.get_by_role("log").get_by_text("收到：")).to_be_visible()
    assert len(site.world.received) == 1


def test_a_draft_survives_a_reload(site: Site, page: Page) -> None:
    open_widget(page, site)
    page.get_by_label(FIELD).fill("还没写完")
    open_widget(page, site)
    expect(page.get_by_label(FIELD)).to_have_value("还没写完")


def test_a_picture_is_previewed_sent_and_shown(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    page.locator("zhiban-widget input[type=file]").set_input_files(
        {"name": "cup.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(panel.get_by_role("button", name="移除图片 cup.png")).to_be_visible()
    expect(panel.get_by_role("button", name="发送", exact=True)).to_have_attribute("aria-disabled", "false")
    ask(page, "杯子碎了")
    expect(panel.get_by_role("img", name="客户发送的图片")).to_be_visible()
    assert [len(message["attachments"]) for message in site.world.received] == [1]
    assert [content for _type, content in site.doors.uploads.values()] == [PNG]
    expect(panel.get_by_role("button", name="移除图片")).to_have_count(0)


def test_a_pasted_picture_is_taken(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    paste = """(node, bytes) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([new Uint8Array(bytes)], 'pasted.png', {type: 'image/png'}));
        node.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
    }"""
    page.get_by_label(FIELD).evaluate(paste, list(PNG))
    expect(panel.get_by_role("button", name="移除图片 pasted.png")).to_be_visible()


# A picture of pure noise, which no format can make small; it is put into the widget's file field.
ATTACH_NOISE = """async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1400;
    const context = canvas.getContext('2d'), image = context.createImageData(1400, 1400), step = 65536;
    for (let at = 0; at < image.data.length; at += step) crypto.getRandomValues(image.data.subarray(at, at + step));
    context.putImageData(image, 0, 0);
    const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
    const chosen = new DataTransfer();
    chosen.items.add(new File([blob], 'photo.png', {type: 'image/png'}));
    const input = document.querySelector('zhiban-widget').shadowRoot.querySelector('input[type=file]');
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
    return blob.size;
}"""


def test_a_large_photograph_is_made_smaller(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    assert page.evaluate(ATTACH_NOISE) > 2 * 1024 * 1024
    expect(panel.get_by_role("button", name="移除图片 photo.png")).to_be_visible()
    expect(panel.get_by_role("button", name="发送", exact=True)).to_have_attribute("aria-disabled", "false")
    ((kind, content),) = site.doors.uploads.values()
    assert kind == "image/jpeg"
    assert len(content) < 2 * 1024 * 1024


def test_what_is_not_a_picture_is_refused_in_words(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    page.locator("zhiban-widget input[type=file]").set_input_files(
        {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    expect(panel.get_by_text("只能发送 PNG、JPEG、GIF 或 WebP 图片。")).to_be_visible()
    assert site.doors.uploads == {}


HOSTILE = [
    '<img src=x onerror="window.hacked=1">',
    "<script>window.hacked=1</script>",
    "[点我](javascript:window.hacked=1)",
    "[点我](data:text/html,<script>window.hacked=1</script>)",
    "[点我](JaVaScRiPt&colon;window.hacked=1)",
    '![x](x" onerror="window.hacked=1)',
    "<svg/onload=window.hacked=1>",
    '<a href="javascript:window.hacked=1">点我</a>',
    '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    "<style>*{display:none}</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>",
    '[x](https://ok.test "\\" onmouseover=window.hacked=1 x=\\"")',
    "```html\n<img src=x onerror=window.hacked=1>\n```",
    "<form action=//evil.test><button>点我</button></form>",
    "[//evil](//evil.test)",
]


INSPECT = """nodes => nodes.map(node => {
    const all = [...node.querySelectorAll('*')];
    all.forEach(one => one.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})));
    return {
        tags: all.map(one => one.tagName.toLowerCase()),
        attributes: all.flatMap(one => one.getAttributeNames()),
        links: [...node.querySelectorAll('a')].map(one => one.getAttribute('href')),
        text: node.innerText,
    };
})"""
FORBIDDEN = {"script", "img", "svg", "iframe", "style", "math", "form", "button", "input"}


@pytest.mark.parametrize("role", ["bot", "agent", "customer"])
def test_hostile_texts_are_only_shown(site: Site, page: Page, role: str) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    for text in HOSTILE:
        site.world.say(only_talk(site), role, text)
    site.world.say(only_talk(site), "bot", "完")
    expect(panel.get_by_text("完", exact=True)).to_be_visible()
    shown = page.locator("zhiban-widget article .bubble").evaluate_all(INSPECT)[2:-1]
    assert len(shown) == len(HOSTILE)
    for found in shown:
        assert not FORBIDDEN & set(found["tags"])
        assert not [name for name in found["attributes"] if name.startswith("on") or name == "style"]
        assert all(link.startswith("https://") for link in found["links"])
    if role == "customer":
        assert [found["text"] for found in shown] == HOSTILE
    assert page.evaluate("window.hacked") is None


def test_markdown_is_formatted_and_links_open_elsewhere(site: Site, page: Page) -> None:
    panel = open_widget(page, site)
    ask(page, "一")
    expect(panel.get_by_text("收到：一")).to_be_visible()
    site.world.say(only_talk(site), "bot", "**重点**\n\n- 甲\n- 乙\n\n[官网](https://example.com/a?b=1&c=2)")
    expect(panel.locator("article strong")).to_have_text("重点")
    expect(panel.locator("article li")).to_have_count(2)
    link = panel.get_by_role("link", name="官网")
    expect(link).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
