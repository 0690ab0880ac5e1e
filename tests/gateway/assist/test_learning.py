"""Good answers are learned: closed, nobody came back, nothing personal, nothing of that case only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from desk import Desk
from gateway.doors.assist import Assist
from gateway.doors.assist_learning import learn_once
from gateway.doors.context import Doors
from tests.gateway.assisting import epoch_of, say
from tests.gateway.cast import MACRO, Bot, Shelf
from tests.gateway.conftest import send

GOOD = "保质期在瓶底和外盒侧面都有，开封后建议十二个月内用完。"


@pytest.fixture
async def closed(lin: httpx2.AsyncClient, customer: httpx2.AsyncClient, held: str, doors: Doors) -> str:
    """Lin answered three times and closed."""
    await send(customer, "面霜的保质期在哪里看，我叫王芳，电话13912345678", "m2")
    await say(lin, held, GOOD)
    await send(customer, "那我的订单QH20260412345呢", "m3")
    await say(lin, held, "我这边看到您的包裹今天下午到杭州。")
    await send(customer, "能查到单子吗", "m4")
    await say(lin, held, MACRO.text.replace("[[，{customer_name}]]", "").replace("{order_number}", "QH20260412345"))
    await doors.assist.settle()
    await lin.post(f"/v1/conversations/{held}/close", json={"epoch": await epoch_of(lin, held)})
    return held


def later(**by: float) -> datetime:
    return datetime.now(UTC) + timedelta(**by)


async def due(desk: Desk, conversation: str) -> None:
    await desk.assist.learn_later(conversation, timedelta(seconds=-1))


async def test_a_good_answer_is_kept_without_what_is_personal(
    doors: Doors, desk: Desk, closed: str, shelf: Shelf
) -> None:
    await due(desk, closed)
    assert await learn_once(doors, later(hours=73)) == 1
    (answer,) = shelf.learned
    assert answer.reply == GOOD
    assert "保质期" in answer.asked
    assert not any(personal in answer.asked for personal in ("13912345678", "王芳"))
    assert (answer.conversation, answer.language) == (closed, "zh-Hans")
    assert await learn_once(doors, later(hours=74)) == 0


async def test_what_is_too_young_waits(doors: Doors, desk: Desk, closed: str, shelf: Shelf) -> None:
    await due(desk, closed)
    assert await learn_once(doors) == 1
    assert shelf.learned == []
    assert await desk.assist.claim_to_learn() == []  # put off, not given up


async def test_who_comes_back_was_not_helped(
    doors: Doors, desk: Desk, closed: str, shelf: Shelf, customer: httpx2.AsyncClient
) -> None:
    await send(customer, "还是没解决", "m9")
    await due(desk, closed)
    await learn_once(doors, later(hours=73))
    assert shelf.learned == []


async def test_what_is_still_open_is_looked_at_again(
    doors: Doors, desk: Desk, held: str, lin: httpx2.AsyncClient, shelf: Shelf
) -> None:
    await say(lin, held, GOOD)
    await doors.assist.settle()
    await due(desk, held)
    assert await learn_once(doors, later(hours=73)) == 1
    assert shelf.learned == []


async def test_a_knowledge_base_that_is_away_is_asked_again(
    doors: Doors, desk: Desk, closed: str, shelf: Shelf, bot: Bot
) -> None:
    from knowledge_base.client import KnowledgeUnavailable

    await due(desk, closed)
    shelf.away = True
    with pytest.raises(KnowledgeUnavailable):
        await learn_once(doors, later(hours=73))
    shelf.away = False
    await due(desk, closed)  # five minutes later
    await learn_once(doors, later(hours=73))
    assert len(shelf.learned) == 1


async def test_how_long_to_wait_is_a_setting(doors: Doors, desk: Desk, closed: str, shelf: Shelf) -> None:
    quick = replace(doors, assist=Assist(learn_after=timedelta(hours=1)))
    await due(desk, closed)
    await learn_once(quick, later(hours=2))
    assert len(shelf.learned) == 1


async def test_an_agents_article_confirms_what_was_asked(
    doors: Doors, desk: Desk, held: str, lin: httpx2.AsyncClient, customer: httpx2.AsyncClient, shelf: Shelf
) -> None:
    await say(lin, held, "您好，您请说。")
    await send(customer, "包裹卡在半路几天了能退钱吗", "m2")
    article = {"id": "refund_stuck", "version": 3, "title": "快递不动了能退款吗", "category": "refunds"}
    await say(lin, held, "可以的，48 小时没有更新就能申请退款。", article=article)
    await doors.assist.settle()
    await lin.post(f"/v1/conversations/{held}/close", json={"epoch": await epoch_of(lin, held)})
    await due(desk, held)
    await learn_once(doors, later(hours=73))
    (question,) = shelf.confirmed
    assert (question.asked, question.article, question.by) == ("包裹卡在半路几天了能退钱吗", "refund_stuck", "agent")
    assert question.conversation == held
