"""One encoder and one reading of the held-out files for all tests of quality."""

from collections.abc import Iterator

import pytest

from benchmarks.evaluation import gate
from knowledge_base.encoders.packaged import JOINED
from knowledge_base.search import Entry
from knowledge_base.shipped import read_articles
from tests.product import ROOT
from zhiban.evaluating.base import entries_of
from zhiban.evaluating.kept_encoder import KeptEncoder
from zhiban.evaluating.result import Result


@pytest.fixture(scope="session")
def encoder() -> Iterator[KeptEncoder]:
    """What one run has encoded the next one takes from var/eval."""
    kept = KeptEncoder(ROOT / "var" / "eval", JOINED)
    yield kept
    kept.keep()


@pytest.fixture(scope="session")
def articles():
    return read_articles()


@pytest.fixture(scope="session")
def entries(articles, encoder) -> list[Entry]:
    return entries_of(articles, encoder)


@pytest.fixture(scope="session")
def retrieved(encoder, articles, entries) -> list[Result]:
    return gate.retrieval_results(encoder, articles, entries)


@pytest.fixture(scope="session")
def guessed(encoder) -> list[Result]:
    return gate.intent_results(encoder, gate.read_examples())
