"""What a decision about a message rests on, and the verdict that comes of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.entities import Entity
from bot.flows import Flow, flows

CONTROLS = ("ask_person", "complain", "stop", "restart")
SOCIAL = ("greet", "thank", "goodbye", "bot_challenge", "insult", "affirm", "deny")
AFFIRM, DENY, INFORM, CORRECT, UNKNOWN = "affirm", "deny", "inform", "correct", "unknown"
ANSWER_ARTICLE, OFFER_CHOICE = "answer_article", "offer_choice"
GOING_ON, SAID_ALREADY, NOT_SUBMITTED = "going_on", "said_already", "not_submitted"


@dataclass(frozen=True)
class Offer:
    """A button of the last message: its words and what tapping it says."""

    title: str
    payload: str


@dataclass(frozen=True)
class Article:
    """An article that may answer, with the probability (0-1) that it is the right one."""

    id: str
    version: int
    confidence: float
    question: str | None = None
    flow: str | None = None

    def offer(self) -> Offer:
        chosen = json.dumps({"article_id": self.id, "article_version": self.version}, separators=(",", ":"))
        return Offer(self.question or self.id, f"/choose_article{chosen}")


@dataclass(frozen=True)
class Clause:
    """A part of a message, with the probability of each intent it may have by itself."""

    text: str
    intents: Mapping[str, float]


@dataclass(frozen=True)
class Knowledge:
    """What the knowledge base made of the text; `also` answers its further questions."""

    outcome: str = UNKNOWN
    articles: tuple[Article, ...] = ()
    also: tuple[Article, ...] = ()


@dataclass(frozen=True)
class Thresholds:
    """Probabilities above which a route is taken; `margin` is the distance below which two routes are a close call.

    `form_task`: another flow interrupts one that waits for a number; `form_refusal`: "no" and "thanks" where words of
    the customer's own are asked for.
    """

    control: float = 0.6
    social: float = 0.55
    task: float = 0.5
    reply: float = 0.5
    form_control: float = 0.65
    form_control_in_free_text: float = 0.8
    form_stop: float = 0.8
    form_task: float = 0.75
    form_refusal: float = 0.6
    form_article: float = 0.9
    form_question: float = 0.4
    article: float = 0.5
    certain: float = 0.9
    choice: float = 0.15
    hint: float = 0.25
    margin: float = 0.15


@dataclass(frozen=True)
class Situation:
    """All that the decision rests on; `known`: slots that are filled; `said_before`: the customer's last messages.

    `parts`: those of a text of several sentences or wishes.
    """

    text: str
    intents: dict[str, float]
    entities: tuple[Entity, ...] = ()
    knowledge: Knowledge | None = None
    offers: tuple[Offer, ...] = ()
    form: str | None = None
    requested_slot: str | None = None
    missed: int = 0
    insulted: bool = False
    task_titles: dict[str, str] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    said_before: tuple[str, ...] = ()
    parts: tuple[Clause, ...] = ()

    def probability(self, intent: str) -> float:
        return self.intents.get(intent, 0.0)

    def likeliest(self, among: tuple[str, ...]) -> tuple[str, float]:
        best = max(among, key=self.probability)
        return best, self.probability(best)

    def names(self, kind: str | None) -> bool:
        return any(entity.kind == kind for entity in self.entities)

    @property
    def flow(self) -> Flow | None:
        """The flow whose form is open."""
        return flows().of_form(self.form) if self.form else None

    @property
    def top_article(self) -> Article | None:
        return self.knowledge.articles[0] if self.knowledge and self.knowledge.articles else None


@dataclass(frozen=True)
class Verdict:
    """The route: an intent, its probability, and what comes with it.

    `payload`: the text meant this button; `slots`: what the message fills; `also`: articles to be said after `article`.
    """

    intent: str
    confidence: float
    article: Article | None = None
    choices: tuple[Offer, ...] = ()
    payload: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    also: tuple[Article, ...] = ()

    def extra_entities(self) -> list[dict[str, Any]]:
        """Entities for Rasa, which fill the slots."""
        filled = [{"entity": slot, "value": value} for slot, value in self.slots.items()]
        if self.article is None:
            return filled
        return [
            *filled,
            {"entity": "article_id", "value": self.article.id},
            {"entity": "article_version", "value": self.article.version},
        ]
