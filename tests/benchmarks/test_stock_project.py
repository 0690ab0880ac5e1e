"""The peer is given all that our articles say, and nothing more."""

import re

import yaml

from benchmarks.stock_rasa.project import make_project
from knowledge_base.article import CUSTOMER
from knowledge_base.shipped import read_articles

SHOWN = [article for article in read_articles() if article.audience == CUSTOMER]


def read(project, name):
    return yaml.safe_load(project.files[name])


def examples(project):
    return {
        entry["intent"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        for entry in read(project, "data/nlu.yml")["nlu"]
        if "intent" in entry
    }


def test_each_article_has_its_answer_and_all_its_phrasings():
    for kind in ("diet", "logistic"):
        project = make_project(kind, read_articles())
        learned = {intent: texts for intent, texts in examples(project).items() if intent.startswith("faq")}
        responses = read(project, "domain.yml")["responses"]
        assert len(learned) == len(SHOWN)
        for intent, article in zip(learned, SHOWN, strict=True):
            assert responses[f"utter_{intent}"] == [{"text": article.texts["zh-Hans"].answer.strip()}]
            asked = {" ".join(text.split()) for wording in article.texts.values() for text in wording.asked()}
            assert set(learned[intent]) == asked


def test_every_intent_is_known_and_leads_somewhere():
    for kind in ("diet", "logistic"):
        project = make_project(kind, read_articles())
        domain = read(project, "domain.yml")
        learned = {intent.split("/")[0] for intent in examples(project)}
        assert learned == set(domain["intents"])
        steps = [step for rule in read(project, "data/rules.yml")["rules"] for step in rule["steps"]]
        begun = {step["intent"] for step in steps if "intent" in step}
        # Yes, no and what is told in a form only ever answer the form.
        assert set(domain["intents"]) - begun == {"affirm", "deny", "inform"}


def test_an_order_number_and_a_phone_tail_are_found_by_pattern():
    for kind in ("diet", "logistic"):
        entries = read(make_project(kind, read_articles()), "data/nlu.yml")["nlu"]
        patterns = {
            entry["regex"]: entry["examples"].removeprefix("- ").strip() for entry in entries if "regex" in entry
        }
        text = "订单QH20260412345，尾号1234"
        found = {name: re.findall(pattern, text) for name, pattern in patterns.items()}
        assert found == {"order_number": ["QH20260412345"], "phone_tail": ["1234"]}


def test_only_the_peers_own_entities_are_marked():
    marked = " ".join(text for texts in examples(make_project("diet", read_articles())).values() for text in texts)
    assert "](order_number)" in marked
    assert marked.count("](") == marked.count("](order_number)") + marked.count("](phone_tail)")


def test_a_new_article_makes_another_project():
    articles = read_articles()
    assert make_project("diet", articles).digest() == make_project("diet", articles).digest()
    assert make_project("diet", articles).digest() != make_project("diet", articles[1:]).digest()
