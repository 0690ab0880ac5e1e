"""An editor changes an answer, and the very next customer reads it; every process is real."""

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Customer
from tests.product import Product

pytestmark = pytest.mark.journey


def test_an_edited_answer_is_what_the_widget_says_at_once(
    product: Product, customer: Customer, new_page: Callable[..., Page]
) -> None:
    word = secrets.token_hex(4)
    page = new_page()
    page.goto(f"{product.base_url}/knowledge#account-profile")
    page.get_by_label("账号").fill("admin")
    page.get_by_label("密码").fill(product.first_password)
    page.get_by_role("button", name="登录").click()
    answer = page.get_by_label("回答", exact=True)
    answer.fill(f"在「我的」里修改，口令 {word}。")
    page.get_by_role("button", name="保存", exact=True).click()
    live = page.get_by_text(re.compile(r"已生效，用时 \d+ 毫秒"))
    expect(live).to_be_visible()
    customer.say("怎么修改昵称和头像")
    customer.sees(word)
    page.get_by_role("tab", name="历史").click()
    expect(page.get_by_role("list", name="历史").get_by_role("listitem").first).to_contain_text("admin")
