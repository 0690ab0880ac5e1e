"""Import, export and history through the server's door."""

import json

import httpx2
import pytest

from tests.knowledge_base.test_import_files import bomb

HEADER = "编号,语言,问题,问法,回答,分类\n"
LAMP = HEADER + 'lamp,zh-Hans,台灯的灯泡怎么换,"灯泡坏了\n换灯泡",拧下来换一个。,repair\n'
EDITOR = {"X-Editor": "%E7%8E%8B%E8%8A%B3"}


@pytest.fixture
def http(server_url):
    with httpx2.Client(base_url=server_url, trust_env=False, timeout=60) as client:
        yield client


def send(http, content: str | bytes, name="articles.csv", headers=None, **params):
    data = content.encode() if isinstance(content, str) else content
    return http.post("/v1/import", files={"file": (name, data)}, params=params, headers=headers or {})


def test_dry_run_then_import_then_answer_and_history(http, server):
    dry = send(http, LAMP.encode("gb18030"), dry_run="true").json()
    assert (dry["applied"], dry["encoding"], dry["created"], dry["broken"]) == (False, "gb18030", 1, [])
    assert http.get("/v1/articles/lamp/history").status_code == 404
    done = send(http, LAMP.encode("gb18030"), headers=EDITOR)
    assert done.status_code == 200, done.text
    assert (done.json()["applied"], done.json()["changes"]) == (True, [{"id": "lamp", "what": "created", "fields": []}])
    found = http.get("/v1/articles/lamp/history").json()
    assert [(one["version"], one["by"], one["article"]["category"]) for one in found["versions"]] == [
        (1, "王芳", "repair")
    ]
    for _ in range(100):  # the index follows the store
        if server.understand("台灯换灯泡").articles[0].id == "lamp":
            break
    assert server.understand("台灯的灯泡怎么换").articles[0].id == "lamp"
    assert send(http, LAMP, dry_run="true").json()["unchanged"] == 1


@pytest.mark.parametrize("name", ["csv", "xlsx", "jsonl"])
def test_an_export_changes_nothing_when_imported(http, name):
    exported = http.get("/v1/export", params={"format": name})
    assert exported.status_code == 200
    assert f"articles.{name}" in exported.headers["content-disposition"]
    report = send(http, exported.content, f"articles.{name}", dry_run="true").json()
    assert (report["format"], report["broken"], report["created"], report["changed"]) == (name, [], 0, 0)
    assert report["unchanged"] > 50


def test_progress_comes_line_by_line_and_the_report_last(http):
    rows = "".join(f"p{place},zh,第{place}盏灯亮不亮,,亮,c\n" for place in range(600))
    answer = send(http, HEADER + rows, headers={"Accept": "application/x-ndjson"}, dry_run="true")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[-1]["report"]["created"] == 600
    assert {line["progress"]["step"] for line in lines[:-1]} == {"reading", "comparing"}
    broken = send(http, b"", headers={"Accept": "application/x-ndjson"}, dry_run="true")
    assert json.loads(broken.text.splitlines()[-1])["problem"]["code"] == "unreadable_file"


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (LAMP, {}, 428, "editor_missing"),
        (LAMP, {"X-Editor": "shipped"}, 428, "editor_missing"),
        (LAMP, {"X-Editor": "%00"}, 428, "editor_missing"),
        (HEADER + "x,zh,,,答,c\n", EDITOR, 422, "import_refused"),
        (b"", EDITOR, 422, "unreadable_file"),
        (b"PK\x03\x04", EDITOR, 422, "unreadable_file"),
        (bytes(range(256)) * 100, EDITOR, 422, "unreadable_file"),
        (bomb(), EDITOR, 422, "unreadable_file"),
        (b"a" * (21 * 1024 * 1024), EDITOR, 413, "too_large"),
    ],
    ids=["nobody", "reserved", "unprintable", "broken", "empty", "no zip", "bytes", "bomb", "large"],
)
def test_a_refusal_is_a_problem_and_never_a_500(http, content, headers, status, code):
    answer = send(http, content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_refused_import_brings_the_report(http):
    problem = send(http, HEADER + "x,zh,,,答,c\n", headers=EDITOR).json()
    assert problem["report"]["broken"] == [{"row": 2, "column": "question", "reason": "is missing"}]


def test_an_upload_without_a_file_and_an_unknown_format_are_refused(http):
    assert http.post("/v1/import", json={}).status_code == 422
    assert http.get("/v1/export", params={"format": "docx"}).status_code == 422
    assert http.get("/v1/articles/nothing-here/history").json()["code"] == "article_not_found"


def test_other_requests_stay_as_small_as_they_were(http):
    body = json.dumps({"text": "a" * (9 * 1024 * 1024)})
    assert http.post("/understand", content=body, headers={"content-type": "application/json"}).status_code == 413
