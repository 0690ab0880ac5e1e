"""Which way a message goes: an answer to what was asked, a control, a task, an article, a choice, or I-don't-know."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.arbitration_in_forms import inside_form
from bot.entities import ORDER_NUMBER, TICKET_NUMBER
from bot.situation import (
    AFFIRM,
    ANSWER_ARTICLE,
    CONTROLS,
    DENY,
    OFFER_CHOICE,
    SOCIAL,
    TASKS,
    UNKNOWN,
    Article,
    Offer,
    Situation,
    Thresholds,
    Verdict,
)

_TYPED_SLASH = "／"  # the worker has put it in the place of a customer's own "/"
_REFUSING = ("/deny", "/none_of_these")
_ORDINALS = (
    re.compile(r"^(?:第?[一1](?:个|條|条|項|项)?|前一个|1[.、)]?|(?:the )?first(?: one)?)$"),
    re.compile(r"^(?:第?[二2两](?:个|條|条|項|项)?|2[.、)]?|(?:the )?second(?: one)?)$"),
    re.compile(r"^(?:第?[三3](?:个|條|条|項|项)?|3[.、)]?|(?:the )?third(?: one)?)$"),
)


def decide(situation: Situation, thresholds: Thresholds) -> Verdict:
    """The one route that `situation` takes. A typed command (`／restart`) is only text: no intent is read into it."""
    if situation.text.startswith(_TYPED_SLASH):
        situation = replace(situation, intents={})
    steps: tuple[Callable[[Situation, Thresholds], Verdict | None], ...] = (
        (_words_of_a_button, inside_form)
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
