"""What time brings: nobody came, an agent left, a conversation fell silent, everybody went home."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from desk import (
    ConversationMovedOn,
    ConversationNotFound,
    Desk,
    Duty,
    Lease,
    Reply,
    Step,
    TicketChanged,
    Timer,
    Waiting,
    step_for,
)
from desk.times import Clock
from gateway.worker.callbacks import Callbacks
from gateway.worker.contact_question import marked_message_id
from gateway.worker.rendering import all_in_script
from gateway.worker.words import Words

_DEFAULT_LANGUAGE = "zh-Hans"
_log = structlog.get_logger(__name__)


class Timers:
    """Ends what is due, each in one atomic step; a step that comes too late is refused by the desk and dropped."""

    def __init__(self, desk: Desk, callbacks: Callbacks, words: Words, unattended_seconds: int, clock: Clock) -> None:
        self._desk = desk
        self._callbacks = callbacks
        self._words = words
        self._unattended = unattended_seconds
        self._clock = clock
        self._nobody_since: datetime | None = None

    async def end_due(self, lease: Lease) -> None:
        """Everything that is due in one partition."""
        for timer in await self._desk.due_timers(lease, self._clock()):
            await self._do(lease, timer.conversation, await self._step(lease, timer))

    async def send_back_unattended(self, leases: Sequence[Lease]) -> None:
        """When nobody has been reachable for a while, those who wait go back to the bot, with an apology."""
        duty, now = await self._desk.on_duty(), self._clock()
        if duty.reachable:
            self._nobody_since = None
            return
        self._nobody_since = self._nobody_since or now
        if (now - self._nobody_since).total_seconds() < self._unattended:
            return
        ours = {lease.partition: lease for lease in leases}
        for waiting in await self._desk.waiting():
            lease = ours.get(_partition(waiting.conversation))
            if lease is not None:
                await self._do(lease, waiting.conversation, await self._nobody_left(lease, waiting, duty))

    async def _do(self, lease: Lease, conversation_id: str, step: Step) -> None:
        try:
            await self._desk.system_step(lease, conversation_id, step)
        except (ConversationMovedOn, ConversationNotFound, TicketChanged):
            _log.info("step_came_too_late", conversation=conversation_id, reason=step.reason)

    async def _step(self, lease: Lease, timer: Timer) -> Step:
        language = timer.language or _DEFAULT_LANGUAGE
        if timer.kind == "agent_gone":
            return step_for(timer, all_in_script([Reply(self._words.say("agent_gone", language))], language))
        if timer.kind == "waiting_limit":
            sorry = self._words.say("waiting_limit", language)
            reply, commands = await self._back_to_bot(lease, timer.conversation, sorry, language)
            return step_for(timer, [reply], commands)
        return step_for(timer)

    async def _nobody_left(self, lease: Lease, waiting: Waiting, duty: Duty) -> Step:
        language = waiting.language or _DEFAULT_LANGUAGE
        sorry = self._words.say("nobody_any_more", language, opens=self._callbacks.opening(duty, language))
        reply, commands = await self._back_to_bot(lease, waiting.conversation, sorry, language)
        return Step(waiting.epoch, "bot", "nobody_on_duty", [reply], commands)

    async def _back_to_bot(
        self, lease: Lease, conversation_id: str, sorry: str, language: str
    ) -> tuple[Reply, list[dict[str, object]]]:
        """An apology, a call-back (or the question for a contact), and the word that the bot goes on."""
        conversation = await self._desk.conversation(conversation_id)
        tickets = await self._desk.tickets_of(conversation.address)
        offer = await self._callbacks.offer(conversation_id, conversation.seq, language, tickets)
        sentence, commands = offer.sentence, [dict(command) for command in offer.commands]
        for command in commands:
            command["ticket"] = await self._desk.reserve_ticket(lease.partition)
            sentence = sentence.replace("{ticket}", str(command["ticket"]))
        text = "\n\n".join([sorry, sentence, self._words.say("go_on_with_bot", language)])
        message_id = marked_message_id(self._clock) if offer.asks else None
        [reply] = all_in_script([Reply(text, message_id=message_id)], language)
        return reply, commands


def _partition(conversation_id: str) -> int:
    return int(conversation_id[1 : conversation_id.index("-")])
