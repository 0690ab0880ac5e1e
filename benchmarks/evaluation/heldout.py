"""The held-out files, read as `zhiban eval` reads a user's; nothing may be tuned on them, and no text is shown."""

from __future__ import annotations

from pathlib import Path

from knowledge_base.article import Article
from zhiban.evaluating.intent_model import Labelled
from zhiban.evaluating.rows import Question, read_labelled, read_questions

ROOT = Path(__file__).resolve().parents[2]
HELDOUT = ROOT / "tests" / "heldout"
QUESTIONS = HELDOUT / "shop_questions.jsonl"
INTENTS = HELDOUT / "intents.jsonl"
ROUTING = HELDOUT / "routing.jsonl"
CONVERSATIONS = HELDOUT / "panel_conversations.jsonl"


def questions(articles: list[Article]) -> list[Question]:
    """Raises Problem when a label names no article."""
    return read_questions(QUESTIONS, {one.id for one in articles})


def messages(examples: list[Labelled]) -> list[Question]:
    """Raises Problem when a label names no intent."""
    return read_labelled(INTENTS, {intent for _, intent in examples})
