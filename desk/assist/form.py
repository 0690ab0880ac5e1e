"""The contact form and the dispositions: what there is to fill in, from `form.yml` and `dispositions.yml`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reading.script import to_traditional

FORM = Path(__file__).with_name("form.yml")
DISPOSITIONS = Path(__file__).with_name("dispositions.yml")
CATEGORY, ORDER_NUMBER, PHONE, PRODUCT, REQUEST, PROMISED, DEADLINE = FIELDS = (
    "category", "order_number", "phone", "product", "request", "promised", "deadline",
)  # fmt: skip

Texts = Mapping[str, str]


class BadForm(Exception):
    """Raised for a file that cannot be read as a form or a tree of dispositions."""

    code = "bad_form"


@dataclass(frozen=True)
class Category:
    """`words`: weights and patterns that tell the category; `topics`: categories of articles that belong to it."""

    id: str
    title: Texts
    required: tuple[str, ...]
    topics: tuple[str, ...]
    words: tuple[tuple[float, re.Pattern[str]], ...]


@dataclass(frozen=True)
class Request:
    """`not_of`: categories in which the words mean something else."""

    label: Texts
    asks: re.Pattern[str]
    not_of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Promises:
    when: re.Pattern[str]
    does: re.Pattern[str]
    not_one: re.Pattern[str]


@dataclass(frozen=True)
class Disposition:
    """A leaf or a branch; `ticket`: a kind that usually goes with it."""

    id: str
    title: Texts
    category: str
    ticket: str | None = None
    children: tuple["Disposition", ...] = ()

    def leaves(self) -> Iterator["Disposition"]:
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Form:
    labels: Mapping[str, Texts]
    longest: Mapping[str, int]
    categories: Mapping[str, Category]
    requests: Sequence[Request]
    promises: Promises


def in_language(texts: Texts, language: str) -> str:
    """Of texts in zh-Hans and en the one for `language`; Traditional Chinese is made."""
    if language == "en":
        return texts["en"]
    return to_traditional(texts["zh-Hans"]) if language == "zh-Hant" else texts["zh-Hans"]


@cache
def read_form(path: Path = FORM) -> Form:
    """Raises BadForm, which names the file and what is wrong."""
    try:
        return _form(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise BadForm(f"{path}: {type(error).__name__}: {error}") from error


@cache
def read_dispositions(path: Path = DISPOSITIONS) -> tuple[Disposition, ...]:
    """Raises BadForm."""
    try:
        tree = tuple(_disposition(node, "") for node in yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise BadForm(f"{path}: {type(error).__name__}: {error}") from error
    ids = [leaf.id for node in tree for leaf in node.leaves()]
    if len(set(ids)) < len(ids):
        raise BadForm(f"{path}: an id is there twice")
    return tree


def _form(data: Mapping[str, Any]) -> Form:
    promises = data["promises"]
    return Form(
        labels={name: data["fields"][name] for name in FIELDS},
        longest={name: int(length) for name, length in data["longest"].items()},
        categories={name: _category(name, told) for name, told in data["categories"].items()},
        requests=[
            Request(told["label"], _compiled(told["asks"]), frozenset(told.get("not_of") or ()))
            for told in data["requests"]
        ],
        promises=Promises(*(_compiled(promises[name]) for name in ("when", "does", "not"))),
    )


def _category(name: str, told: Mapping[str, Any]) -> Category:
    unknown = set(told["required"]) - set(FIELDS)
    if unknown:
        raise ValueError(f"{name}: no field {unknown.pop()}")
    words = tuple((float(weight), _compiled(pattern)) for weight, pattern in told["words"])
    return Category(name, told["title"], tuple(told["required"]), tuple(told["topics"]), words)


def _disposition(told: Mapping[str, Any], category: str) -> Disposition:
    own = str(told.get("category") or category)
    children = tuple(_disposition(child, own) for child in told.get("children") or ())
    return Disposition(str(told["id"]), told["title"], own, told.get("ticket"), children)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
