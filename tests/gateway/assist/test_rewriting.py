"""A summary may be rewritten by a model, and shows nothing that nobody said; the model here is a fake program."""

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import create_app
from gateway.doors.assist import Assist
from gateway.doors.assist_rewriting import Rewriter
from tests import fake_chat_model
from tests.fake_chat_model import KEY
from tests.gateway.assisting import path
from tests.gateway.cast import PASSWORD
from tests.gateway.conftest import MakeDoors, running, visitor

LINES = ["快递三天没动，想退款", "客户要求人工，电话13912345678"]


@pytest.fixture(scope="module")
def fake_model() -> Iterator[str]:
    with fake_chat_model.running("tests.gateway.assist.fake_model") as url:
        yield url


@pytest.fixture
async def rewriter(fake_model: str) -> AsyncIterator[Rewriter]:
    async with Rewriter(fake_model, "fake", KEY) as rewriter:
        yield rewriter


async def test_a_faithful_text_is_shown_with_who_wrote_it(rewriter: Rewriter) -> None:
    found = await rewriter.rewrite(LINES, "zh-Hans")
    assert found is not None
    assert (found.by, found.text[:10]) == ("fake", "快递三天没动，想退款")


async def test_the_model_is_not_told_phone_numbers(rewriter: Rewriter) -> None:
    found = await rewriter.rewrite(LINES, "zh-Hans")
    assert found is not None
    assert "13912345678" not in found.text
    assert "[mobile *5678]" in found.text


@pytest.mark.parametrize("word", ["INVENT", "BREAK", "REFUSE"])
async def test_whatever_goes_wrong_costs_only_the_rewrite(rewriter: Rewriter, word: str) -> None:
    assert await rewriter.rewrite([*LINES, word], "zh-Hans") is None


async def test_a_model_that_is_slow_is_not_waited_for(rewriter: Rewriter) -> None:
    began = time.monotonic()
    assert await rewriter.rewrite([*LINES, "SLOW"], "zh-Hans") is None
    assert time.monotonic() - began < 3.8


async def test_a_wrong_key_or_nobody_there_costs_only_the_rewrite(fake_model: str) -> None:
    async with Rewriter(fake_model, "fake", "wrong") as wrong, Rewriter("http://127.0.0.1:1/v1", "x") as nobody:
        assert await wrong.rewrite(LINES, "zh-Hans") is None
        assert await nobody.rewrite(LINES, "zh-Hans") is None


async def test_the_context_shows_it_beside_what_was_extracted(
    make_doors: MakeDoors, desk: Desk, waiting: str, rewriter: Rewriter
) -> None:
    doors = replace(make_doors(), assist=Assist(rewriter=rewriter))
    async with running(create_app(doors)) as app, visitor(app) as client:
        await desk.agents.sign_up("lin", PASSWORD, "林小姐")
        client.headers["X-Requested-With"] = "zhiban"
        await client.post("/v1/desk/sign-in", json={"name": "lin", "password": PASSWORD})
        told = (await client.get(path(waiting, "context"))).json()
    assert told["rewritten"]["by"] == "fake"
    assert told["wants"]["text"] in told["rewritten"]["text"]
    assert told["summary"][0]["text"] == told["wants"]["text"]


def test_without_a_setting_there_is_no_model(client: httpx2.AsyncClient) -> None:
    assert Assist().rewriter is None
