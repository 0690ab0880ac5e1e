"""Which slots of a flow a message fills: what it names, corrects or chooses, and what it says in its own words."""

import re
from collections.abc import Iterable

from bot.entities import (
    CARD_TAIL,
    CONTACT,
    ORDER_NUMBER,
    PHONE_TAIL,
    TAX_NUMBER,
    TICKET_NUMBER,
    Entity,
)
from bot.entities import find as find_entities
from bot.flows import CHOICE, CONFIRMATION, FREE_KINDS, SCORE, Flow, Slot
from bot.simplified import simplified

# What may stand for a slot of each kind: anywhere in a flow, and besides when it is what was asked for.
_STANDS_FOR = {
    "order_number": (ORDER_NUMBER,),
    "ticket_number": (TICKET_NUMBER,),
    "tax_number": (TAX_NUMBER,),
    "phone_tail": (PHONE_TAIL,),
    "card_tail": (CARD_TAIL,),
    "contact": (CONTACT,),
}
_WHEN_ASKED = {"phone_tail": (CONTACT,), "card_tail": (PHONE_TAIL,)}
_SCORE = re.compile(r"^\D{0,6}([1-5一二两三四五])\s*(?:分|星|颗|points?|stars?)?[\s。.!！~了吧]*$")
_SCORE_SAID = re.compile(r"([1-5一二两三四五满])\s*(?:个|颗)?(?:分(?!钟)|星|points?\b|stars?\b)")
_POINTS = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "满": "5"}
_OTHER_ORDER = re.compile(
    r"另(?:外)?(?:一|1)?(?:个|笔|单)|别的|其他|其它|换(?:个|一)?(?:订单|单)|\b(?:another|other|different)\b"
)


def named(flow: Flow, entities: Iterable[Entity], requested: str | None = None) -> dict[str, str]:
    """The slots of `flow` that `entities` give; the one that was asked for comes first."""
    found: dict[str, str] = {}
    left = list(entities)
    slots = sorted(flow.slots, key=lambda slot: slot.name != requested)
    for slot in slots:
        kinds = _STANDS_FOR.get(slot.kind, ())
        wider = kinds + (_WHEN_ASKED.get(slot.kind, ()) if slot.name == requested else ())
        entity = _first(left, kinds) or _first(left, wider)
        if entity is not None:
            found[slot.name] = entity.value
            left.remove(entity)
    return found


def chosen(flow: Flow, text: str, requested: str | None) -> dict[str, str]:
    """A choice made in words: the one that was asked for; or, of two words of one choice, none."""
    folded = simplified(text).casefold()
    slot = flow.slot(requested)
    if slot is None:
        return {}
    if slot.kind == SCORE and (score := _SCORE.match(folded) or _SCORE_SAID.search(folded)):
        return {slot.name: _POINTS.get(score[1], score[1])}
    if slot.kind != CHOICE:
        return {}
    meant = [choice for choice, words in slot.words.items() if words.search(folded)]
    return {slot.name: meant[0]} if meant else {}


def at_begin(flow: Flow, text: str, entities: Iterable[Entity], known: Iterable[str]) -> dict[str, str]:
    """What the message that begins `flow` tells already."""
    found = {**named(flow, entities), **reasons(flow, text, known)}
    folded = simplified(text).casefold()
    for slot in flow.slots:
        if slot.kind == SCORE and (score := _SCORE_SAID.search(folded)):
            found[slot.name] = _POINTS.get(score[1], score[1])
    order = flow.slot("order_number")
    if order and order.name not in found and _OTHER_ORDER.search(folded):
        found[order.name] = "other"
    return found


def reasons(flow: Flow, text: str, known: Iterable[str]) -> dict[str, str]:
    """Choices that the text makes without having been asked, where it is clear which."""
    folded, found = simplified(text).casefold(), {}
    for slot in flow.slots:
        meant = [choice for choice, words in slot.words.items() if words.search(folded)]
        if len(meant) == 1 and slot.name not in known:
            found[slot.name] = meant[0]
    return found


def said_before(slot: Slot, messages: Iterable[str], least: int = 8) -> str | None:
    """What the customer told already, in an earlier message, for `slot`."""
    earlier = [message for message in messages if not message.startswith("/")]
    if slot.kind in FREE_KINDS:
        long = [message for message in earlier if len(message) >= least]
        return max(long, key=len, default=None)
    kinds = _STANDS_FOR.get(slot.kind, ()) + _WHEN_ASKED.get(slot.kind, ())
    for message in reversed(earlier):
        entity = _first(find_entities(message), kinds)
        if entity is not None:
            return entity.value
    return None


def is_confirmation(slot: Slot | None) -> bool:
    return slot is not None and slot.kind == CONFIRMATION


def _first(entities: Iterable[Entity], kinds: tuple[str, ...]) -> Entity | None:
    return next((entity for entity in entities if entity.kind in kinds), None)
