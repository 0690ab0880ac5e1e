"""Which way a message goes: an answer to what was asked, a control, a task, an article, a choice, or I-don't-know."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.entities import CONTACT, ORDER_NUMBER, PHONE_TAIL, TICKET_NUMBER, Entity

CONTROLS = ("ask_person", "complain", "stop", "restart")
TASKS = ("check_order", "ticket_status")
SOCIAL = ("greet", "thank", "goodbye", "bot_challenge", "insult", "affirm", "deny")
AFFIRM, DENY, INFORM, UNKNOWN = "affirm", "deny", "inform", "unknown"
ANSWER_ARTICLE, OFFER_CHOICE = "answer_article", "offer_choice"

_EXPECTED = {
    "order_number": ORDER_NUMBER,
    "order_phone_tail": PHONE_TAIL,
    "complaint_order": ORDER_NUMBER,
    "complaint_contact": CONTACT,
    "callback_contact": CONTACT,
    "ticket_number": TICKET_NUMBER,
    "ticket_contact_tail": PHONE_TAIL,
}
_FREE_TEXT = ("complaint_what", "complaint_wish")
_TAKES_NO = ("complaint_order", "complaint_contact", "callback_contact")
_YES_OR_NO = ("complaint_confirmed",)
_TYPED_SLASH = "／"  # the worker has put it in the place of a customer's own "/"
_REFUSING = ("/deny", "/none_of_these")
_QUESTION = re.compile(
    r"[?？吗嘛呢]\s*$|怎么|怎样|如何|多久|多少|什么|几天|哪|能不能|可以.*吗"
    r"|\b(?:how|what|when|where|which|can i|do you|is there)\b"
)
_ORDINALS = (
    re.compile(r"^(?:第?[一1](?:个|條|条|項|项)?|前一个|1[.、)]?|(?:the )?first(?: one)?)$"),
    re.compile(r"^(?:第?[二2两](?:个|條|条|項|项)?|2[.、)]?|(?:the )?second(?: one)?)$"),
    re.compile(r"^(?:第?[三3](?:个|條|条|項|项)?|3[.、)]?|(?:the )?third(?: one)?)$"),
)


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
        return Offer(
            self.question or self.id, f'/choose_article{{"article_id":"{self.id}","article_version":{self.version}}}'
        )


@dataclass(frozen=True)
class Knowledge:
    """What the knowledge base made of the text."""

    outcome: str = UNKNOWN
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True)
class Thresholds:
    """Probabilities above which a route is taken; `margin` is the distance below which two routes are a close call."""

    control: float = 0.6
    social: float = 0.55
    task: float = 0.5
    reply: float = 0.5
    form_control: float = 0.65
    form_control_in_free_text: float = 0.8
    form_stop: float = 0.8
    form_article: float = 0.9
    form_question: float = 0.4
    article: float = 0.5
    certain: float = 0.9
    choice: float = 0.15
    hint: float = 0.25
    margin: float = 0.15


@dataclass(frozen=True)
class Situation:
    """All that the decision rests on."""

    text: str
    intents: dict[str, float]
    entities: tuple[Entity, ...] = ()
    knowledge: Knowledge | None = None
    offers: tuple[Offer, ...] = ()
    form: str | None = None
    requested_slot: str | None = None
    missed: bool = False
    insulted: bool = False
    task_titles: dict[str, str] = field(default_factory=dict)

    def probability(self, intent: str) -> float:
        return self.intents.get(intent, 0.0)

    def likeliest(self, among: tuple[str, ...]) -> tuple[str, float]:
        best = max(among, key=self.probability)
        return best, self.probability(best)

    def names(self, kind: str | None) -> bool:
        return any(entity.kind == kind for entity in self.entities)

    @property
    def top_article(self) -> Article | None:
        return self.knowledge.articles[0] if self.knowledge and self.knowledge.articles else None


@dataclass(frozen=True)
class Verdict:
    """The route: an intent, its probability, and what comes with it; `payload`: the text meant this button."""

    intent: str
    confidence: float
    article: Article | None = None
    choices: tuple[Offer, ...] = ()
    payload: str | None = None

    def extra_entities(self) -> list[dict[str, Any]]:
        if self.article is None:
            return []
        return [
            {"entity": "article_id", "value": self.article.id},
            {"entity": "article_version", "value": self.article.version},
        ]


def decide(situation: Situation, thresholds: Thresholds) -> Verdict:
    """The one route that `situation` takes. A typed command (`／restart`) is only text: no intent is read into it."""
    if situation.text.startswith(_TYPED_SLASH):
        situation = replace(situation, intents={})
    steps: tuple[Callable[[Situation, Thresholds], Verdict | None], ...] = (
        (_words_of_a_button, _inside_form)
        if situation.form
        else (_words_of_a_button, _answer_to_offer, _control, _named_number, _social, _task_or_article)
    )
    for step in steps:
        verdict = step(situation, thresholds)
        if verdict is not None:
            return _remembering(verdict, situation)
    return _remembering(Verdict(UNKNOWN, 1.0), situation)


def _remembering(verdict: Verdict, situation: Situation) -> Verdict:
    if verdict.intent == UNKNOWN and situation.missed:
        return Verdict("unknown_again", verdict.confidence)
    if verdict.intent == "insult" and situation.insulted:
        return Verdict("insult_again", verdict.confidence)
    return verdict


def _words_of_a_button(s: Situation, _: Thresholds) -> Verdict | None:
    said = _bare(s.text)
    payload = next((offer.payload for offer in s.offers if _bare(offer.title) == said), None)
    return Verdict("", 1.0, payload=payload) if payload else None


def _answer_to_offer(s: Situation, t: Thresholds) -> Verdict | None:
    """A typed answer to buttons: the place of one in the row, yes or no."""
    said = _bare(s.text)
    for offer, ordinal in zip(s.offers, _ORDINALS, strict=False):
        if ordinal.match(said):
            return Verdict("", 1.0, payload=offer.payload)
    refusing = [o for o in s.offers if o.payload in _REFUSING]
    accepting = [o for o in s.offers if o.payload not in _REFUSING]
    answer = max(s.intents, key=s.probability, default=UNKNOWN)
    if s.probability(answer) < t.reply:
        return None
    if answer == AFFIRM and len(accepting) == 1:
        return Verdict("", s.probability(AFFIRM), payload=accepting[0].payload)
    if answer == DENY and refusing:
        return Verdict("", s.probability(DENY), payload=refusing[0].payload)
    return None


def _bare(words: str) -> str:
    return words.strip().strip("。.!！~").casefold()


def _inside_form(s: Situation, t: Thresholds) -> Verdict:
    slot = s.requested_slot or ""
    if s.names(_EXPECTED.get(slot)):
        return Verdict(INFORM, 1.0)
    return _form_control(s, t) or _form_reply(s, t) or _form_article(s, t) or Verdict(INFORM, 1.0)


def _form_control(s: Situation, t: Thresholds) -> Verdict | None:
    free = s.requested_slot in _FREE_TEXT
    control, probability = s.likeliest(CONTROLS)
    least = t.form_stop if control == "stop" else t.form_control
    least = max(least, t.form_control_in_free_text) if free else least
    if control == "complain" and s.form == "complaint_form":
        return None
    if probability >= least:
        return Verdict(control, probability)
    if not free and s.probability("insult") >= t.form_control:
        return Verdict("insult", s.probability("insult"))
    return None


def _form_reply(s: Situation, t: Thresholds) -> Verdict | None:
    if s.requested_slot in _YES_OR_NO:
        answer, probability = s.likeliest((AFFIRM, DENY))
        return Verdict(answer, probability) if probability >= t.reply else None
    if s.requested_slot in _TAKES_NO and s.probability(DENY) >= t.reply:
        return Verdict(DENY, s.probability(DENY))
    return None


def _form_article(s: Situation, t: Thresholds) -> Verdict | None:
    """An article interrupts only when it is certain; what a customer tells freely must also be a question."""
    article = s.top_article
    if article is None or article.confidence < t.form_article:
        return None
    asks = s.probability("ask_question") >= t.form_question or _QUESTION.search(s.text.casefold()) is not None
    if s.requested_slot in _FREE_TEXT and not asks:
        return None
    return Verdict(ANSWER_ARTICLE, article.confidence, article=article)


def _control(s: Situation, t: Thresholds) -> Verdict | None:
    control, probability = s.likeliest(CONTROLS)
    if probability < t.control:
        return None
    article = s.top_article
    if article and article.confidence >= t.certain and probability < t.certain and article.confidence > probability:
        return None
    return Verdict(control, probability)


def _named_number(s: Situation, t: Thresholds) -> Verdict | None:
    """A number says what it is about, unless the words around it clearly ask for something else."""
    asks = s.top_article is not None and s.top_article.confidence >= t.certain
    if s.names(TICKET_NUMBER):
        return Verdict("ticket_status", max(s.probability("ticket_status"), t.task))
    if s.names(ORDER_NUMBER) and s.probability("complain") > max(s.probability("check_order"), t.hint):
        return Verdict("complain", s.probability("complain"))
    if s.names(ORDER_NUMBER) and not asks:
        return Verdict("check_order", max(s.probability("check_order"), t.task))
    return None


def _social(s: Situation, t: Thresholds) -> Verdict | None:
    social, probability = s.likeliest(SOCIAL)
    article = _answering(s, t)
    if probability < t.social or (article is not None and article.confidence >= probability):
        return None
    return Verdict(social, probability)


def _task_or_article(s: Situation, t: Thresholds) -> Verdict | None:
    task, probability = s.likeliest(TASKS)
    article = _answering(s, t)
    if probability < t.task:
        return _article(article) or _choice(s, t)
    if article is None:
        return Verdict(task, probability)
    if article.flow == task:
        return Verdict(task, probability) if probability >= t.control else _article(article)
    if abs(article.confidence - probability) >= t.margin:
        return _article(article) if article.confidence > probability else Verdict(task, probability)
    title = s.task_titles.get(task)
    if not title or not article.question:
        return _article(article)
    return Verdict(OFFER_CHOICE, probability, choices=(article.offer(), Offer(title, f"/{task}")))


def _answering(s: Situation, t: Thresholds) -> Article | None:
    article = s.top_article
    if s.knowledge is None or article is None or s.knowledge.outcome != "answer":
        return None
    return article if article.confidence >= t.article else None


def _article(article: Article | None) -> Verdict | None:
    return Verdict(ANSWER_ARTICLE, article.confidence, article=article) if article else None


def _choice(s: Situation, t: Thresholds) -> Verdict | None:
    if s.knowledge is None or s.knowledge.outcome != "choice":
        return None
    close = [a for a in s.knowledge.articles if a.confidence >= t.choice and a.question][:3]
    return Verdict(OFFER_CHOICE, close[0].confidence, choices=tuple(a.offer() for a in close)) if close else None
