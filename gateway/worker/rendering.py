"""Replies as the customer reads them: articles and tickets in words, in the script that the customer writes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk import Reply
from desk.article_choice import CHOOSE, ArticleReference, chosen_article
from desk.times import Clock
from gateway.worker.answer import Answer, Said
from gateway.worker.answer_writing import AnswerWriter, Source
from gateway.worker.contact_question import marked_message_id
from gateway.worker.knowledge import Knowledge
from gateway.worker.situation import Situation
from gateway.worker.ticket_status import TicketStatus
from gateway.worker.words import Words
from knowledge_base.client import ANSWER, ArticleMatch, RenderedArticle
from reading.language import TRADITIONAL
from reading.script import to_traditional, traditional_lead

_TICKET_PLACE = "{ticket}"

Article = RenderedArticle | ArticleMatch


class Renderer:
    """Turns what was decided into what is sent."""

    def __init__(
        self,
        knowledge: Knowledge,
        ticket_status: TicketStatus,
        words: Words,
        clock: Clock,
        writer: AnswerWriter | None = None,
    ) -> None:
        """`writer` may fit articles to what was asked; None: they are sent as they are."""
        self._knowledge = knowledge
        self._ticket_status = ticket_status
        self._words = words
        self._clock = clock
        self._writer = writer

    async def render(self, answer: Answer, situation: Situation, ticket: str | None) -> list[Reply]:
        """One message a reply; `ticket` is the id of the ticket that this turn opens."""
        replies = await asyncio.gather(*(self._one(said, situation, ticket) for said in answer.said))
        return [in_script(reply, situation.language) for reply in replies]

    async def _one(self, said: Said, situation: Situation, ticket: str | None) -> Reply:
        if said.article is not None:
            return await self._article(said, said.article, situation)
        text = said.text
        if said.ticket_status is not None:
            text = "\n".join(filter(None, [text, await self._ticket_status.tell(said.ticket_status, situation)]))
        buttons = [await self._button(button, situation) for button in said.buttons]
        titled = [button for button in buttons if button["title"]]
        return Reply(
            text.replace(_TICKET_PLACE, ticket or ""),
            titled,
            image=said.image,
            message_id=marked_message_id(self._clock) if said.asks_contact else None,
        )

    async def _article(self, said: Said, reference: ArticleReference, situation: Situation) -> Reply:
        article = await self._find(reference, situation)
        if article is None:
            person = self._words.button("ask_person", situation.language)
            return Reply(self._words.say("answer_gone", situation.language), [person] if person else [])
        shown = {"id": article.id, "version": article.version, "title": article.question, "category": article.category}
        flow = self._words.button(article.flow, situation.language) if article.flow else None
        buttons = [*said.buttons, *([flow] if flow else [])]
        text = "\n\n".join(filter(None, [said.text, await self._told(article, situation)]))
        return Reply(text, buttons, article=shown)

    async def _told(self, article: Article, situation: Situation) -> str:
        """The article's text, reworded where it is the knowledge base's own answer and the writer has better words."""
        plain, known = article.answer.strip(), situation.understanding
        if self._writer is None or known is None or known.outcome != ANSWER or situation.message.payload:
            return plain
        if article.id not in {match.id for match in (*known.articles[:1], *known.also)}:
            return plain
        source = Source(article.id, f"{article.question}\n{plain}")
        return await self._writer.write(situation.message.text, [source], situation.language) or plain

    async def _button(self, button: Mapping[str, str], situation: Situation) -> Mapping[str, str]:
        """A button that offers an article bears its question, in the customer's language."""
        if not button["payload"].startswith(CHOOSE):
            return button
        reference = chosen_article(button["payload"])
        if reference is None or button["title"] not in ("", reference.id):
            return button
        article = await self._find(reference, situation)
        return {**button, "title": article.question if article else ""}

    async def _find(self, reference: ArticleReference, situation: Situation) -> Article | None:
        known = situation.understanding
        for match in (*known.articles, *known.also) if known else ():
            if match.id == reference.id and reference.version in (None, match.version):
                return match
        return await self._knowledge.article(reference.id, situation.language)


def in_script(reply: Reply, language: str) -> Reply:
    """`reply` in Traditional characters for those who write them."""
    if language != TRADITIONAL:
        return reply
    buttons = [{**button, "title": _traditional(button["title"])} for button in reply.buttons]
    article = reply.article and {**reply.article, "title": _traditional(str(reply.article["title"]))}
    return replace(reply, text=_traditional(reply.text), buttons=buttons, article=article)


def all_in_script(replies: Sequence[Reply], language: str) -> list[Reply]:
    return [in_script(reply, language) for reply in replies]


def _traditional(text: str) -> str:
    """Texts that an editor wrote in Traditional stay as they were written."""
    return text if traditional_lead(text) > 0 else to_traditional(text)
