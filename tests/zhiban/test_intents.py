"""`zhiban intents evaluate`: any labelled texts, this pipeline, figures."""

import json
import subprocess
import sys

import pytest

from tests.product import ROOT
from zhiban.intents_files import MOST_TRAINING_ROWS, Row, check_training
from zhiban.problems import Problem

KEYS = "accuracy macro_f1 oos_auroc oos_recall_at_95 train_seconds latency_ms_p50".split()
WORDS = {
    "faq/退货": ("我要退货", "怎么退货", "东西想退", "退一下", "申请退货", "这个能退吗", "不要了退掉", "退货流程"),
    "track+查件": (
        "快递到哪了",
        "查快递",
        "物流信息",
        "我的包裹呢",
        "看看物流",
        "到哪里了",
        "快递还没到",
        "查一下包裹",
    ),
    "hello": ("hi there", "hello", "good morning", "hey", "good evening", "hi", "greetings", "hello hello"),
}
LABELLED = [{"text": text, "intent": intent} for intent, texts in WORDS.items() for text in texts]


def written(path, rows, encoding="utf-8"):
    path.write_bytes("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(encoding))
    return str(path)


def test_a_set_is_learned_and_measured_with_a_private_encoder(tmp_path, command):
    train, test = written(tmp_path / "t", LABELLED[::2] * 2), written(tmp_path / "s", LABELLED[1::2])
    oos, report = written(tmp_path / "o", [{"text": "今天天气怎么样"}, {"text": "量子力学"}]), tmp_path / "r.json"
    given = ["--train", train, "--test", test, "--oos", oos, "--report", str(report)]
    environ = {"ENCODER": "use-multilingual-v3", "KNOWLEDGE_URL": "", **command.environ}
    done = subprocess.run(
        [sys.executable, "-m", "zhiban", "intents", "evaluate", *given],
        cwd=ROOT, env={**environ, "PATH": "/usr/bin:/bin"}, text=True, capture_output=True, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    figures = {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}
    assert figures.keys() >= set(KEYS)
    assert figures["accuracy"] > 0.6
    assert (figures["classes"], figures["train_rows"], figures["oos_rows"]) == (3, 24, 2)
    written_figures = json.loads(report.read_text(encoding="utf-8"))
    assert written_figures["accuracy"] == pytest.approx(figures["accuracy"], abs=1e-3)
    guessed = {one["guessed"] for one in written_figures["confusions"]}
    assert guessed <= WORDS.keys()
    assert "trained in" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b'{"text": "a"}\n', 'line 1: "intent" is missing'),
        (b'{"text": "a", "intent": "x"}\n\n{"text": " ", "intent": "x"}\n', 'line 3: "text" must be a text'),
        (b'{"text": "a", "intent": 3}\n', '"intent" must be a text'),
        (b"[1]\n", "line 1: not a JSON object"),
        (b"text,intent\n", "line 1: not a JSON object"),
        ('{"text": "退", "intent": "x"}\n'.encode("gb18030"), "not UTF-8 (byte 10)"),
        (b'{"text": "a", "intent": "x"}\n{"text": "b", "intent": "x"}\n', "at least two are needed"),
    ],
)
def test_a_bad_training_file_is_one_line(command, tmp_path, content, said):
    train, test = tmp_path / "t.jsonl", written(tmp_path / "s.jsonl", LABELLED)
    train.write_bytes(content)
    answer = command("intents", "evaluate", "--train", str(train), "--test", test)
    assert answer.code == 1
    [line] = answer.lines
    assert line.startswith(f"zhiban: {train}")
    assert said in line


def test_many_bad_lines_are_counted_not_listed(command, tmp_path):
    train, test = tmp_path / "t.jsonl", written(tmp_path / "s.jsonl", LABELLED)
    train.write_text("{}\n" * 40)
    answer = command("intents", "evaluate", "--train", str(train), "--test", test)
    assert (answer.code, len(answer.lines)) == (1, 6)
    assert answer.lines[-1].endswith("35 more lines like these.")


def test_out_of_scope_texts_need_no_intent(command, tmp_path):
    good, bad = written(tmp_path / "t", LABELLED), written(tmp_path / "o", [{"words": "x"}])
    answer = command("intents", "evaluate", "--train", good, "--test", good, "--oos", bad)
    assert answer.lines == [f'zhiban: {bad}, line 1: "text" is missing.']


def test_more_than_can_be_learned_is_refused(tmp_path):
    rows = [Row("a", str(number % 2)) for number in range(MOST_TRAINING_ROWS + 1)]
    with pytest.raises(Problem, match="25001 rows"):
        check_training(tmp_path / "t", rows)
    check_training(tmp_path / "t", rows[:-1])
