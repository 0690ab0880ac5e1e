"""Suggested replies through the door: made for a moment, filled, and what becomes of them."""

from datetime import timedelta

import httpx2

from desk import Desk
from gateway.doors.context import Doors
from knowledge_base.suggesting.candidate import Candidate, Prior
from tests.gateway.assisting import path, say
from tests.gateway.cast import ARTICLE, Shelf
from tests.gateway.conftest import send


async def test_suggestions_name_their_source_and_the_message_they_are_for(
    lin: httpx2.AsyncClient, customer: httpx2.AsyncClient, held: str, shelf: Shelf
) -> None:
    await send(customer, "已经三天了，订单QH20260412345", "m2")
    answer = (await lin.get(path(held, "suggestions"))).json()
    article, macro = answer["suggestions"]
    assert article == {
        "id": "article:refund_stuck@3",
        "text": "可以的，48 小时没有更新就能申请退款。",
        "source": {
            "kind": "article",
            "id": "refund_stuck",
            "version": 3,
            "title": "快递不动了能退款吗",
            "conversation": None,
        },
        "confidence": 0.91,
        "missing": [],
        "prior": None,
    }
    assert macro["text"] == "让您久等了，订单 QH20260412345 我查到了。"
    (moment,) = shelf.moments
    assert moment.asked == ("快递不动了，想退款", "已经三天了，订单QH20260412345")
    assert moment.first
    assert {"order_number"} <= moment.known & moment.gave
    events = (await lin.get(f"/v1/conversations/{held}")).json()["events"]
    assert answer["for_seq"] == events[-1]["seq"]


async def test_the_former_address_answers_the_same(lin: httpx2.AsyncClient, held: str) -> None:
    old = await lin.get(f"/v1/conversations/{held}/suggestions")
    assert old.json() == (await lin.get(path(held, "suggestions"))).json()


async def test_a_slot_that_nobody_knows_is_named_and_kept_in(lin: httpx2.AsyncClient, held: str) -> None:
    macro = (await lin.get(path(held, "suggestions"))).json()["suggestions"][1]
    assert macro["missing"] == ["order_number"]
    refused = await say(lin, held, macro["text"])
    assert (refused.status_code, refused.json()["code"]) == (422, "confirmation_needed")
    assert [one["rule"] for one in refused.json()["findings"]] == ["unfilled"]


async def test_nothing_unsure_is_suggested(lin: httpx2.AsyncClient, held: str, shelf: Shelf) -> None:
    shelf.candidates = [Candidate("macro", "guess", 1, "猜", "猜的", 0.05)]
    answer = (await lin.get(path(held, "suggestions"))).json()
    assert (answer["abstained"], answer["suggestions"]) == ("nothing_fits", [])


async def test_two_that_say_the_same_are_one(lin: httpx2.AsyncClient, held: str, shelf: Shelf) -> None:
    again = Candidate("answered", "c1-x.4", 1, "快递没动", ARTICLE.text, 0.8, conversation="c1-x")
    shelf.candidates = [ARTICLE, again]
    answer = (await lin.get(path(held, "suggestions"))).json()
    assert [one["id"] for one in answer["suggestions"]] == ["article:refund_stuck@3"]


async def test_the_prior_is_shown_with_its_counts(lin: httpx2.AsyncClient, held: str, shelf: Shelf) -> None:
    shelf.candidates = [Candidate("macro", "soothe", 1, "安抚", "非常抱歉。", 0.7, prior=Prior(0.2, 14, 6))]
    (one,) = (await lin.get(path(held, "suggestions"))).json()["suggestions"]
    assert one["prior"] == {"shift": 0.2, "shown": 14, "used": 6}


async def test_what_was_used_edited_and_ignored_is_noticed(
    lin: httpx2.AsyncClient, held: str, shelf: Shelf, doors: Doors
) -> None:
    answer = (await lin.get(path(held, "suggestions"))).json()
    await lin.get(path(held, "suggestions"))  # the page asks again: shown once all the same
    await doors.assist.settle()
    assert sorted((one.source, one.outcome) for one in shelf.noted) == [
        ("article:refund_stuck", "shown"),
        ("macro:found-order", "shown"),
    ]
    shelf.noted.clear()
    chosen = {"id": "article:refund_stuck@3", "for_seq": answer["for_seq"]}
    sent = await say(lin, held, "您好，可以的，48 小时没有更新就能申请退款，我帮您办。", suggestion=chosen)
    assert sent.status_code == 202
    await doors.assist.settle()
    noted = {one.source: one for one in shelf.noted}
    assert (noted["article:refund_stuck"].outcome, noted["macro:found-order"].outcome) == ("edited", "ignored")
    assert 0.3 < noted["article:refund_stuck"].kept < 0.95
    assert noted["article:refund_stuck"].for_seq == answer["for_seq"]


async def test_sent_as_it_was_counts_as_used_even_unannounced(
    lin: httpx2.AsyncClient, held: str, shelf: Shelf, doors: Doors
) -> None:
    await lin.get(path(held, "suggestions"))
    await doors.assist.settle()
    await say(lin, held, ARTICLE.text)
    await doors.assist.settle()
    used = [one for one in shelf.noted if one.outcome == "used"]
    assert [(one.source, one.kept) for one in used] == [("article:refund_stuck", 1.0)]


async def test_a_dismissed_one_is_counted_once_and_not_as_ignored(
    lin: httpx2.AsyncClient, held: str, shelf: Shelf, doors: Doors
) -> None:
    for_seq = (await lin.get(path(held, "suggestions"))).json()["for_seq"]
    await doors.assist.settle()
    body = {"for_seq": for_seq, "suggestion": "macro:found-order@2", "outcome": "dismissed"}
    for _ in range(2):
        assert (await lin.post(path(held, "suggestions/outcome"), json=body)).status_code == 204
    await say(lin, held, "我来帮您核实一下，请稍等。")
    await doors.assist.settle()
    assert [one.outcome for one in shelf.noted if one.source == "macro:found-order"] == ["shown", "dismissed"]


async def test_a_knowledge_base_that_is_away_costs_no_message(
    lin: httpx2.AsyncClient, held: str, shelf: Shelf, doors: Doors
) -> None:
    shelf.away = True
    answer = await lin.get(path(held, "suggestions"))
    assert (answer.status_code, answer.json()["code"]) == (503, "knowledge_unavailable")
    assert (await say(lin, held, "您好，我来帮您核实一下。")).status_code == 202
    await doors.assist.settle()


async def test_a_colleagues_case_has_no_suggestions(wang: httpx2.AsyncClient, held: str) -> None:
    for rest in ("suggestions", "context", "wrap-up"):
        answer = await wang.get(path(held, rest))
        assert (answer.status_code, answer.json()["code"]) == (404, "conversation_not_found"), rest


async def test_who_looks_at_a_waiting_customer_shows_nothing_that_counts(
    lin: httpx2.AsyncClient, waiting: str, shelf: Shelf, doors: Doors
) -> None:
    assert (await lin.get(path(waiting, "suggestions"))).json()["suggestions"]
    await doors.assist.settle()
    assert shelf.noted == []


async def test_an_answered_case_is_to_be_learned_from_later(
    lin: httpx2.AsyncClient, held: str, doors: Doors, desk: Desk
) -> None:
    await say(lin, held, "您好，我来帮您核实一下。")
    await doors.assist.settle()
    assert await desk.assist.claim_to_learn() == []
    await desk.assist.learn_later(held, timedelta(seconds=-1))
    assert await desk.assist.claim_to_learn() == [held]
