"""Which way a message goes while a form asks: its answer comes first; only control or an article interrupts."""

import re

from bot.entities import CONTACT, ORDER_NUMBER, PHONE_TAIL, TICKET_NUMBER
from bot.situation import AFFIRM, ANSWER_ARTICLE, CONTROLS, DENY, INFORM, Situation, Thresholds, Verdict

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
_QUESTION = re.compile(
    r"[?？吗嘛呢]\s*$|怎么|怎样|如何|多久|多少|什么|几天|哪|能不能|可以.*吗"
    r"|\b(?:how|what|when|where|which|can i|do you|is there)\b"
)


def inside_form(s: Situation, t: Thresholds) -> Verdict:
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
    if not free and s.probability("goodbye") >= t.form_control:
        return Verdict("stop", s.probability("goodbye"))
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
    """An article interrupts when it is certain, or would be answered anyway and the field's value was not given.

    What a customer tells freely could be anything: there the article must be certain and the text a question.
    """
    article = s.top_article
    if article is None or s.knowledge is None:
        return None
    asks = s.probability("ask_question") >= t.form_question or _QUESTION.search(s.text.casefold()) is not None
    free = s.requested_slot in _FREE_TEXT
    answered = asks and not free and s.knowledge.outcome == "answer" and article.confidence >= t.article
    certain = article.confidence >= t.form_article and (asks or not free)
    return Verdict(ANSWER_ARTICLE, article.confidence, article=article) if certain or answered else None
