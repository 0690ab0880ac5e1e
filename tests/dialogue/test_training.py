"""The sources of the model: valid, complete in both languages, and fit for a model without TensorFlow."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import rasa_fixes
from bot.flows import flows
from bot.payloads import declared
from tests.dialogue.processes import ROOT

# Rasa warns of what it cannot see: words that only actions say, intents that only the arbiter gives.
_EXPECTED = re.compile(
    r"The utterance '(\w+)' is not used|The intent '(\w+)' is listed in the domain file, but is not found"
    r"|does not include an entity extractor trained|Slot auto-fill has been removed|DeprecationWarning"
    r"|PyparsingDeprecation"
)


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    rasa_fixes.before_rasa()
    from rasa.shared.core.domain import Domain

    return dict(Domain.load(str(ROOT / "bot/domain")).as_dict())


def test_rasa_finds_nothing_wrong() -> None:
    command = [sys.executable, "-m", "bot.launch", "data", "validate", "--fail-on-warnings"]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, timeout=120, check=False)
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 0, said[-2000:]
    unexpected = [line for line in said.splitlines() if "Warning:" in line and not _EXPECTED.search(line)]
    assert unexpected == []


def test_every_sentence_has_chinese_and_english_words(domain: dict[str, Any]) -> None:
    for name, variants in domain["responses"].items():
        spoken = [variant for variant in variants if variant.get("text")]
        if not spoken:
            continue
        languages = [variant.get("condition", [{}])[0].get("value", "zh") for variant in spoken]
        assert languages == ["zh", "en"], name
        assert re.search("[\u4e00-\u9fff]", spoken[0]["text"]), name
        assert not re.search("[\u4e00-\u9fff]", spoken[1]["text"]), name
        assert [b["payload"] for b in spoken[0].get("buttons", [])] == [
            b["payload"] for b in spoken[1].get("buttons", [])
        ]


def test_chinese_words_address_the_customer_politely(domain: dict[str, Any]) -> None:
    for name, variants in domain["responses"].items():
        assert "你" not in variants[0].get("text", ""), name


def test_every_button_says_something_that_is_obeyed(domain: dict[str, Any]) -> None:
    for variants in domain["responses"].values():
        for button in (button for variant in variants for button in variant.get("buttons", [])):
            name = button["payload"].lstrip("/").replace("{next_flow}", "urge").split("{")[0]
            assert name in declared()


def test_actions_say_only_words_that_exist_and_all_words_are_said(domain: dict[str, Any]) -> None:
    said = set(re.findall(r"utter_\w+", "".join(path.read_text() for path in (ROOT / "actions").glob("*.py"))))
    said -= {"utter_message", "utter_ask_"}
    chosen = {slot.name for flow in flows().by_name.values() for slot in flow.slots}
    said |= {f"utter_ask_{slot}" for slot in chosen} & set(domain["responses"])
    responses = set(domain["responses"])
    assert said <= responses
    rules = "".join(path.read_text() for path in (ROOT / "bot/rules").glob("*.yml"))
    implied = {name for name in responses if name.startswith("utter_ask_")} | {"utter_restart", "utter_default"}
    assert responses == said | implied | (set(re.findall(r"utter_\w+", rules)) & responses)


def test_every_intent_that_is_learned_has_examples(domain: dict[str, Any]) -> None:
    decided = {
        "answer_article", "answer_article_first", "answer_article_flow", "offer_choice", "choose_article",
        "unknown", "unknown_again", "unknown_still", "insult_again", "going_on", "said_already", "not_submitted",
    }  # fmt: skip
    learned = {path.stem for path in (ROOT / "bot/nlu").glob("*.yml")} - {"patterns"}
    assert {str(intent) for intent in domain["intents"]} - decided == learned


def test_the_model_remembers_its_encoder(model_path: Path, bot: Any) -> None:
    from bot import model

    assert model.encoder(bot.agent)["dimension"] == len(bot.knowledge.embed(["你好"])[0])
