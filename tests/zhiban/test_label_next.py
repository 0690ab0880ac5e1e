"""`zhiban label-next`: what to label next teaches more than what comes first."""

import csv
import json

import numpy as np
import pytest

from bot.guess import Guess
from knowledge_base.encoder import prepared
from knowledge_base.encoders.packaged import JOINED
from tests.product import ROOT
from tests.zhiban.command import Command
from zhiban.evaluating.intent_model import IntentModel, read_examples
from zhiban.evaluating.kept_encoder import KeptEncoder
from zhiban.label_next_choice import choose, doubt_of, reasons

START, LABELLED, SEEDS = 5, 100, 2


def guess(*likely, familiarity=0.9):
    return Guess([{"name": f"i{place}", "confidence": one} for place, one in enumerate(likely)], familiarity)


SURE, TORN = guess(0.98, 0.01, 0.01), guess(0.45, 0.44, 0.11)


def turned(*degrees):
    return np.array([[np.cos(np.radians(one)), np.sin(np.radians(one))] for one in degrees], np.float32)


def test_a_tie_is_all_doubt_and_certainty_none():
    assert doubt_of(guess(0.5, 0.5)) == pytest.approx(1)
    assert doubt_of(guess(1.0, 0.0)) == pytest.approx(0)
    assert doubt_of(SURE) < 0.1 < 0.9 < doubt_of(TORN)


def test_what_the_bot_doubts_comes_first():
    found = choose([SURE, TORN, SURE], turned(0, 120, 240), [1, 1, 1], 2)
    assert found[0].place == 1


def test_of_two_alike_only_one_comes_early():
    found = choose([TORN, guess(0.46, 0.42, 0.12), guess(0.6, 0.3, 0.1)], turned(0, 3, 180), [1, 1, 1], 3)
    assert [one.place for one in found] == [0, 2, 1]


def test_what_many_write_comes_before_what_one_writes():
    assert [one.place for one in choose([TORN, TORN], turned(0, 180), [1, 20], 2)] == [1, 0]


def test_the_list_is_never_longer_than_the_messages():
    assert len(choose([TORN], turned(0), [1], 50)) == 1


def test_the_reasons_say_what_is_special():
    (torn,) = choose([TORN], turned(0), [3], 1)
    assert reasons(torn, TORN, 3) == ["close_call", "written_often", "unlike_the_others"]
    strange = guess(0.7, 0.2, 0.1, familiarity=0.1)
    first, second = choose([strange, strange], turned(0, 1), [1, 1], 2)
    assert reasons(first, strange, 1) == ["like_nothing_known", "unlike_the_others"]
    near = type(second)(second.place, 0.4, 0.9)
    assert reasons(near, guess(0.7, 0.2), 1) == ["doubtful"]


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """The command run on messages of which one is known and one is written often."""
    folder = tmp_path_factory.mktemp("next")
    command = Command({"DATA_DIR": str(ROOT / "var")})  # whose vectors need not be made again
    known = read_examples()[0][0]
    texts = [
        known,
        "我想把那个东西弄一下",
        "我想把那个东西弄一下",
        "电话13812345678打不通怎么办",
        "=1+1",
        "weird 要求 thing",
    ]
    source = folder / "messages.jsonl"
    source.write_text("".join(json.dumps({"text": one}, ensure_ascii=False) + "\n" for one in texts), encoding="utf-8")
    for name in ("out.jsonl", "out.csv"):
        said = command("label-next", "--messages", str(source), "--out", str(folder / name), "--count", "9")
        assert said.code == 0, said.lines
        assert said.lines[-1] == f"4 messages to label: {folder / name}"
    return folder


def test_the_list_has_both_guesses_and_the_reason(listed):
    rows = [json.loads(line) for line in (listed / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 4
    often = next(row for row in rows if row["times"] == 2)
    assert "written 2 times" in often["why"]
    assert often["intent"] == ""
    assert often["first_probability"] >= often["second_probability"]
    assert often["first_guess"] != often["second_guess"]


def test_phone_numbers_do_not_reach_whoever_labels(listed):
    assert "13812345678" not in (listed / "out.jsonl").read_text(encoding="utf-8")


def test_a_spreadsheet_runs_no_formula(listed):
    with (listed / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert "'=1+1" in [row["text"] for row in csv.DictReader(file)]


def test_a_list_needs_a_known_ending(command, tmp_path):
    source = tmp_path / "messages.jsonl"
    source.write_text('{"text": "你好"}\n', encoding="utf-8")
    said = command("label-next", "--messages", str(source), "--out", str(tmp_path / "list.doc"))
    assert (said.code, said.lines) == (1, [f"zhiban: {tmp_path}/list.doc: the name must end in .jsonl or .csv."])


def test_a_message_that_is_none_is_named(command, tmp_path):
    source = tmp_path / "messages.jsonl"
    source.write_text('{"text": "你好"}\n{"message": "在吗"}\n', encoding="utf-8")
    said = command("label-next", "--messages", str(source))
    assert said.code == 1
    assert said.lines[0].startswith(f'zhiban: {source}, line 2: "text" must be a text that is not empty;')


@pytest.mark.slow
def test_a_hundred_labels_teach_more_than_a_hundred_at_random():
    """On the bot's own examples: five of each intent are known, a fifth is asked, 100 of the others are labelled."""
    gains = np.array([_gain(seed) for seed in range(SEEDS)])
    print(f"accuracy, chosen and at random: {gains.round(3).tolist()}")
    assert (gains[:, 0] - gains[:, 1]).min() > 0.01


def _gain(seed):
    chance, examples = np.random.default_rng(seed), read_examples()
    encoder = KeptEncoder(ROOT / "var" / "eval", JOINED)
    order = chance.permutation(len(examples))
    asked, rest = order[: len(examples) // 5], order[len(examples) // 5 :]
    intents = np.array([intent for _, intent in examples])
    start = np.concatenate([rest[intents[rest] == name][:START] for name in np.unique(intents)])
    pool = np.setdiff1d(rest, start)
    guesses = IntentModel(encoder, [examples[place] for place in start]).guess([examples[place][0] for place in pool])
    vectors = encoder.encode([prepared(examples[place][0]) for place in pool])
    encoder.keep()
    ours = pool[[one.place for one in choose(guesses, vectors, [1] * len(pool), LABELLED)]]
    at_random = chance.permutation(pool)[:LABELLED]
    return [_accuracy(encoder, examples, np.concatenate([start, more]), asked) for more in (ours, at_random)]


def _accuracy(encoder, examples, known, asked):
    model = IntentModel(encoder, [examples[place] for place in known])
    guesses = model.guess([examples[place][0] for place in asked])
    return np.mean([one.ranking[0]["name"] == examples[place][1] for one, place in zip(guesses, asked, strict=True)])
