"""Rasa with a trained model, the encoder, the action server and the sample order system: all real."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dialogue.customer import Bot, Customer
from tests.dialogue.processes import ROOT, running, trained_model


@pytest.fixture(scope="session")
def knowledge_url() -> Iterator[str]:
    with running("knowledge_base", "/readyz", ["--encoder-only"]) as (url, _):
        yield url


@pytest.fixture(scope="session")
def office_url() -> Iterator[str]:
    with running("examples.office", "/healthz") as (url, _):
        yield url


@pytest.fixture(scope="session")
def actions_url(office_url: str, knowledge_url: str) -> Iterator[str]:
    environ = {"OFFICE_URL": office_url, "KNOWLEDGE_URL": knowledge_url}
    with running("actions", "/health", environ=environ) as (url, _):
        yield f"{url}/webhook"


@pytest.fixture(scope="session")
def model_path(knowledge_url: str) -> Path:
    return trained_model(knowledge_url)


@pytest.fixture(scope="session")
def loaded(model_path: Path, actions_url: str, knowledge_url: str) -> Iterator[Bot]:
    """One Rasa for the whole run: it keeps nothing between turns."""
    import logging

    from bot import rasa_fixes

    rasa_fixes.before_rasa()
    os.environ.update(ACTIONS_URL=actions_url, KNOWLEDGE_URL=knowledge_url, BOT_SECRET="")
    from rasa.core.agent import load_agent
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.log_utils import configure_structlog

    rasa_fixes.after_rasa()
    configure_structlog(logging.ERROR)
    loop = asyncio.new_event_loop()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    agent: Any = loop.run_until_complete(load_agent(model_path=str(model_path), endpoints=endpoints))
    bot = Bot(agent, loop, knowledge_url)
    yield bot
    bot.close()
    loop.close()


@pytest.fixture
def bot(loaded: Bot, actions_url: str) -> Iterator[Bot]:
    """The bot, with its action server back in place after a test that took it away."""
    yield loaded
    loaded.agent.action_endpoint.url = actions_url


@pytest.fixture
def customer(bot: Bot) -> Customer:
    return Customer(bot)


@pytest.fixture
def english(bot: Bot) -> Customer:
    return Customer(bot, language="en")
