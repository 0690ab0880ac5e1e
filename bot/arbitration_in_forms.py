"""Which way a message goes while a flow asks: its answer comes first; only what is meant to interrupts."""

import re

from bot import filling, guards
from bot.entities import TICKET_NUMBER
from bot.flows import CHOICE, FREE_KINDS, TEXT, Slot
from bot.situation import (
    AFFIRM,
    ANSWER_ARTICLE,
    CONTROLS,
    CORRECT,
    DENY,
    GOING_ON,
    INFORM,
    NOT_SUBMITTED,
    SAID_ALREADY,
    Situation,
    Thresholds,
    Verdict,
)

_QUESTION = re.compile(
    r"[?？吗嘛呢]\s*$|怎么|怎样|如何|多久|多少|什么|几天|哪|能不能|可以.*吗"
    r"|\b(?:how|what|when|where|which|can i|do you|is there)\b"
)
_SHORT = 12


def inside_form(s: Situation, t: Thresholds) -> Verdict:
    """The one route of a message in the middle of a flow."""
    for step in (_asked_for, _control, _reply, _article, _correction, _other_flow, _no_answer):
        verdict = step(s, t)
        if verdict is not None:
            return verdict
    return _own_words(s)


def _slot(s: Situation) -> Slot | None:
    return s.flow.slot(s.requested_slot) if s.flow else None


def _is_free(s: Situation) -> bool:
    slot = _slot(s)
    return slot is not None and slot.kind in FREE_KINDS


def _asked_for(s: Situation, t: Thresholds) -> Verdict | None:
    """The number that was asked for, or a choice in words."""
    if s.flow is None:
        return None
    found = filling.named(s.flow, s.entities, s.requested_slot)
    if s.requested_slot in found:
        return Verdict(INFORM, 1.0, slots=found)
    by_words = filling.chosen(s.flow, s.text, s.requested_slot)
    if by_words and not (_asks(s, t) or _likely_control(s, t)):
        return Verdict(INFORM, 1.0, slots={**found, **by_words})
    return None


def _likely_control(s: Situation, t: Thresholds) -> bool:
    return s.likeliest(CONTROLS)[1] >= t.form_control_in_free_text


def _control(s: Situation, t: Thresholds) -> Verdict | None:
    free = _is_free(s)
    if guards.says("asks_for_person", s.text):
        return Verdict("ask_person", 1.0)
    if guards.says("never_wanted", s.text):
        return Verdict("stop", 1.0)
    control, probability = s.likeliest(CONTROLS)
    least = t.form_stop if control == "stop" else t.form_control
    least = max(least, t.form_control_in_free_text) if free else least
    is_this = s.flow is not None and control == s.flow.name
    takes_back = control == "stop" and guards.says("said_already", s.text)
    if probability >= least and not is_this and not takes_back:
        return Verdict(control, probability)
    if not free and s.probability("goodbye") >= t.form_control:
        return Verdict("stop", s.probability("goodbye"))
    if not free and s.probability("insult") >= t.form_control:
        return Verdict("insult", s.probability("insult"))
    return None


def _reply(s: Situation, t: Thresholds) -> Verdict | None:
    """Yes or no, where that is an answer."""
    slot = _slot(s)
    if filling.is_confirmation(slot):
        answer, probability = s.likeliest((AFFIRM, DENY))
        if s.flow is not None and filling.named(s.flow, s.entities):
            return None  # it corrects something at once
        if len(s.text) <= _SHORT and guards.says("declines", s.text):
            return Verdict(DENY, 1.0)
        return Verdict(answer, probability) if probability >= t.reply else None
    if slot is None or _is_free(s):
        return None
    if slot.declinable and s.probability(DENY) >= t.reply:
        return Verdict(DENY, s.probability(DENY))
    if (
        len(s.text) <= _SHORT
        and guards.says("declines", s.text)
        and s.probability(DENY) + s.probability("stop") >= t.reply
    ):
        return Verdict("stop", 1.0)
    return None


def _article(s: Situation, t: Thresholds) -> Verdict | None:
    """An article interrupts when it is certain, or would be answered anyway and the slot's value was not given.

    What a customer tells freely could be anything: there the article must be certain and the text a question.
    """
    article = s.top_article
    if article is None or s.knowledge is None:
        return None
    asks, free = _asks(s, t), _is_free(s)
    answered = asks and not free and s.knowledge.outcome == "answer" and article.confidence >= t.article
    certain = article.confidence >= t.form_article and (asks or not free)
    return Verdict(ANSWER_ARTICLE, article.confidence, article=article) if certain or answered else None


def _asks(s: Situation, t: Thresholds) -> bool:
    return s.probability("ask_question") >= t.form_question or _QUESTION.search(s.text.casefold()) is not None


def _correction(s: Situation, t: Thresholds) -> Verdict | None:
    """Another value for something told before, something told in advance, or only that something was wrong."""
    if s.flow is None:
        return None
    found = filling.named(s.flow, s.entities)
    if found and not _is_free(s):
        return Verdict(INFORM, 1.0, slots=found)
    if s.probability(CORRECT) >= t.reply and not (_is_free(s) and s.probability(CORRECT) < t.certain):
        return Verdict(CORRECT, s.probability(CORRECT))
    return None


def _other_flow(s: Situation, t: Thresholds) -> Verdict | None:
    """Another flow interrupts one that waits for a number, a choice or a yes."""
    if s.flow is None or _is_free(s):
        return None
    task, probability = s.likeliest(tuple(s.task_titles))
    least = t.form_task
    if not s.task_titles or probability < least:
        return None
    if task == s.flow.name:
        return Verdict(GOING_ON, probability)
    if task == "ticket_status" and not (s.names(TICKET_NUMBER) or s.known.get("own_tickets")):
        return Verdict(NOT_SUBMITTED, probability)  # how far it is: it has not begun
    return Verdict(task, probability)


def _no_answer(s: Situation, t: Thresholds) -> Verdict | None:
    """Thanks, greetings, "I told you already": not to be taken for the answer."""
    slot = _slot(s)
    if slot is not None and len(s.text) <= _SHORT * 2 and guards.says("said_already", s.text):
        value = filling.said_before(slot, s.said_before)
        return Verdict(INFORM, 1.0, slots={slot.name: value}) if value else Verdict(SAID_ALREADY, 1.0)
    if filling.is_confirmation(slot) or guards.says("no_answer", s.text):
        return Verdict(GOING_ON, 1.0)
    if slot is None or slot.kind != TEXT or len(s.text) > _SHORT:  # elsewhere the slot's check tells what is wrong
        return None
    _, probability = s.likeliest(("thank", "greet", AFFIRM))
    return Verdict(GOING_ON, probability) if probability >= t.form_refusal else None


def _own_words(s: Situation) -> Verdict:
    """What was asked for in the customer's own words; where a number is due, the check says what is wrong with them."""
    if s.flow is None or not s.requested_slot:
        return Verdict(INFORM, 1.0)
    besides = filling.reasons(s.flow, s.text, s.known) if _slot_kind(s) == CHOICE else {}
    return Verdict(INFORM, 1.0, slots={**besides, s.requested_slot: s.text})


def _slot_kind(s: Situation) -> str:
    slot = _slot(s)
    return slot.kind if slot else ""
