"""The people of the journeys: a customer at the widget and an agent at the desk, through what they see."""

from playwright.sync_api import Locator, Page, expect


class Customer:
    """Somebody in the demo shop with the widget open."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page = page
        self._url = base_url
        self.arrive()

    def arrive(self) -> None:
        self.page.goto(self._url)
        self.page.get_by_role("button", name="打开在线客服").click()
        expect(self.box).to_be_visible()

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("消息内容")

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
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("switch", name="在岗状态")).to_be_checked()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="菜单").click()
        self.page.get_by_role("button", name="退出登录").click()
        expect(self.page.get_by_role("button", name="登录")).to_be_visible()

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

    def reply(self, text: str) -> None:
        self.page.get_by_label("回复内容").fill(text)
        self.page.keyboard.press("Enter")

    def sees(self, text: str) -> None:
        expect(self.transcript.get_by_text(text).last).to_be_visible()
