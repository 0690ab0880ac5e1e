"""Which way a message goes: an answer to what was asked, a control, a task, an article, a choice, or I-don't-know."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot import filling, guards
from bot.arbitration_in_forms import inside_form
from bot.entities import CARD_TAIL, CONTACT, ORDER_NUMBER, TICKET_NUMBER
from bot.flows import Flows, flows
from bot.second_wish import Wishes, wishes
from bot.situation import (
    AFFIRM,
    ANSWER_ARTICLE,
    CONTROLS,
    CORRECT,
    DENY,
    INFORM,
    OFFER_CHOICE,
    SOCIAL,
    UNKNOWN,
    Article,
    Offer,
    Situation,
    Thresholds,
    Verdict,
)

_TYPED_SLASH = "／"  # the worker has put it in the place of a customer's own "/"
_REFUSING = ("/deny", "/none_of_these")
_BESIDE = ("/ask_person", "/call_back", '/check_order{"order_number":"other"}')  # offered beside what was asked
_ORDINALS = (
    re.compile(r"^(?:第?[一1](?:个|件|條|条|項|项)?|前一个|1[.、)]?|(?:the )?first(?: one)?)$"),
    re.compile(r"^(?:第?[二2两](?:个|件|條|条|項|项)?|2[.、)]?|(?:the )?second(?: one)?)$"),
    re.compile(r"^(?:第?[三3](?:个|件|條|条|項|项)?|3[.、)]?|(?:the )?third(?: one)?)$"),
)
# Asks how something is done, not to have it done.
_HOW = re.compile(r"怎么(?!还|没|又|这么|老|不)|如何|怎样|多久|什么时候|什么条件|\bhow (?:do|can|long|much|to)\b")
# What a customer who is to be called back means by another number.
_ANOTHER_CONTACT = ("call_back", CORRECT, INFORM)
_LATEST = 0  # of an article that is not at hand: the worker renders the version that is current


def decide(situation: Situation, thresholds: Thresholds, language: str = "zh-Hans") -> Verdict:
    """The one route that `situation` takes. A typed command (`／restart`) is only text: no intent is read into it."""
    if situation.text.startswith(_TYPED_SLASH) or guards.says("orders_to_the_machine", situation.text):
        situation = replace(situation, intents={}, entities=())
    steps: tuple[Callable[[Situation, Thresholds], Verdict | None], ...] = (
        (_words_of_a_button, _ordinal_of_a_choice, inside_form)
        if situation.form
        else (_words_of_a_button, _answer_to_offer, _control, _named_number, _social, _task_or_article)
    )
    for step in steps:
        verdict = step(situation, thresholds)
        if verdict is not None:
            return _completed(verdict, situation, language)
    return _completed(Verdict(UNKNOWN, 1.0), situation, language)


def _completed(verdict: Verdict, s: Situation, language: str) -> Verdict:
    """With what the message tells a flow that it begins, and a second wish."""
    known = flows()
    wished = wishes(s.text, s.parts, known)
    verdict = verdict if s.form else _first_wished(verdict, wished)
    if verdict.intent == UNKNOWN and s.missed:
        return replace(verdict, intent="unknown_again" if s.missed == 1 else "unknown_still")
    if verdict.intent == "insult" and s.insulted:
        return replace(verdict, intent="insult_again")
    begun = known.by_name.get(verdict.intent)
    if begun is not None and begun is not s.flow:
        told = filling.at_begin(begun, s.text, s.entities, s.known)
        for slot in begun.slots:
            if slot.source and slot.name not in told and s.known.get(slot.source):
                told[slot.name] = str(s.known[slot.source])
        return replace(verdict, slots={**told, **wished.besides(begun.name, known, language)})
    return _answer_with_wish(verdict, s, known, language)


def _first_wished(verdict: Verdict, wished: Wishes) -> Verdict:
    """The flow that is wished for first, where a message plainly wishes for several."""
    if verdict.intent in flows().by_name and verdict.intent not in CONTROLS:
        return replace(verdict, intent=wished.instead_of_flow() or verdict.intent)
    first = None
    if verdict.intent == ANSWER_ARTICLE:
        first = wished.instead_of_answer()
    elif verdict.intent in (UNKNOWN, OFFER_CHOICE):
        first = wished.instead_of_doubt()
    return Verdict(first, verdict.confidence) if first else verdict


def _answer_with_wish(verdict: Verdict, s: Situation, known: Flows, language: str) -> Verdict:
    if verdict.intent != ANSWER_ARTICLE or s.form:
        return verdict
    if s.knowledge and verdict.article == s.top_article:
        verdict = replace(verdict, also=s.knowledge.also)
    wish = wishes(s.text, s.parts, known, answered=True).besides("", known, language)
    led_to = {article.flow for article in (verdict.article, *verdict.also) if article}
    if not wish.get("next_flow") or wish["next_flow"] in led_to:
        return verdict
    return replace(verdict, intent="answer_article_first", slots=wish)


def _words_of_a_button(s: Situation, _: Thresholds) -> Verdict | None:
    said = _bare(s.text)
    payload = next((offer.payload for offer in s.offers if _bare(offer.title) == said), None)
    return Verdict("", 1.0, payload=payload) if payload else None


def _ordinal_of_a_choice(s: Situation, _: Thresholds) -> Verdict | None:
    """In a flow, only where one of several is to be chosen: elsewhere digits are an answer."""
    said = _bare(s.text)
    for offer, ordinal in zip(s.offers, _ORDINALS, strict=False):
        if offer.payload.startswith("/inform") and "score" not in offer.payload and ordinal.match(said):
            return Verdict("", 1.0, payload=offer.payload)
    return None


def _answer_to_offer(s: Situation, t: Thresholds) -> Verdict | None:
    """A typed answer to buttons: the place of one in the row, yes or no."""
    said = _bare(s.text)
    for offer, ordinal in zip(s.offers, _ORDINALS, strict=False):
        if ordinal.match(said):
            return Verdict("", 1.0, payload=offer.payload)
    refusing = [o for o in s.offers if o.payload in _REFUSING]
    accepting = [o for o in s.offers if o.payload not in _REFUSING]
    accepting = [o for o in accepting if o.payload not in _BESIDE] or accepting
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
    if guards.says("asks_for_person", s.text):
        return Verdict("ask_person", 1.0)
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
    if s.names(ORDER_NUMBER):
        return _about_order(s, t, asks)
    if s.names(CARD_TAIL) and s.probability("report_lost_card") >= t.hint and not asks:
        return Verdict("report_lost_card", s.probability("report_lost_card"))
    if s.names(CONTACT) and s.known.get("callback_ticket") and s.likeliest(_ANOTHER_CONTACT)[1] >= t.reply:
        return Verdict("call_back", max(s.probability("call_back"), t.task))
    return None


def _about_order(s: Situation, t: Thresholds, asks: bool) -> Verdict | None:
    """The likeliest of what can be done with an order; with nothing likely, where it is."""
    about = [flow.name for flow in flows().by_name.values() if any(slot.kind == "order_number" for slot in flow.slots)]
    task, probability = s.likeliest(tuple(about))
    if probability <= t.hint or probability < s.probability("check_order"):
        task = "check_order"
    if asks and task != "complain":
        return None
    return Verdict(task, max(s.probability(task), t.task))


def _social(s: Situation, t: Thresholds) -> Verdict | None:
    social, probability = s.likeliest(SOCIAL)
    article = _answering(s, t)
    if probability < t.social or (article is not None and article.confidence >= probability):
        return None
    return Verdict(social, probability)


def _task_or_article(s: Situation, t: Thresholds) -> Verdict | None:
    known = flows()
    tasks = (*(name for name in known.by_name if name not in CONTROLS), *known.articles, CORRECT)
    task, probability = s.likeliest(tasks)
    article = _answering(s, t)
    if probability < t.task or task == CORRECT:
        return _article(article) or _choice(s, t)
    if task in known.articles:
        # An article that is clearly surer stands by itself; else a person is offered with it.
        if article and article.confidence - probability >= t.margin:
            return _article(article)
        return _matter(task, probability, article, s)
    if article is None:
        return Verdict(task, probability)
    if wishes(s.text, s.parts, known, answered=True).besides("", known, "zh-Hans").get("next_flow") == task:
        return _article(article)  # the task is the second of two wishes
    if article.flow == task:
        return Verdict(task, probability) if probability >= t.control else _article(article)
    if _HOW.search(s.text.casefold()):
        return Verdict("answer_article_flow", article.confidence, article=article, slots=_offered(task, s))
    if abs(article.confidence - probability) >= t.margin:
        return _article(article) if article.confidence > probability else Verdict(task, probability)
    title = s.task_titles.get(task)
    if not title or not article.question:
        return _article(article)
    return Verdict(OFFER_CHOICE, probability, choices=(article.offer(), Offer(title, f"/{task}")))


def _offered(task: str, s: Situation) -> dict[str, str]:
    return {"next_flow": task, "next_title": s.task_titles.get(task, "")}


def _matter(task: str, probability: float, sure: Article | None, s: Situation) -> Verdict:
    """What an article answers: the one that is `sure`, else the task's own; a person is offered with it."""
    own = flows().articles[task]
    found = next((a for a in s.knowledge.articles if a.id == own), None) if s.knowledge else None
    return Verdict(task, probability, article=sure or found or Article(own, _LATEST, probability))


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
