"""The server as its clients meet it: its own process, real encoder, real Redis, the shipped articles."""

import asyncio
import math
import os
import subprocess
import sys

import httpx2
import pytest

from knowledge_base.client import KnowledgeClient, SyncKnowledgeClient
from tests.knowledge_base.conftest import knowledge_server
from tests.knowledge_base.shop import article_json

JSON = {"content-type": "application/json"}
PARCEL = "我的快递三天没动了，能退款吗"


@pytest.fixture
def http(server_url):
    with httpx2.Client(base_url=server_url, trust_env=False, timeout=10) as client:
        yield client


def test_the_example_of_the_readme_is_answered(server):
    understood = server.understand(PARCEL)
    assert understood.outcome == "answer"
    assert understood.articles[0].id == "logistics-no-movement"
    assert understood.articles[0].flow == "check_order"
    assert len(understood.articles) == 5


def test_the_parts_of_a_message_come_with_their_vectors(server):
    understood = server.understand("包裹到哪了，另外发票也给我开一张")
    assert [part.text for part in understood.parts] == ["包裹到哪了", "发票也给我开一张"]
    alone = server.understand(understood.parts[1].text)
    assert alone.vector == understood.parts[1].vector != understood.vector
    assert alone.parts == ()


def test_a_question_about_the_weather_is_not_answered(server):
    understood = server.understand("明天北京会下雨吗")
    assert understood.outcome != "answer"
    assert understood.articles[0].confidence < 0.5


def test_confidences_fall_and_are_probabilities(server):
    confidences = [match.confidence for match in server.understand("会员等级").articles]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize(
    ("text", "language", "begins"),
    [("优惠券为什么用不了", None, "优惠券"), ("優惠券為什麼不能用", None, "優惠券"), ("优惠券用不了", "en", "Why")],
)
def test_articles_come_in_the_language_asked_for(server, text, language, begins):
    assert server.understand(text, language).articles[0].question.startswith(begins)


def test_both_scripts_have_the_same_vector(server):
    assert server.understand("优惠券为什么用不了").vector == server.understand("優惠券為什麼用不了").vector


def test_the_vector_is_the_one_that_training_gets(server):
    understood = server.understand(PARCEL)
    (embedded,) = server.embed([PARCEL])
    assert len(understood.values()) == understood.encoder.dimension == 896
    assert math.isclose(math.fsum(value * value for value in embedded), 1, abs_tol=1e-4)
    assert max(abs(one - other) for one, other in zip(embedded, understood.values(), strict=True)) < 1e-5


def test_many_texts_are_embedded_in_their_order(server):
    texts = [f"第{number}个问题" for number in range(300)]
    vectors = server.embed(texts)
    assert len(vectors) == 300
    (again,) = server.embed(texts[217:218])
    assert max(abs(one - other) for one, other in zip(again, vectors[217], strict=True)) < 1e-5


def test_the_encoder_says_what_it_is(server):
    identity = server.encoder()
    assert (identity.name, identity.dimension) == ("use+e5", 896)


def test_one_article_is_read_by_its_id(server):
    assert server.article("card-lost-freeze", "en").question.startswith("I've lost")
    assert server.article("no-such-article") is None
    assert server.article("../../readyz") is None


async def test_concurrent_questions_each_get_their_own_answer(server_url):
    texts = ["怎么开发票", "怎么取消订单", "忘记登录密码怎么办", "退款多久能到账"] * 5
    async with KnowledgeClient(server_url) as client:
        understood = await asyncio.gather(*(client.understand(text, timeout=5) for text in texts))
    found = [one.articles[0].id for one in understood]
    assert found == ["invoices-get", "orders-cancel", "account-password", "refunds-time"] * 5


def test_an_edit_answers_the_next_question(http, server):
    edit = {**article_json("gift-mars", "火星能送货吗", "送不送火星"), "by": "林"}
    del edit["id"]
    assert http.put("/v1/articles/gift-mars", json=edit, headers={"If-Match": "0"}).json()["version"] == 1
    assert server.understand("送不送火星").articles[0].id == "gift-mars"
    stale = http.put("/v1/articles/gift-mars", json=edit, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    assert {key: stale.json()[key] for key in ("code", "version", "by")} == {
        "code": "article_changed",
        "version": 1,
        "by": "林",
    }
    assert "gift-mars" in [article["id"] for article in http.get("/v1/articles").json()["articles"]]


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "code"),
    [
        ("POST", "/understand", {"json": {}}, 422, "bad_request"),
        ("POST", "/understand", {"json": {"text": ""}}, 422, "bad_request"),
        ("POST", "/understand", {"json": {"text": "x" * 4001}}, 422, "bad_request"),
        ("POST", "/understand", {"json": {"text": 7}}, 422, "bad_request"),
        ("POST", "/understand", {"json": {"text": "x", "language": "fr"}}, 422, "bad_request"),
        ("POST", "/understand", {"json": {"text": "x", "audience": "root"}}, 422, "bad_request"),
        ("POST", "/understand", {"content": b"\xff\xfe{"}, 422, "bad_request"),
        ("POST", "/understand", {"content": b'{"text": "\\ud800"}', "headers": JSON}, 422, "bad_request"),
        ("GET", "/understand", {}, 405, "method_not_allowed"),
        ("POST", "/v1/embeddings", {"json": {"input": []}}, 422, "bad_request"),
        ("POST", "/v1/embeddings", {"json": {"input": ["x"] * 257}}, 422, "bad_request"),
        ("POST", "/v1/embeddings", {"content": b"x" * 9_000_000}, 413, "too_large"),
        ("GET", "/v1/articles/nothing", {}, 404, "article_not_found"),
        ("GET", "/v1/articles/nothing?language=xx", {}, 422, "bad_request"),
        ("PUT", "/v1/articles/a", {"json": article_json("a", "问")}, 428, "version_missing"),
        (
            "PUT",
            "/v1/articles/A B",
            {"json": article_json("a", "问"), "headers": {"If-Match": "0"}},
            422,
            "bad_article",
        ),
        ("GET", "/nowhere", {}, 404, "not_found"),
    ],
)
def test_bad_input_is_answered_with_a_problem(http, method, path, request_, status, code):
    response = http.request(method, path, **request_)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["\x00", "👍", "a" * 4000, "？" * 4000, "\u202e" * 50, "/restart"])
def test_odd_texts_are_understood_without_an_error(http, text):
    body = '{"text": "' + "".join(f"\\u{ord(one):04x}" if ord(one) < 0x10000 else one for one in text) + '"}'
    response = http.post("/understand", content=body.encode(), headers={"content-type": "application/json"})
    assert response.status_code == 200
    assert response.json()["outcome"] in ("answer", "choice", "unknown")


def test_embeddings_speak_as_openai_does(http):
    body = http.post("/v1/embeddings", json={"model": "any", "input": "你好"}).json()
    assert (body["object"], body["data"][0]["object"], body["data"][0]["index"]) == ("list", "embedding", 0)
    packed = http.post("/v1/embeddings", json={"input": ["你好"], "encoding_format": "base64"}).json()
    assert isinstance(packed["data"][0]["embedding"], str)


def test_health_metrics_and_description_are_there(http):
    assert http.get("/healthz").json() == {"status": "ok"}
    ready = http.get("/readyz").json()
    assert ready["following"] is True
    assert ready["articles"] >= 60
    http.post("/understand", json={"text": "机密文字"})
    exposition = http.get("/metrics").text
    assert 'zhiban_knowledge_outcomes_total{outcome="answer"}' in exposition
    assert "机密文字" not in exposition
    assert "/understand" in http.get("/openapi.json").json()["paths"]


def test_the_encoder_alone_needs_no_redis_and_serves_nothing_else():
    with knowledge_server({"REDIS_URL": ""}, "--encoder-only") as url, SyncKnowledgeClient(url) as client:
        assert client.encoder().dimension == 896
        assert len(client.embed(["你好", "hello"])) == 2
        assert httpx2.post(f"{url}/understand", json={"text": "x"}, trust_env=False).status_code == 404


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:1", "KNOWLEDGE_PORT": "http"}, "KNOWLEDGE_PORT"),
        ({"REDIS_URL": "redis://127.0.0.1:1", "NAMESPACE": "{a}"}, "NAMESPACE"),
        ({"REDIS_URL": "redis://127.0.0.1:1", "LOG_FORMAT": "xml"}, "LOG_FORMAT"),
    ],
)
def test_a_wrong_setting_is_named_and_ends_the_start(environment, says):
    ended = subprocess.run(
        [sys.executable, "-m", "knowledge_base"], env={**os.environ, **environment}, capture_output=True, timeout=60
    )
    assert ended.returncode == 2
    assert says in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()


def test_nothing_a_customer_writes_is_logged(capfd):
    planted = "我的手机号13812345678，身份证11010519491231002X"
    with knowledge_server({"LOG_FORMAT": "json"}, "--encoder-only") as url:
        for body in ({"input": planted}, {"input": planted * 200}, {planted: planted}):
            httpx2.post(f"{url}/v1/embeddings", json=body, trust_env=False)
        httpx2.get(f"{url}/v1/articles/13812345678?text={planted}", trust_env=False)
    written = "".join(capfd.readouterr())
    assert "encoder_loaded" in written
    assert not [part for part in ("13812345678", "11010519491231002X", "手机号") if part in written]


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("我的快递三天没动了，能退款吗", "logistics-no-movement"),
        ("退货运费谁出", "returns-shipping-cost"),
        ("退款多久到账", "refunds-time"),
        ("怎么申请电子发票", "invoices-get"),
        ("請問忘記密碼怎麼辦", "account-password"),
        ("积分会过期吗", "points-use-expiry"),
    ],
)
def test_a_plain_question_is_answered_straight_away(server_url, text, article):
    understood = httpx2.post(f"{server_url}/understand", json={"text": text}, timeout=5, trust_env=False).json()
    assert (understood["outcome"], understood["articles"][0]["id"]) == ("answer", article)


def test_a_continuation_keeps_its_topic_and_the_vector_is_its_own(server_url):
    def understood(text, **more):
        return httpx2.post(f"{server_url}/understand", json={"text": text, **more}, timeout=5, trust_env=False).json()

    alone = understood("那运费谁出?")
    goods = understood("那运费谁出?", context={"articles": ["returns-how-to"], "text": "怎么退货"})
    abroad = understood("那国外呢", context={"articles": ["card-cash"], "text": "青禾卡可以取现吗"})
    other = understood("那今天天气呢", context={"articles": ["returns-how-to"], "text": "怎么退货"})
    assert (goods["outcome"], goods["articles"][0]["id"]) == ("answer", "returns-shipping-cost")
    assert (abroad["outcome"], abroad["articles"][0]["id"]) == ("answer", "card-abroad")
    assert other["outcome"] == "unknown"
    assert goods["vector"] == alone["vector"]


def test_why_is_told_when_asked_and_only_then(server_url):
    def best(**more):
        body = {"text": "退款多久到账", **more}
        return httpx2.post(f"{server_url}/understand", json=body, timeout=5, trust_env=False).json()["articles"][0]

    why = best(explain=True)["why"]
    assert why["phrasing"].keys() == {"text", "similarity"}
    assert 0.8 < why["phrasing"]["similarity"] <= 1.001
    assert 0.5 < why["centroid"] <= 1
    assert 0 < why["lexical"] <= 1
    assert 0.5 < why["classifier"] <= 1
    assert "why" not in best()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": "\xe9\x80\x80\xe6\xac\xbe"}', 200),
        (b"", 422),
        (b"{", 422),
        (b'{"text": ""}', 422),
        (b'{"text": 5}', 422),
        (b'{"text": "a", "language": "fr"}', 422),
        (b'{"text": "' + b"a" * 4001 + b'"}', 422),
        (b'{"text": "\xff"}', 400),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "' + b"a" * 100_000 + b'"}', 422),
    ],
)
def test_a_question_is_answered_or_refused_however_it_is_written(server_url, body, status):
    answer = httpx2.post(f"{server_url}/understand", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith(
        "application/json" if status == 200 else "application/problem+json"
    )
