"""What we answer when Rasa cannot: the knowledge base alone if it knows, else an honest word and a way to a person."""

import json
from collections.abc import Sequence

from desk import Desk, Event
from gateway.worker.answer import CHOOSE, Answer, ArticleReference, Said, chosen_article
from gateway.worker.contact import find_contact
from gateway.worker.situation import Situation
from gateway.worker.words import Words
from knowledge_base.client import ANSWER, CHOICE, Understanding

_RECENT = 12
_CALLBACK_HOURS = 24


class WithoutBot:
    """Decides a turn without Rasa. It never touches the stored dialogue: the bot goes on where it was."""

    def __init__(self, desk: Desk, words: Words) -> None:
        self._desk = desk
        self._words = words

    async def answer(self, situation: Situation) -> Answer:
        tapped = self._tapped(situation)
        if tapped is not None:
            return tapped
        if _asks_for_person(situation, self._words):
            return await self.reach_person(situation, "asked")
        known = situation.understanding
        if known is not None and known.outcome == ANSWER and known.articles:
            best = known.articles[0]
            return Answer([Said(article=ArticleReference(best.id, best.version))], by="knowledge")
        if known is not None and known.outcome == CHOICE and known.articles:
            return Answer([self._choice(known, situation.language)], by="knowledge")
        return await self.reach_person(situation, "fallback", self._words.say("unwell", situation.language))

    async def reach_person(self, situation: Situation, reason: str, first: str = "") -> Answer:
        """A handoff if anyone is reachable, else a call-back, or the question how to reach the customer."""
        language = situation.language
        if situation.duty.reachable:
            said = _sentences(first, self._words.say("person_coming", language))
            return Answer([said], [{"command": "handoff.request", "reason": reason}], by="fallback")
        nobody = self._words.say("nobody_now", language, opens=opening(self._words, situation))
        booked = next((t for t in situation.tickets if t.kind == "callback" and t.state != "done"), None)
        if booked is not None:
            known = self._words.say("callback_known", language, ticket=booked.id)
            return Answer([_sentences(first, nobody, known)], by="fallback")
        contact = find_contact(await self._recent(situation))
        if contact is None:
            leave = self._words.say("leave_contact", language)
            return Answer([_sentences(first, nobody, leave)], by="fallback")
        opened = self._words.say("callback_opened", language, ticket="{ticket}")
        return Answer([_sentences(first, nobody, opened)], [callback(contact, situation.message.text)], by="fallback")

    def picture(self, situation: Situation) -> Answer:
        """A message of pictures only: nobody but a person can look at them."""
        button = self._words.button("ask_person", situation.language)
        text = self._words.say("picture_received", situation.language)
        return Answer([Said(text, (button,) if button else ())], by="picture")

    def _tapped(self, situation: Situation) -> Answer | None:
        """The buttons that need no bot: an article of a choice."""
        payload = situation.message.payload or ""
        if not payload.startswith(CHOOSE):
            return None
        reference = chosen_article(payload)
        if reference is None:
            return None
        return Answer([Said(article=reference)], by="knowledge")

    def _choice(self, known: Understanding, language: str) -> Said:
        buttons = []
        for match in known.articles[:3]:
            slots = json.dumps({"article_id": match.id, "article_version": match.version}, ensure_ascii=False)
            buttons.append({"title": match.question, "payload": CHOOSE + slots})
        return Said(self._words.say("choice", language), tuple(buttons))

    async def _recent(self, situation: Situation) -> Sequence[Event]:
        seq = situation.message.seq
        events = await self._desk.events(situation.conversation.id, after=max(0, seq - _RECENT), limit=_RECENT)
        return [event for event in events if event.seq <= seq]


def opening(words: Words, situation: Situation) -> str:
    """When people are back, as the end of a sentence."""
    opens_at = situation.duty.opens_at
    if opens_at is None:
        return words.say("opens_unknown", situation.language)
    return words.say("opens_at", situation.language, moment=words.moment(opens_at, situation.language))


def callback(contact: str, summary: str) -> dict[str, object]:
    """The command that books a call-back."""
    fields = {"contact": contact, "summary": summary[:500]}
    return {"command": "ticket.open", "kind": "callback", "fields": fields, "due_hours": _CALLBACK_HOURS}


def _asks_for_person(situation: Situation, words: Words) -> bool:
    if situation.message.payload:
        return situation.message.payload.startswith("/ask_person")
    return words.asks_for_person(situation.message.text)


def _sentences(*parts: str) -> Said:
    return Said("\n\n".join(part for part in parts if part))
