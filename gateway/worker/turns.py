"""A burst taken to its end: read, decided, rendered, committed; decided again when the conversation moved on."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from desk import (
    Conversation,
    ConversationMovedOn,
    Desk,
    DeskError,
    Event,
    InboxEntry,
    Lease,
    Reply,
    TicketChanged,
    Turn,
)
from desk.article_choice import chosen_article
from desk.times import Clock
from gateway.worker.answer import Answer, Said
from gateway.worker.burst import joined, read_messages
from gateway.worker.contact_question import answers_contact_question
from gateway.worker.knowledge import Knowledge
from gateway.worker.metrics import Metrics
from gateway.worker.queue_notice import CANCEL, QueueNotice
from gateway.worker.rasa import Rasa, TurnFailed
from gateway.worker.rendering import Renderer, all_in_script
from gateway.worker.situation import Situation, look_around
from gateway.worker.without_bot import WithoutBot
from gateway.worker.words import Words
from knowledge_base.client import Understanding

_TRIES = 4
_LOOK_AGAIN = timedelta(hours=1)  # the doors put it off until the conversation is closed and did not come back
_log = structlog.get_logger(__name__)


class Turns:
    """Takes inbox entries of one conversation at a time; they must come in order and never at once.

    What is taken answers how many entries, from the front, are done with.
    """

    def __init__(
        self,
        desk: Desk,
        rasa: Rasa,
        knowledge: Knowledge,
        without_bot: WithoutBot,
        queue_notice: QueueNotice,
        renderer: Renderer,
        words: Words,
        welcome_channels: frozenset[str],
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._desk = desk
        self._rasa = rasa
        self._knowledge = knowledge
        self._without_bot = without_bot
        self._queue_notice = queue_notice
        self._renderer = renderer
        self._words = words
        self._welcome_channels = welcome_channels
        self._clock = clock
        self._metrics = metrics

    async def take(self, lease: Lease, entries: Sequence[InboxEntry]) -> int:
        """Answer messages as one, or let a person answer. Raises LeaseLost, StoreUnavailable, ConversationMovedOn."""
        messages = await read_messages(self._desk, entries)
        entries = entries[: len(messages) or 1]
        if not messages:
            _log.error("entry_without_message", conversation=entries[0].conversation, seq=entries[0].seq)
            return await self.drop(lease, entries)
        message, first_seq = joined(messages, self._words.is_courtesy), messages[0].seq
        understanding: Understanding | None = None
        for last in (*[False] * (_TRIES - 1), True):
            conversation = await self._desk.conversation(entries[0].conversation)
            if conversation.state in ("person", "closed"):
                return await self._leave(lease, entries, conversation)
            try:
                if conversation.state == "waiting":
                    return await self._notify(lease, entries[0], conversation, messages[0])
                situation = await look_around(
                    self._desk, self._knowledge, conversation, message, first_seq, understanding
                )
                understanding = situation.understanding
                return await self._answer(lease, entries, situation)
            except (ConversationMovedOn, TicketChanged):
                if last:
                    raise
        raise AssertionError("the last try returns or raises")

    async def apologise(self, lease: Lease, entries: Sequence[InboxEntry]) -> int:
        """An honest word instead of an answer that fails again and again."""
        conversation = await self._desk.conversation(entries[0].conversation)
        if conversation.state in ("person", "closed"):
            return await self._leave(lease, entries, conversation)
        language = conversation.language or "zh-Hans"
        person = self._words.button("ask_person", language)
        said = Reply(self._words.say("cannot_process", language), [person] if person else [])
        turn = Turn(conversation.epoch, all_in_script([said], language))
        return await self._commit(lease, entries, turn, "apology")

    async def drop(self, lease: Lease, entries: Sequence[InboxEntry]) -> int:
        """Finish without a word: nothing else is left to try."""
        await self._desk.finish(lease, *entries)
        return len(entries)

    async def _leave(self, lease: Lease, entries: Sequence[InboxEntry], conversation: Conversation) -> int:
        await self._desk.finish(lease, *entries)
        self._metrics.turns.labels(conversation.state).inc(len(entries))
        return len(entries)

    async def _commit(self, lease: Lease, entries: Sequence[InboxEntry], turn: Turn, by: str) -> int:
        await self._desk.commit_turn(lease, entries[0], turn, *entries[1:])
        self._metrics.turns.labels(by).inc(len(entries))
        return len(entries)

    async def _notify(self, lease: Lease, entry: InboxEntry, conversation: Conversation, message: Event) -> int:
        """One at a time: what comes after the word that they do not want to wait is for the bot."""
        turn = await self._queue_notice.turn(conversation, message, self._clock())
        if turn is None:
            return await self._leave(lease, [entry], conversation)
        return await self._commit(lease, [entry], turn, "waiting")

    async def _answer(self, lease: Lease, entries: Sequence[InboxEntry], situation: Situation) -> int:
        answer = await self._decide(situation)
        commands, ticket = await self._with_ticket_ids(lease, answer.commands)
        replies = await self._renderer.render(answer, situation, ticket)
        turn = Turn(
            epoch=situation.conversation.epoch,
            replies=[*self._welcome(situation), *replies],
            commands=commands,
            dialogue=answer.dialogue,
            language=situation.language,
        )
        done = await self._commit(lease, entries, turn, answer.by)
        if chosen_article(situation.message.payload or ""):
            await self._learn_later(situation.conversation.id)
        if any(command["command"] == "handoff.request" for command in commands):
            await self._tell_place(lease, situation.conversation.id, situation.language)
        return done

    async def _tell_place(self, lease: Lease, conversation_id: str, language: str) -> None:
        """Where the customer stands, now that they do; the turn is done, and stays done whatever happens here."""
        try:
            conversation = await self._desk.conversation(conversation_id)
            step = await self._queue_notice.on_joining(conversation, language)
            if step is not None:
                await self._desk.system_step(lease, conversation_id, step)
        except DeskError as error:
            _log.info("place_not_told", conversation=conversation_id, code=error.code)

    async def _learn_later(self, conversation_id: str) -> None:
        """Once it is closed, the doors look at what was chosen; the turn is done, and stays done."""
        try:
            await self._desk.assist.learn_later(conversation_id, _LOOK_AGAIN)
        except DeskError as error:
            _log.info("choice_not_noted", conversation=conversation_id, code=error.code)

    async def _decide(self, situation: Situation) -> Answer:
        if not situation.message.text.strip() and not situation.message.payload:
            return self._without_bot.picture(situation)
        if situation.message.payload == CANCEL:
            return Answer([Said(self._words.say("queue_cancelled", situation.language))], by="queue")
        if await answers_contact_question(self._desk, situation):
            return await self._without_bot.contact_left(situation)
        try:
            answer = await self._rasa.turn(situation.body())
        except TurnFailed as error:
            self._metrics.failures.labels(error.code).inc()
            _log.warning("turn_without_bot", conversation=situation.conversation.id, code=error.code)
            return await self._without_bot.answer(situation)
        return answer if answer.said else _with_words(answer, self._words, situation.language)

    async def _with_ticket_ids(
        self, lease: Lease, commands: Sequence[Mapping[str, Any]]
    ) -> tuple[list[Mapping[str, Any]], str | None]:
        """The commands, each new ticket with an id of ours; and the first of these ids."""
        ready: list[Mapping[str, Any]] = []
        first: str | None = None
        for command in commands:
            if command["command"] == "ticket.open":
                ticket = await self._desk.reserve_ticket(lease.partition)
                first = first or ticket
                ready.append({**command, "ticket": ticket})
            else:
                ready.append(command)
        return ready, first

    def _welcome(self, situation: Situation) -> list[Reply]:
        if not situation.is_first_message or situation.conversation.address.channel not in self._welcome_channels:
            return []
        return all_in_script([Reply(self._words.say("welcome", situation.language))], situation.language)


def _with_words(answer: Answer, words: Words, language: str) -> Answer:
    """A handoff that came without a sentence gets one: nothing happens in silence."""
    asks = any(command["command"] == "handoff.request" for command in answer.commands)
    said = [Said(words.say("person_coming", language))] if asks else []
    return Answer(said, answer.commands, answer.dialogue, answer.by)
