"""The people of the journeys: a customer at the widget and an agent at the desk, through what they see."""

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

WIDGET = Path(__file__).parents[2] / "web" / "widget"
_TICKET = re.compile(r"T\d+-\d+")


class Customer:
    """Somebody in the demo shop with the widget open; `language` is the widget's."""

    def __init__(self, page: Page, base_url: str, language: str = "zh-Hans") -> None:
        self.page = page
        self._url = base_url
        self._language = language
        self._words = json.loads((WIDGET / f"strings.{language}.json").read_text(encoding="utf-8"))
        self.arrive()

    def arrive(self) -> None:
        self.page.goto(self._url)
        self.page.locator("zhiban-widget").evaluate("(it, tongue) => (it.dataset.language = tongue)", self._language)
        self.page.get_by_role("button", name=self._words["open"]).click()
        expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        return self.page.get_by_label(self._words["message"])

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.page.keyboard.press("Enter")

    def tap(self, title: str) -> None:
        self.log.get_by_role("button", name=title, exact=True).last.click()

    def sees(self, text: str) -> None:
        expect(self.log.get_by_text(text).last).to_be_visible()

    def sees_times(self, text: str, count: int) -> None:
        expect(self.log.get_by_text(text)).to_have_count(count)

    def sees_source(self, part_of_title: str) -> None:
        """An answer came with its source."""
        told = self._words["source"].format(title="")
        expect(self.log.get_by_text(re.compile(f"{re.escape(told)}.*{re.escape(part_of_title)}")).last).to_be_visible()

    def sees_ticket(self) -> str:
        """The number of the ticket that was named last."""
        sentence = self.log.get_by_text(_TICKET).last
        expect(sentence).to_be_visible()
        return _TICKET.findall(sentence.inner_text())[-1]

    def does_not_see(self, text: str) -> None:
        expect(self.log.get_by_text(text)).to_have_count(0)


class Agent:
    """Somebody at the agent page."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self._url = base_url

    def sign_in(self, name: str, password: str) -> None:
        self.page.goto(f"{self._url}/desk")
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("switch", name="在岗状态")).to_be_checked()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="菜单").click()
        self.page.get_by_role("button", name="退出登录").click()
        expect(self.page.get_by_role("button", name="登录", exact=True)).to_be_visible()

    @property
    def lists(self) -> Locator:
        return self.page.get_by_role("region", name="会话列表")

    @property
    def transcript(self) -> Locator:
        return self.page.get_by_role("region", name="会话", exact=True)

    @property
    def suggestions(self) -> Locator:
        return self.page.get_by_role("list", name="建议回复")

    def waits(self, preview: str) -> Locator:
        """The entry of a waiting customer, by what they last said."""
        return self.lists.get_by_role("listitem").filter(has_text=preview)

    def claim(self, preview: str) -> None:
        self.waits(preview).get_by_role("button", name="接入").click()

    def can_reply(self) -> bool:
        return self.page.get_by_label("回复内容").count() == 1

    def reply(self, text: str) -> None:
        self.page.get_by_label("回复内容").fill(text)
        self.page.keyboard.press("Enter")

    def sees(self, text: str) -> None:
        expect(self.transcript.get_by_text(text).last).to_be_visible()
