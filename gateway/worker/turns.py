"""One message taken to its end: read, decided, rendered, committed; decided again when the conversation moved on."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from desk import Conversation, ConversationMovedOn, Desk, Event, InboxEntry, Lease, Reply, TicketChanged, Turn
from desk.times import Clock
from gateway.worker.answer import Answer, Said
from gateway.worker.contact_question import answers_contact_question
from gateway.worker.knowledge import Knowledge
from gateway.worker.metrics import Metrics
from gateway.worker.queue_notice import CANCEL, QueueNotice
from gateway.worker.rasa import Rasa, TurnFailed
from gateway.worker.rendering import Renderer, all_in_script
from gateway.worker.situation import Situation, look_around, read_message
from gateway.worker.without_bot import WithoutBot
from gateway.worker.words import Words
from knowledge_base.client import Understanding

_TRIES = 4
_log = structlog.get_logger(__name__)


class Turns:
    """Takes inbox entries one at a time; one conversation's entries must come in order and never at once."""

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

    async def take(self, lease: Lease, entry: InboxEntry) -> None:
        """Answer one message, or let a person answer it. Raises LeaseLost, StoreUnavailable, ConversationMovedOn."""
        message = await read_message(self._desk, entry)
        if message is None:
            _log.error("entry_without_message", conversation=entry.conversation, seq=entry.seq)
            await self._desk.finish(lease, entry)
            return
        understanding: Understanding | None = None
        for last in (*[False] * (_TRIES - 1), True):
            conversation = await self._desk.conversation(entry.conversation)
            if conversation.state in ("person", "closed"):
                await self._leave(lease, entry, conversation)
                return
            try:
                if conversation.state == "waiting":
                    await self._notify(lease, entry, conversation, message)
                    return
                situation = await look_around(self._desk, self._knowledge, conversation, message, understanding)
                understanding = situation.understanding
                await self._answer(lease, entry, situation)
                return
            except (ConversationMovedOn, TicketChanged):
                if last:
                    raise

    async def apologise(self, lease: Lease, entry: InboxEntry) -> None:
        """An honest word instead of an answer that fails again and again."""
        conversation = await self._desk.conversation(entry.conversation)
        if conversation.state in ("person", "closed"):
            await self._leave(lease, entry, conversation)
            return
        language = conversation.language or "zh-Hans"
        person = self._words.button("ask_person", language)
        said = Reply(self._words.say("cannot_process", language), [person] if person else [])
        await self._desk.commit_turn(lease, entry, Turn(conversation.epoch, all_in_script([said], language)))
        self._metrics.turns.labels("apology").inc()

    async def _leave(self, lease: Lease, entry: InboxEntry, conversation: Conversation) -> None:
        await self._desk.finish(lease, entry)
        self._metrics.turns.labels(conversation.state).inc()

    async def _notify(self, lease: Lease, entry: InboxEntry, conversation: Conversation, message: Event) -> None:
        turn = await self._queue_notice.turn(conversation, message, self._clock())
        if turn is None:
            await self._desk.finish(lease, entry)
        else:
            await self._desk.commit_turn(lease, entry, turn)
        self._metrics.turns.labels("waiting").inc()

    async def _answer(self, lease: Lease, entry: InboxEntry, situation: Situation) -> None:
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
        await self._desk.commit_turn(lease, entry, turn)
        self._metrics.turns.labels(answer.by).inc()

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
