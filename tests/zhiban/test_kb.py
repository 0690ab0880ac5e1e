"""The knowledge base at the terminal: import, export, and figures of a set of one's own."""

import json
from pathlib import Path

import pytest

from knowledge_base.evaluation import Asked, Query
from knowledge_base.understanding import ArticleMatch, EncoderIdentity, Understanding
from zhiban.kb_evaluation import confusions

LAMPS = (
    "编号,语言,问题,回答\nlamp,zh-Hans,台灯的灯泡怎么换,拧下来换一个。\nbulb,zh-Hans,台灯灯泡怎么更换,拧下来换一个。\n"
)
KEYS = (
    "recall_at_1 recall_at_3 recall_at_5 mrr answered choice refused answered_precision oos_passed auroc "
    "latency_ms_p50 latency_ms_p95"
).split()
ARTICLES = [
    {"id": 1, "question": "退款多久到账"},
    {"id": "card/LOST", "question": "銀行卡丟了怎麼辦", "answer": "請掛失。"},
    {"id": "invoice", "question": "How do I get an invoice?", "phrasings": ["怎么开发票", "send me the invoice"]},
]
QUERIES = [
    {"query": "退款几天到账", "relevant": ["1"]},
    {"query": "卡丢了", "relevant": ["card/LOST"]},
    {"query": "I need an invoice", "relevant": ["invoice", "nothing"]},
    {"query": "今天天气怎么样", "relevant": []},
]


def lines_file(path: Path, rows: list[dict[str, object]]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_a_dry_run_an_import_and_the_way_out_again(command, tmp_path):
    source, target = tmp_path / "lamps.csv", tmp_path / "all.jsonl"
    source.write_bytes(LAMPS.encode("gb18030"))
    dry = command("kb", "import", str(source), "--dry-run")
    assert dry.code == 0
    assert "csv in gb18030, 2 rows, 2 articles" in dry.lines
    assert dry.lines[-1] == "nothing imported; it would be 2 created, 0 changed, 0 unchanged"
    assert any("like 「台灯" in line for line in dry.lines)
    assert command("kb", "export", str(target)).lines[-1] == f"0 articles: {target}"
    done = command("kb", "import", str(source), "--by", "王芳")
    assert (done.code, done.lines[-1]) == (0, "imported: 2 created, 0 changed, 0 unchanged")
    assert command("kb", "export", str(target)).code == 0
    assert [json.loads(line)["id"] for line in target.read_text(encoding="utf-8").splitlines()] == ["bulb", "lamp"]


def test_articles_are_encoded_ahead_for_another_encoder(command, tmp_path):
    source = tmp_path / "lamps.csv"
    source.write_text(LAMPS, encoding="utf-8")
    assert command("kb", "import", str(source)).code == 0
    done = command("kb", "reindex", "use-multilingual-v3")
    assert (done.code, done.lines[-1].startswith("2 articles are encoded. To switch: ")) == (0, True), done.lines
    refused = command("kb", "reindex", str(tmp_path / "no-model"))
    assert refused.code == 1
    assert refused.lines[-1].startswith(f"zhiban: the encoder {tmp_path}/no-model could not be loaded: ")


def test_a_broken_row_is_named_and_nothing_is_imported(command, tmp_path):
    source = tmp_path / "lamps.csv"
    source.write_text(LAMPS + "x,zh-Hans,,答\n", encoding="utf-8")
    said = command("kb", "import", str(source))
    assert said.code == 1
    assert "  row 4, question: is missing" in said.lines
    assert said.lines[-1].startswith("nothing imported: something is broken")


def test_a_file_that_cannot_be_read_is_one_line(command, tmp_path):
    source = tmp_path / "empty.csv"
    source.write_bytes(b"")
    said = command("kb", "import", str(source))
    assert (said.code, said.lines) == (1, [f"zhiban: {source}: the file is empty."])


def test_an_export_needs_a_known_ending(command, tmp_path):
    said = command("kb", "export", str(tmp_path / "all.doc"))
    assert (said.code, len(said.lines)) == (1, 1)
    assert ".csv, .xlsx or .jsonl" in said.lines[0]


def test_a_set_is_measured_and_reported_and_the_base_untouched(command, tmp_path):
    articles, queries = lines_file(tmp_path / "a.jsonl", ARTICLES), lines_file(tmp_path / "q.jsonl", QUERIES)
    report = tmp_path / "r.json"
    said = command("kb", "evaluate", "--articles", articles, "--queries", queries, "--report", str(report))
    assert said.code == 0, said.lines
    figures = dict(line.split() for line in said.lines if line.split()[0] in KEYS)
    assert list(figures) == KEYS
    assert figures["recall_at_1"] == "1"
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["recall_at_1"] == 1.0
    assert found["confusions"] == []
    assert {name: float(figures[name]) for name in KEYS} == pytest.approx(
        {name: found[name] for name in KEYS}, abs=1e-3
    )
    assert not (tmp_path / "var" / "redis").exists()


@pytest.mark.parametrize(
    ("articles", "queries", "says"),
    [
        ([], QUERIES, "a.jsonl: there is no article in it."),
        ([*ARTICLES, {"id": "1", "question": "again"}], QUERIES, "a.jsonl: line 4: the id 1 is there twice."),
        ([{"id": "x"}], QUERIES, "a.jsonl: line 1: question must be a text."),
        (ARTICLES, [{"query": "x"}], "q.jsonl: line 1: relevant must be a list of ids, empty when out of scope."),
    ],
)
def test_a_set_that_cannot_be_right_is_refused_with_its_line(command, tmp_path, articles, queries, says):
    files = lines_file(tmp_path / "a.jsonl", articles), lines_file(tmp_path / "q.jsonl", queries)
    said = command("kb", "evaluate", "--articles", files[0], "--queries", files[1])
    assert (said.code, len(said.lines)) == (1, 1)
    assert said.lines[0].endswith(says)


def asked(text: str, relevant: str, *found: tuple[str, float]) -> Asked:
    matches = tuple(ArticleMatch(article_id, 1, confidence, "", "", "") for article_id, confidence in found)
    understanding = Understanding("", EncoderIdentity("e", "1", 1), "1", "answer", matches)
    return Asked(Query(text, frozenset([relevant] if relevant else [])), understanding, 0.01)


def test_the_worst_confusions_come_first_with_their_surest_examples():
    found = confusions(
        [
            asked("right", "a", ("a", 0.9)),
            asked("once", "a", ("c", 0.99)),
            asked("twice", "a", ("b", 0.5), ("a", 0.4)),
            asked("surer", "a", ("b", 0.7)),
            asked("outside", "", ("b", 0.7)),
        ]
    )
    assert [(one["relevant"], one["found"], one["count"]) for one in found] == [("a", "b", 2), ("a", "c", 1)]
    assert [(one["query"], one["rank"]) for one in found[0]["examples"]] == [("surer", None), ("twice", 2)]
