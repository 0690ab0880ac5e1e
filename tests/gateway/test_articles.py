"""What editors may do with articles through the doors, over the real knowledge server with its real encoder."""

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from desk import Desk
from gateway.doors.app import Application, create_app
from tests.gateway.cast import PASSWORD
from tests.gateway.conftest import MakeDoors, running, visitor
from tests.gateway.test_hostile import BODIES, assert_is_problem
from tests.knowledge_base.conftest import knowledge_server

HEADER = "id,language,question,phrasings,answer,category\n"


@pytest.fixture(scope="module")
def knowledge_url(redis_url: str) -> Iterator[str]:
    with knowledge_server({"REDIS_URL": redis_url, "NAMESPACE": f"k{os.urandom(6).hex()}"}) as url:
        yield url


@pytest.fixture
async def app(make_doors: MakeDoors, knowledge_url: str) -> AsyncIterator[Application]:
    async with running(create_app(make_doors(knowledge_url=knowledge_url))) as app:
        yield app


@contextlib.asynccontextmanager
async def signed_in(app: Application, desk: Desk, name: str, *roles: Any) -> AsyncIterator[httpx2.AsyncClient]:
    await desk.agents.sign_up(name, PASSWORD, roles=("agent", *roles))
    async with visitor(app) as client:
        client.headers["X-Requested-With"] = "zhiban"
        await client.post("/v1/desk/sign-in", json={"name": name, "password": PASSWORD})
        yield client


@pytest.fixture
async def chen(app: Application, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """The editor Chen."""
    async with signed_in(app, desk, "chen", "editor") as client:
        yield client


@pytest.fixture
async def wang(app: Application, desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    """The editor Wang."""
    async with signed_in(app, desk, "wang", "editor") as client:
        yield client


def article(question: str, answer: str = "这是回答。", *phrasings: str, **more: Any) -> dict[str, Any]:
    text = {"question": question, "phrasings": list(phrasings), "answer": answer}
    return {"category": "tests", "texts": {"zh-Hans": text}, **more}


def new_id() -> str:
    return f"t-{secrets.token_hex(6)}"


async def save(client: httpx2.AsyncClient, known: str, version: int, body: dict[str, Any]) -> httpx2.Response:
    return await client.put(f"/v1/articles/{known}", json=body, headers={"If-Match": f'"{version}"'})


async def test_only_editors_and_administrators_come_in(
    app: Application, desk: Desk, chen: httpx2.AsyncClient, lin: httpx2.AsyncClient
) -> None:
    async with visitor(app) as nobody, signed_in(app, desk, "boss", "admin") as boss:
        answers = [(await who.get("/v1/articles?q=refund")).status_code for who in (nobody, lin, chen, boss)]
        refused = await save(lin, new_id(), 0, article("不许"))
    assert answers == [401, 403, 200, 200]
    assert refused.json()["code"] == "not_editor"


async def test_a_form_of_another_site_changes_nothing(chen: httpx2.AsyncClient) -> None:
    del chen.headers["X-Requested-With"]
    saved = await save(chen, new_id(), 0, article("跨站"))
    imported = await chen.post("/v1/articles/import", files={"file": ("a.csv", b"x")})
    assert {saved.json()["code"], imported.json()["code"]} == {"header_missing"}


async def test_a_new_article_is_read_back_with_its_author_and_in_traditional(chen: httpx2.AsyncClient) -> None:
    known = new_id()
    made = await save(chen, known, 0, article("优惠码在哪里填", "在结算页填写。", valid_until="2099-01-31"))
    read = (await chen.get(f"/v1/articles/{known}")).json()
    assert made.json() == {"id": known, "version": 1}
    assert (read["version"], read["updated_by"]) == (1, "chen")
    assert read["article"]["valid_until"] == "2099-01-31"
    assert read["derived"] == {"question": "優惠碼在哪裡填", "answer": "在結算頁填寫。"}


async def test_an_edit_is_what_the_next_customer_is_answered(chen: httpx2.AsyncClient) -> None:
    known, question = new_id(), "茶壶盖子打碎了可以单买一个吗"
    await save(chen, known, 0, article(question, "可以。"))
    await save(chen, known, 1, article(question, "可以，12 元一个。"))
    found = (await chen.get("/v1/articles/search", params={"q": question})).json()
    assert found["outcome"] in {"answer", "choice"}
    assert (found["articles"][0]["id"], found["articles"][0]["version"]) == (known, 2)
    assert found["articles"][0]["answer"] == "可以，12 元一个。"


async def test_why_an_article_was_found_is_told(chen: httpx2.AsyncClient) -> None:
    found = (await chen.get("/v1/articles/search", params={"q": "快递三天没动静了我能不能申请退款"})).json()
    best, *others = found["articles"]
    assert best["id"] == "logistics-no-movement"
    assert "退款" in best["why"]["phrasing"]["text"]
    assert 0.9 < best["why"]["phrasing"]["similarity"] <= 1.001
    assert all(other["why"]["phrasing"]["similarity"] < best["why"]["phrasing"]["similarity"] for other in others)
    assert 0 < best["why"]["centroid"] < 1
    plain = (await chen.get("/v1/articles/search", params={"q": "发票", "why": "false"})).json()
    assert [one["why"] for one in plain["articles"] if one.get("why")] == []


async def test_a_stale_edit_is_told_who_changed_what(chen: httpx2.AsyncClient, wang: httpx2.AsyncClient) -> None:
    known = new_id()
    await save(chen, known, 0, article("谁先改的"))
    await save(wang, known, 1, article("谁先改的", "王改了。"))
    late = await save(chen, known, 1, article("谁先改的", "陈也改了。"))
    told = late.json()
    assert (late.status_code, told["code"]) == (412, "article_changed")
    assert (told["by"], told["version"]) == ("wang", 2)
    assert told["current"]["article"]["texts"]["zh-Hans"]["answer"] == "王改了。"
    assert_is_problem(late)
    kept = await chen.get(f"/v1/articles/{known}")
    assert kept.json()["article"]["texts"]["zh-Hans"]["answer"] == "王改了。"


async def test_of_edits_at_once_exactly_one_stands(chen: httpx2.AsyncClient, wang: httpx2.AsyncClient) -> None:
    known = new_id()
    await save(chen, known, 0, article("同时修改"))
    answers = await asyncio.gather(*(save(who, known, 1, article("同时修改", "新的")) for who in (chen, wang) * 4))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_history_is_newest_first_and_names_everyone(chen: httpx2.AsyncClient, wang: httpx2.AsyncClient) -> None:
    known = new_id()
    await save(chen, known, 0, article("历史", "一"))
    await save(wang, known, 1, article("历史", "二"))
    versions = (await chen.get(f"/v1/articles/{known}/history")).json()["versions"]
    assert [(one["version"], one["by"]) for one in versions] == [(2, "wang"), (1, "chen")]
    assert [one["article"]["texts"]["zh-Hans"]["answer"] for one in versions] == ["二", "一"]


async def test_the_list_is_narrowed_by_words_and_category(chen: httpx2.AsyncClient) -> None:
    known = new_id()
    await save(chen, known, 0, article("独一无二的问题", "答", "问法一", "问法二"))
    by_words = (await chen.get("/v1/articles", params={"q": "独一无二"})).json()["articles"]
    by_category = (await chen.get("/v1/articles", params={"category": "logistics"})).json()["articles"]
    assert [(one["id"], one["phrasings"], one["question"]) for one in by_words] == [
        (known, 2, {"zh-Hans": "独一无二的问题"})
    ]
    assert {one["category"] for one in by_category} == {"logistics"}


@pytest.mark.parametrize(
    ("known", "version", "change", "status", "code"),
    [
        ("t-x", None, {}, 428, "version_missing"),
        ("t-x", "*", {}, 428, "version_missing"),
        ("t-x", "0", {"category": ""}, 422, "bad_article"),
        ("t-x", "0", {"texts": {}}, 422, "bad_article"),
        ("t-x", "0", {"texts": {"fr": {"question": "q", "answer": "a"}}}, 422, "invalid"),
        ("t-x", "0", {"valid_from": "tomorrow"}, 422, "bad_article"),
        ("t-x", "0", {"flow": "DROP TABLE"}, 422, "bad_article"),
        ("search", "0", {}, 422, "bad_article"),
        ("T_X", "0", {}, 422, "invalid"),
    ],
)
async def test_what_is_wrong_with_an_article_is_said(
    chen: httpx2.AsyncClient, known: str, version: str | None, change: dict[str, Any], status: int, code: str
) -> None:
    headers = {"If-Match": version} if version else {}
    answer = await chen.put(f"/v1/articles/{known}", json={**article("问"), **change}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert_is_problem(answer)


async def test_an_unknown_article_is_not_found(chen: httpx2.AsyncClient) -> None:
    for path in ("t-none", "t-none/history"):
        answer = await chen.get(f"/v1/articles/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "article_not_found")


async def test_a_dry_run_writes_nothing_and_the_import_then_does(chen: httpx2.AsyncClient) -> None:
    known = new_id()
    file = {"file": ("价目表.csv", (HEADER + f"{known},zh-Hans,导入的问题,,导入的回答,tests\n").encode("gb18030"))}
    tried = (await chen.post("/v1/articles/import?dry_run=true", files=file)).json()
    assert (tried["applied"], tried["created"], tried["encoding"]) == (False, 1, "gb18030")
    assert (await chen.get(f"/v1/articles/{known}")).status_code == 404
    done = (await chen.post("/v1/articles/import", files=file)).json()
    assert (done["applied"], done["created"]) == (True, 1)
    async with asyncio.timeout(10):  # live in every process within a second or so
        while (answer := await chen.get(f"/v1/articles/{known}")).status_code == 404:
            await asyncio.sleep(0.05)
    assert answer.json()["updated_by"] == "chen"


async def test_broken_rows_are_named_and_keep_everything_out(chen: httpx2.AsyncClient) -> None:
    good, bad = new_id(), new_id()
    rows = f"{good},zh-Hans,好的,,好的回答,tests\n{bad},zh-Hans,没有回答,,,tests\n"
    file = {"file": ("a.csv", (HEADER + rows).encode())}
    tried = await chen.post("/v1/articles/import?dry_run=true", files=file)
    refused = await chen.post("/v1/articles/import", files=file)
    assert tried.json()["broken"] == [{"row": 3, "column": "answer", "reason": "is missing"}]
    assert (refused.status_code, refused.json()["code"]) == (422, "import_refused")
    assert refused.json()["report"]["totals"]["broken"] == 1
    assert (await chen.get(f"/v1/articles/{good}")).status_code == 404


async def test_an_import_tells_how_far_it_is(chen: httpx2.AsyncClient) -> None:
    rows = "".join(f"{new_id()},zh-Hans,第 {number} 个问题,,答,tests\n" for number in range(50))
    file = {"file": ("a.csv", (HEADER + rows).encode())}
    steps = {"Accept": "application/x-ndjson"}
    answer = await chen.post("/v1/articles/import?dry_run=true", files=file, headers=steps)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert all("progress" in line for line in lines[:-1])
    assert lines[-1]["report"]["created"] == 50
    wrong = await chen.post("/v1/articles/import", files={"file": ("a.csv", b"\x00\x01\x02" * 50)}, headers=steps)
    problem = json.loads(wrong.text.splitlines()[-1])["problem"]
    assert problem["code"] == "unreadable_file"
    assert problem["type"].startswith("urn:zhiban:problem:")


@pytest.mark.parametrize(("file_format", "begins"), [("csv", "\ufeffid,".encode()), ("xlsx", b"PK"), ("jsonl", b'{"')])
async def test_what_is_exported_comes_back_unchanged(chen: httpx2.AsyncClient, file_format: str, begins: bytes) -> None:
    sent = await chen.get("/v1/articles/export", params={"format": file_format})
    assert sent.content.startswith(begins)
    assert sent.headers["content-disposition"] == f'attachment; filename="articles.{file_format}"'
    file = {"file": (f"articles.{file_format}", sent.content)}
    tried = (await chen.post("/v1/articles/import?dry_run=true", files=file)).json()
    assert (tried["created"], tried["changed"], tried["totals"]["broken"]) == (0, 0, 0)
    assert tried["unchanged"] > 100


async def test_no_body_breaks_the_editors_door(chen: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json", "If-Match": "0"}
    for body in [
        *BODIES,
        json.dumps({"category": "\ud800", "texts": {}}).encode(),
        b'{"category": "x", "texts": null}',
    ]:
        answer = await chen.put(f"/v1/articles/{new_id()}", content=body, headers=headers)
        assert 400 <= answer.status_code < 500, (body[:80], answer.text)
        assert_is_problem(answer)
        assert "好好" not in answer.text


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "multipart/form-data"),
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../\x00"\r\n\r\n\x00\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"{}", "application/json"),
        (b"\xff", "application/x-www-form-urlencoded"),
    ],
)
async def test_no_form_breaks_the_import(chen: httpx2.AsyncClient, content: bytes, media_type: str) -> None:
    answer = await chen.post("/v1/articles/import", content=content, headers={"Content-Type": media_type})
    assert 400 <= answer.status_code < 500, answer.text
    assert_is_problem(answer)


@pytest.mark.parametrize(
    "path",
    [
        "?q=%ED%A0%80%00",
        "?q=" + "q" * 600,
        "/search",
        "/search?q=%00",
        "/search?q=%ED%A0%80&language=zz",
        "/search?q=x&audience=boss",
        "/export?format=exe",
        "/..%2f..%2fmetrics",
        "/%2e%2e",
        "/a%00",
        "/" + "a" * 3000,
    ],
)
async def test_no_query_breaks_the_editors_door(chen: httpx2.AsyncClient, path: str) -> None:
    answer = await chen.get(f"/v1/articles{path}")
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert_is_problem(answer)


async def test_bodies_are_bounded(chen: httpx2.AsyncClient) -> None:
    large = article("大", "好" * 400_000)
    refused = await save(chen, new_id(), 0, large)
    file = {"file": ("a.csv", b"x" * (20 * 1024 * 1024 + 1))}
    too_large = await chen.post("/v1/articles/import?dry_run=true", files=file)
    assert [(one.status_code, one.json()["code"]) for one in (refused, too_large)] == [(413, "body_too_large")] * 2


async def test_without_the_knowledge_server_editors_are_asked_for_patience(make_doors: MakeDoors, desk: Desk) -> None:
    async with (
        running(create_app(make_doors(knowledge_url="http://127.0.0.1:9"))) as app,
        signed_in(app, desk, "chen", "editor") as chen,
    ):
        answers = [
            await chen.get("/v1/articles"),
            await save(chen, "t-x", 0, article("问")),
            await chen.get("/v1/articles/export"),
            await chen.post("/v1/articles/import", files={"file": ("a.csv", b"id")}),
        ]
    assert {(one.status_code, one.json()["code"]) for one in answers} == {(503, "knowledge_unavailable")}
    assert all(int(one.headers["Retry-After"]) >= 1 for one in answers)


async def test_confirmed_questions_are_for_editors_alone_and_can_be_sent_away(
    app: Application, desk: Desk, chen: httpx2.AsyncClient, knowledge_url: str
) -> None:
    known = new_id()
    question = {"conversation": known, "seq": 3, "asked": "茶杯能微波吗", "article": known, "by": "agent"}
    async with httpx2.AsyncClient(base_url=knowledge_url, trust_env=False) as knowledge:
        await knowledge.post("/v1/confirmed", json={"confirmed": [question]})
    place = f"/v1/articles/{known}/confirmed"
    (one,) = (await chen.get(place)).json()["confirmed"]
    assert one == {"id": f"{known}.3", "asked": "茶杯能微波吗", "by": "agent", "instead_of": []}
    async with signed_in(app, desk, "lin") as lin:
        assert (await lin.get(place)).status_code == 403
        assert (await lin.delete(f"{place}/{one['id']}")).status_code == 403
    assert (await chen.delete(f"{place}/{one['id']}")).status_code == 204
    assert (await chen.get(place)).json() == {"confirmed": []}
    assert (await chen.get("/v1/articles/No%20Id/confirmed")).status_code == 422
