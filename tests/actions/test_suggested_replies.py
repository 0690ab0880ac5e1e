"""The action gives what the agents' door gives, from the same knowledge server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actions import connections
from actions.suggested_replies import ActionSuggestReplies
from desk.assist.lines import Line
from desk.assist.replies import replies, values_of
from desk.assist.situation import read_situation
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.suggesting.asking import moment_of
from tests.actions.conftest import MakeTracker
from tests.actions.test_actions import run
from tests.knowledge_base.conftest import server_url

__all__ = ["server_url"]


@pytest.fixture
async def at_server(server_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The actions ask this knowledge server."""
    monkeypatch.setenv("KNOWLEDGE_URL", server_url)
    for connection in (connections.settings, connections.knowledge):
        connection.cache_clear()
    client = connections.knowledge()
    for _ in range(600):
        try:
            await client.macros()
            break
        except KnowledgeUnavailable:
            await asyncio.sleep(0.05)
    yield
    await client.aclose()
    for connection in (connections.settings, connections.knowledge):
        connection.cache_clear()


async def suggested(tracker: Any) -> list[dict[str, Any]]:
    return (await run(ActionSuggestReplies(), tracker))[1]["suggestions"]


async def test_the_action_suggests_what_the_door_suggests(at_server: None, tracker: MakeTracker) -> None:
    text = "快递三天没动了，订单QH20260412345"
    situation = read_situation([Line(1, "customer", text)])
    found = await connections.knowledge().suggest(moment_of(situation, "zh-Hans"), seconds=5)
    expected = replies(found, values_of(situation.facts, ""))
    ours = await suggested(tracker(text))
    assert [(one["id"], one["text"]) for one in ours] == [(reply.id, reply.text) for reply in expected]
    assert 1 <= len(ours) <= 3
    assert {"kind", "id", "version", "title", "conversation"} == set(ours[0]["source"])


async def test_the_customers_last_messages_count_together(at_server: None, tracker: MakeTracker) -> None:
    asked = tracker("能退不")
    asked.events = [
        {"event": "user", "text": "微信扣了我128 说是会员费"},
        {"event": "bot", "text": "您好", "metadata": {}},
        {"event": "user", "text": "能退不"},
    ]
    assert any("membership" in one["id"] for one in await suggested(asked))


async def test_nothing_but_a_greeting_is_suggested_for_nonsense(at_server: None, tracker: MakeTracker) -> None:
    found = await suggested(tracker("阿斯顿发斯蒂芬啦啦啦"))
    assert [one["source"]["id"] for one in found] == ["greet"]
