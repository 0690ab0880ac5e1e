"""Writes the peer's project: its own files, and training data and answers made from our articles and examples."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge_base.article import CUSTOMER, SIMPLIFIED, Article

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path(__file__).parent / "project"
KINDS = ("diet", "logistic")
# Small talk and the answers in forms, as our own bot learns them.
_INTENTS = (
    *("greet", "thank", "goodbye", "bot_challenge", "insult", "out_of_scope"),
    *("affirm", "deny", "stop", "inform", "check_order", "complain", "ask_person"),
)
_ENTITY = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<entity>\w+)\)")
_PATTERNS = {"order_number": r"[Qq][Hh]\d{11}", "phone_tail": r"(?<!\d)\d{4}(?!\d)"}


@dataclass(frozen=True)
class Project:
    """A Rasa project of one kind, complete but for its model."""

    kind: str
    files: dict[str, bytes]

    def digest(self) -> str:
        """Of all that a model is made from."""
        whole = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            whole.update(name.encode() + b"\0" + content + b"\0")
        return whole.hexdigest()[:12]

    def write(self, folder: Path) -> None:
        """Replace what is in `folder`, but for models and Rasa's own cache."""
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        shutil.copytree(TEMPLATE / "actions", folder / "actions", dirs_exist_ok=True)


def make_project(kind: str, articles: Sequence[Article]) -> Project:
    """The project of `kind` (diet or logistic) that answers `articles`."""
    shown = [article for article in articles if article.audience == CUSTOMER]
    faq = {_intent(kind, article): article for article in shown}
    domain = _read(TEMPLATE / "domain.yml")
    known = ["faq"] if kind == "diet" else list(faq)
    domain["intents"] = [*_INTENTS, *known]
    domain["responses"] |= {f"utter_{intent}": [{"text": _answer(article)}] for intent, article in faq.items()}
    texts = {
        "config.yml": TEMPLATE / f"config-{kind}.yml",
        "credentials.yml": TEMPLATE / "credentials.yml",
        "endpoints.yml": TEMPLATE / "endpoints.yml",
        **({"data/stories.yml": TEMPLATE / "stories-diet.yml"} if kind == "diet" else {}),
    }
    made = {
        "domain.yml": domain,
        "data/nlu.yml": {"version": "3.1", "nlu": [*_examples(faq), *_patterns(), *_small_talk()]},
        "data/rules.yml": _rules(known),
    }
    files = {name: path.read_bytes() for name, path in texts.items()}
    return Project(kind, files | {name: _written(data) for name, data in made.items()})


def _intent(kind: str, article: Article) -> str:
    name = article.id.replace(".", "_").replace("-", "_")
    return f"faq/{name}" if kind == "diet" else f"faq_{name}"


def _answer(article: Article) -> str:
    """In one language: telling them apart is not in the peer."""
    wording = article.texts.get(SIMPLIFIED) or next(iter(article.texts.values()))
    return wording.answer.strip()


def _examples(faq: dict[str, Article]) -> list[dict[str, str]]:
    return [
        {"intent": intent, "examples": _listed(text for wording in article.texts.values() for text in wording.asked())}
        for intent, article in faq.items()
    ]


def _small_talk() -> list[dict[str, str]]:
    files = [ROOT / "bot" / "nlu" / f"{intent}.yml" for intent in _INTENTS]
    found = [entry for path in files for entry in _read(path)["nlu"] if entry.get("intent") in _INTENTS]
    return [{"intent": entry["intent"], "examples": _ENTITY.sub(_if_known, entry["examples"])} for entry in found]


def _if_known(marked: re.Match[str]) -> str:
    return marked[0] if marked["entity"] in _PATTERNS else marked["text"]


def _patterns() -> list[dict[str, str]]:
    return [{"regex": name, "examples": f"- {pattern}\n"} for name, pattern in _PATTERNS.items()]


def _rules(faq_intents: Iterable[str]) -> dict[str, Any]:
    data: dict[str, Any] = _read(TEMPLATE / "rules.yml")
    for intent in faq_intents:
        data["rules"].append({"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]})
    return data


def _listed(texts: Iterable[str]) -> str:
    """As Rasa's training data has examples; brackets would be taken for entities."""
    flat = (" ".join(text.split()).replace("[", "(").replace("]", ")") for text in texts)
    return "".join(f"- {text}\n" for text in dict.fromkeys(flat))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _written(data: Any) -> bytes:
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=1000)).encode()
