"""A chat model is waited for no longer than its budget, and read no further than an answer can be long."""

import time
from collections.abc import Iterator

import pytest

from gateway.chat_model import ChatModel, ModelFailed
from tests import fake_chat_model
from tests.fake_chat_model import KEY


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with fake_chat_model.running("tests.gateway.assist.fake_model") as url:
        yield url


async def test_it_says_what_the_model_says(url: str) -> None:
    async with ChatModel(url, "fake", KEY, 20) as model:
        assert await model.answer("rules", "一句\n两句", 100) == "一句，两句。"


@pytest.mark.parametrize("word", ["REFUSE", "BREAK", "ODD", "FLOOD"])
async def test_what_cannot_be_read_is_a_failure_that_tells_no_content(url: str, word: str) -> None:
    async with ChatModel(url, "fake", KEY, 20) as model:
        with pytest.raises(ModelFailed) as failure:
            await model.answer("rules", f"13912345678 {word}", 100)
    assert str(failure.value).isidentifier()


async def test_a_model_that_answers_letter_by_letter_is_given_up_when_its_time_is_over(url: str) -> None:
    async with ChatModel(url, "fake", KEY, 1.0) as model:
        began = time.monotonic()
        with pytest.raises(ModelFailed, match="TimeoutError"):
            await model.answer("rules", "DRIP", 100)
    assert time.monotonic() - began < 3
