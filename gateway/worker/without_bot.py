"""What we answer when Rasa cannot: the knowledge base alone if it knows, else an honest word and a way to a person."""

import json
from collections.abc import Mapping

from desk.article_choice import CHOOSE, ArticleReference, chosen_article
from gateway.worker.answer import Answer, Said
from gateway.worker.callbacks import Callbacks
from gateway.worker.situation import Situation
from gateway.worker.words import Words
from knowledge_base.client import ANSWER, CHOICE, Understanding

_CHOICES = 3
_ASK_PERSON = "/ask_person"


class WithoutBot:
    """Decides a turn without Rasa. It never touches the stored dialogue: the bot goes on where it was."""

    def __init__(self, callbacks: Callbacks, words: Words) -> None:
        self._callbacks = callbacks
        self._words = words

    async def answer(self, situation: Situation) -> Answer:
        payload = situation.message.payload or ""
        chosen = chosen_article(payload)
        if chosen is not None:
            return Answer([Said(article=chosen)], by="knowledge")
        if self._asks_for_person(situation):
            return await self._reach_person(situation, "asked", "")
        known = situation.understanding
        if known is not None and known.articles and known.outcome == ANSWER:
            answers = (known.articles[0], *known.also)
            said = [Said(article=ArticleReference(match.id, match.version)) for match in answers]
            return Answer(said, by="knowledge")
        if known is not None and known.articles and known.outcome == CHOICE:
            return Answer([self._choice(known, situation.language)], by="knowledge")
        return await self._reach_person(situation, "fallback", self._words.say("unwell", situation.language))

    async def contact_left(self, situation: Situation) -> Answer:
        """The customer was asked for a contact and has just given one."""
        offer = await self._callbacks.offer(
            situation.conversation.id, situation.message.seq, situation.language, situation.tickets
        )
        return Answer([Said(offer.sentence)], offer.commands, by="callback")

    def picture(self, situation: Situation) -> Answer:
        """A message of pictures only: nobody but a person can look at them."""
        button = self._words.button("ask_person", situation.language)
        text = self._words.say("picture_received", situation.language)
        return Answer([Said(text, (button,) if button else ())], by="picture")

    async def _reach_person(self, situation: Situation, reason: str, first: str) -> Answer:
        """A handoff if anyone is reachable, else a call-back, or the question how to reach the customer."""
        language = situation.language
        if situation.duty.reachable:
            coming = _paragraphs(first, self._words.say("person_coming", language))
            return Answer([Said(coming)], [{"command": "handoff.request", "reason": reason}], by="fallback")
        opens = self._callbacks.opening(situation.duty, language)
        nobody = self._words.say("nobody_now", language, opens=opens)
        offer = await self._callbacks.offer(
            situation.conversation.id, situation.message.seq, language, situation.tickets
        )
        said = Said(_paragraphs(first, nobody, offer.sentence), asks_contact=offer.asks)
        return Answer([said], offer.commands, by="fallback")

    def _asks_for_person(self, situation: Situation) -> bool:
        if situation.message.payload:
            return situation.message.payload.startswith(_ASK_PERSON)
        return self._words.asks_for_person(situation.message.text)

    def _choice(self, known: Understanding, language: str) -> Said:
        buttons: list[Mapping[str, str]] = []
        for match in known.articles[:_CHOICES]:
            slots = json.dumps({"article_id": match.id, "article_version": match.version}, ensure_ascii=False)
            buttons.append({"title": match.question, "payload": CHOOSE + slots})
        person = self._words.button("ask_person", language)
        return Said(self._words.say("choice", language), (*buttons, *([person] if person else [])))


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
