"""`zhiban eval`: a report on a user's own files, and what is said of files that are wrong."""

import json
import re
from pathlib import Path

import pytest

from zhiban.eval import Files, read
from zhiban.problems import Problem

ARTICLES = [
    {
        "id": "refund",
        "question": "退款多久到账",
        "phrasings": ["钱什么时候退回来", "退款要几天", "how long do refunds take"],
    },
    {
        "id": "invoice",
        "question": "怎么开发票",
        "phrasings": ["发票在哪里申请", "我需要一张发票", "send me the invoice"],
    },
    {"id": "card", "question": "会员卡丢了怎么办", "phrasings": ["卡不见了", "怎么挂失", "I lost my card"]},
]
QUESTIONS = [
    {"query": "退款几天能到", "relevant": ["refund"], "style": "colloquial"},
    {"query": "發票怎麼開", "relevant": ["invoice"], "style": "formal"},
    {"query": "card is lost", "relevant": ["card"], "style": "colloquial"},
    {"query": "<script>alert(1)</script>", "relevant": []},
]
SAID = {
    "greet": ["你好", "早上好", "在吗", "hello", "hi there", "good morning"],
    "refund_status": [
        "我的退款到哪了",
        "退款到账了吗",
        "钱退了没有",
        "where is my refund",
        "refund status",
        "退款进度",
    ],
}
TRAIN = [{"text": text, "intent": intent} for intent, texts in SAID.items() for text in texts]
MESSAGES = [
    {"text": "您好呀", "intent": "greet"},
    {"text": "查下退款", "intent": "refund_status", "language": "zh-Hans"},
]
STRANGE = [{"text": "公积金怎么提取"}, {"text": "量子力学是什么"}]


def lines_file(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    given = {"questions": QUESTIONS, "intents": MESSAGES, "out-of-scope": STRANGE, "articles": ARTICLES, "train": TRAIN}
    return {name: lines_file(folder / f"{name}.jsonl", rows) for name, rows in given.items()}


def test_own_files_give_one_report(command, files, tmp_path):
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    said = command("eval", *options, "--out", str(tmp_path / "report"), ENCODER="use-multilingual-v3")
    assert said.code == 0, said.lines
    assert any(line.startswith("retrieval, R@1: 1 [1, 1]") for line in said.lines), said.lines
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    for wanted in (
        "## Retrieval",
        "## Intents",
        "BM25",
        "nearest, use-multilingual-v3",
        "ECE",
        "by style",
        "by language",
    ):
        assert wanted in text
    assert f"zhiban eval --questions {files['questions']}" in text
    assert all((tmp_path / "report" / one).exists() for one in re.findall(r"\((plots/[^)]+)\)", text))
    figures = json.loads((tmp_path / "report" / "figures.json").read_text(encoding="utf-8"))
    assert figures["retrieval"]["R@1"][3] == 3
    assert figures["intents"]["out of scope, AUROC"][3] == 4


def test_the_page_is_one_file_that_fetches_and_runs_nothing(command, files, tmp_path):
    said = command(
        "eval", "--questions", files["questions"], "--articles", files["articles"], "--no-baselines",
        "--out", str(tmp_path), ENCODER="use-multilingual-v3",
    )  # fmt: skip
    assert said.code == 0, said.lines
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)\s*=|url\(|@import|<script""", page)
    assert "&lt;script&gt;alert(1)" in page  # the question is shown, as text
    assert "default-src 'none'" in page
    assert "prefers-color-scheme:dark" in page
    assert "<svg" in page


WRONG = [
    ("questions", "退款", 'not a JSON object; write {"query": "...", ...} on one line'),
    ("questions", {"query": " ", "relevant": []}, '"query" must be a text that is not empty; delete the line'),
    ("questions", {"query": "退款", "relevant": "refund"}, '"relevant" must be a list of article ids; write []'),
    ("questions", {"query": "退款", "relevant": ["refunds"]}, 'there is no article "refunds"; is it "refund"?'),
    ("questions", {"query": "退款", "relevant": [], "style": 1}, '"style" must be a text; leave it out'),
    ("intents", {"text": "你好", "intent": "greeting"}, 'there is no intent "greeting"; is it "greet"?'),
    ("intents", {"text": "你好"}, '"intent" must be a text; put texts of no intent into the file for --out-of-scope'),
    ("out-of-scope", {"text": "很" * 2001}, '"text" has 2001 characters; shorten it to 2000'),
]
GOOD = {"questions": QUESTIONS[0], "intents": MESSAGES[0], "out-of-scope": STRANGE[0]}


@pytest.mark.parametrize(("name", "row", "wanted"), WRONG)
def test_a_line_that_is_wrong_is_named_with_the_remedy(files, tmp_path, name, row, wanted):
    path = tmp_path / f"{name}.jsonl"
    line = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)
    path.write_text(json.dumps(GOOD[name], ensure_ascii=False) + "\n" + line + "\n", encoding="utf-8")
    given = {one.replace("-", "_"): Path(of) for one, of in {**files, name: path}.items()}
    with pytest.raises(Problem) as refusal:
        read(Files(**given))
    assert str(refusal.value).startswith(f"{path}, line 2: {wanted}")


def test_a_wrong_line_is_one_line_at_the_terminal(command, files, tmp_path):
    path = lines_file(tmp_path / "q.jsonl", [QUESTIONS[0], {"query": "退款", "relevant": ["refunds"]}])
    said = command("eval", "--questions", path, "--articles", files["articles"], "--out", str(tmp_path / "r"))
    assert (said.code, said.lines) == (
        1, [f'zhiban: {path}, line 2: there is no article "refunds"; is it "refund"?'],
    )  # fmt: skip
    assert not (tmp_path / "r").exists()


def test_nothing_given_is_refused(command):
    said = command("eval")
    assert (said.code, said.lines) == (
        1, ["zhiban: nothing to measure: give --questions, --intents or both (formats: docs/evaluation.md)."],
    )  # fmt: skip
