"""A customer who waits, and an agent who holds them."""

import httpx2
import pytest

from tests.gateway.cast import Bot
from tests.gateway.conftest import send


@pytest.fixture
async def waiting(customer: httpx2.AsyncClient, bot: Bot) -> str:
    conversation = await send(customer, "快递不动了，想退款")
    await bot.call_a_person(conversation)
    return conversation


@pytest.fixture
async def held(lin: httpx2.AsyncClient, waiting: str) -> str:
    """A conversation that Lin holds."""
    answer = await lin.post(f"/v1/conversations/{waiting}/claim", json={})
    assert answer.status_code == 200, answer.text
    return waiting
