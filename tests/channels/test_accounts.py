"""Accounts of the channel `webhook` are read once, and what is wrong is said in one line without the secret."""

from pathlib import Path

import pytest

from channels import AccountsWrong, WebhookAccount, read_webhooks

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_bm9ib2R5IGtub3dzIHRoaXMgc2VjcmV0IQ=="


def test_accounts_of_a_setting():
    found = read_webhooks(f"shop:https://shop.example:8443/zhiban?x=1:{SECRET}, b:http://127.0.0.1:9000/hook:{OTHER},")
    assert list(found.values()) == [
        WebhookAccount("shop", "https://shop.example:8443/zhiban?x=1", SECRET),
        WebhookAccount("b", "http://127.0.0.1:9000/hook", OTHER),
    ]
    assert SECRET not in repr(found)


def test_no_accounts():
    assert read_webhooks("") == {}


def test_accounts_of_a_file(tmp_path: Path):
    file = tmp_path / "webhooks.yml"
    file.write_text(f"shop:\n  url: https://shop.example/zhiban\n  secret: {SECRET}\n")
    assert read_webhooks(str(file)) == {"shop": WebhookAccount("shop", "https://shop.example/zhiban", SECRET)}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("shop", "account 1 is not account:url:secret"),
        (f"shop:{SECRET}", "account 1 is not account:url:secret"),
        (f"a:http://h/x:{SECRET},b", "account 2 is not account:url:secret"),
        (f"my shop:https://h/x:{SECRET}", "'my shop': expected letters"),
        (f"shop:ftp://h/x:{SECRET}", "shop: expected a URL such as"),
        (f"shop:https:///x:{SECRET}", "shop: expected a URL such as"),
        (f"shop:https://h:99999/x:{SECRET}", "shop: expected a URL such as"),
        ("shop:https://h/x:whsec_c2hvcnQ=", "shop: expected whsec_ and base64"),
        ("shop:https://h/x:not base64 at all, of any kind", "shop: expected whsec_ and base64"),
        (f"shop:https://h/x:{SECRET},shop:https://h/y:{SECRET}", "shop is there twice"),
        ("/nowhere/webhooks.yml", "/nowhere/webhooks.yml cannot be read (FileNotFoundError)"),
    ],
)
def test_what_is_wrong_is_said(setting: str, said: str):
    with pytest.raises(AccountsWrong, match=r"^WEBHOOKS: ") as wrong:
        read_webhooks(setting)
    assert said in str(wrong.value)
    assert "MfKQ9r8" not in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize("content", ["[1, 2]", "shop: {url: https://h/x}", "shop: 5", "a: [", "shop: {secret: x}"])
def test_a_file_that_is_wrong_is_named(tmp_path: Path, content: str):
    file = tmp_path / "webhooks.yaml"
    file.write_text(content)
    with pytest.raises(AccountsWrong, match=r"webhooks\.yaml"):
        read_webhooks(str(file))
