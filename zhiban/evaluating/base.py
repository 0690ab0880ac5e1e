"""The knowledge base that is asked: in memory, learned and calibrated as the server does it, kept by digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.article import Article
from knowledge_base.encoder import Encoder, prepared
from knowledge_base.evaluation import Query, ask
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.learning import Learned, Lesson, learn_at_once
from knowledge_base.retriever import Edition, Retriever
from knowledge_base.search import Entry, Search, phrasings_of
from knowledge_base.shipped import read_out_of_scope
from zhiban.evaluating.result import Result
from zhiban.evaluating.rows import Question

_SOURCES = Path(__file__).parents[2] / "knowledge_base"


def entries_of(articles: Sequence[Article], encoder: Encoder) -> list[Entry]:
    """Each article with its phrasings' vectors."""
    asked = [phrasings_of(article) for article in articles]
    vectors = encoder.encode([text for texts in asked for text in texts])
    ends = np.cumsum([len(texts) for texts in asked])
    parts = np.split(vectors, ends[:-1])
    return [Entry(one.id, texts, part) for one, texts, part in zip(articles, asked, parts, strict=True)]


def learned(entries: Sequence[Entry], encoder: Encoder, folder: Path) -> Learned:
    """What these entries teach; taken from `folder` when code and content are those it was learned from."""
    outside = [prepared(text) for text in read_out_of_scope()]
    taught = list(zip(outside, encoder.encode(outside), strict=True))
    path = folder / f"learned-{_digest(entries, outside, encoder)}.json"
    try:
        return Learned.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError):
        found = learn_at_once(Lesson("evaluation", entries, taught))
    folder.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".part")
    scratch.write_text(json.dumps(found.as_json()), encoding="utf-8")
    scratch.replace(path)
    return found


def make_retriever(
    articles: Sequence[Article], entries: Sequence[Entry], encoder: Encoder, knows: Learned
) -> Retriever:
    """A base of `entries`, those of `articles`, that knows what was learned."""
    retriever = Retriever(encoder.identity, Search(FaissIndex(encoder.identity.dimension)))
    for article, entry in zip(articles, entries, strict=True):
        retriever.put(Edition(article, 1), entry)
    retriever.learn(knows)
    return retriever


def ask_all(retriever: Retriever, encoder: Encoder, questions: Sequence[Question]) -> list[Result]:
    """Each question asked as a customer's message is."""
    encoder.encode([retriever.read(one.text) for one in questions])  # all that is not kept yet, with its progress
    return [
        Result(
            text=question.text,
            right=question.right,
            found=tuple(match.id for match in asked.understanding.articles),
            sure=asked.confidence,
            outcome=asked.understanding.outcome,
            groups=question.groups,
        )
        for question in questions
        for asked in ask(retriever, encoder, [Query(question.text, question.right)])
    ]


def _digest(entries: Sequence[Entry], outside: Sequence[str], encoder: Encoder) -> str:
    whole = hashlib.sha256(f"{encoder.identity}".encode())
    for path in sorted(_SOURCES.rglob("*.py")):
        whole.update(path.read_bytes())
    told = [[entry.article_id, *entry.phrasings] for entry in entries]
    whole.update(json.dumps([told, list(outside)]).encode())
    return whole.hexdigest()[:16]
