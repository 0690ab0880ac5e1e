"""What a customer who waits for a person is told: their place, now and then, and that they may leave the queue."""

import math
from datetime import datetime

from desk import Conversation, Desk, Event, Outlook, Reply, Step, Turn
from gateway.worker.language import language_of
from gateway.worker.rendering import all_in_script
from gateway.worker.words import Words

CANCEL = "/cancel_waiting"
_RECENT = 30


class QueueNotice:
    """Decides the turn of a message that arrives while the customer waits."""

    def __init__(self, desk: Desk, words: Words, every_seconds: int) -> None:
        self._desk = desk
        self._words = words
        self._every = every_seconds

    async def turn(self, conversation: Conversation, message: Event, now: datetime) -> Turn | None:
        """None: the customer was told a moment ago."""
        language = await language_of(self._desk, conversation, message)
        if message.payload == CANCEL or (not message.payload and self._words.cancels_waiting(message.text)):
            said = Reply(self._words.say("queue_cancelled", language))
            replies = all_in_script([said], language)
            return Turn(conversation.epoch, replies, [{"command": "handoff.cancel"}], language=language)
        if await self._told_lately(conversation, now):
            return None
        outlook = await self._desk.routing.outlook(conversation.id) or Outlook(1, None)
        replies = all_in_script([self._notice(outlook, language)], language)
        return Turn(conversation.epoch, replies, language=language)

    async def on_joining(self, conversation: Conversation, language: str) -> Step | None:
        """What somebody who has just joined the queue is told; None: that a person comes says it all."""
        outlook = await self._desk.routing.outlook(conversation.id)
        if outlook is None or (outlook.position == 1 and outlook.seconds is None):
            return None
        return Step(conversation.epoch, replies=all_in_script([self._notice(outlook, language)], language))

    def _notice(self, outlook: Outlook, language: str) -> Reply:
        ahead = outlook.position - 1
        place = self._words.say("queue_position" if ahead else "queue_next", language, ahead=ahead)
        wait = self._expected(outlook.seconds, language)
        button = {"title": self._words.say("button.cancel_waiting", language), "payload": CANCEL}
        return Reply(f"{place}{self._words.say('between_sentences', language)}{wait}".rstrip(), [button], notice=True)

    def _expected(self, seconds: int | None, language: str) -> str:
        """Nothing when it is not known: a time that is made up annoys more than none."""
        if seconds is None:
            return ""
        minutes = math.ceil(seconds / 60)
        return self._words.say("queue_soon" if minutes <= 1 else "queue_wait", language, minutes=minutes)

    async def _told_lately(self, conversation: Conversation, now: datetime) -> bool:
        """Whether we said anything within the last minute: the word that a person will come counts."""
        after = max(0, conversation.seq - _RECENT)
        events = await self._desk.events(conversation.id, after=after, limit=2 * _RECENT)
        ours = [event for event in events if event.type == "message" and event.author.role in ("bot", "system")]
        return bool(ours) and (now - ours[-1].at).total_seconds() < self._every
