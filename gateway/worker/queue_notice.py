"""What a customer who waits for a person is told: their place, now and then, and that they may leave the queue."""

from datetime import datetime

from desk import Conversation, Desk, Event, Reply, Turn
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
        replies = all_in_script([await self._notice(conversation.id, language)], language)
        return Turn(conversation.epoch, replies, language=language)

    async def _notice(self, conversation_id: str, language: str) -> Reply:
        queue = {waiting.conversation: waiting.position for waiting in await self._desk.waiting()}
        ahead = queue.get(conversation_id, 1) - 1
        key = "queue_position" if ahead > 0 else "queue_next"
        button = {"title": self._words.say("button.cancel_waiting", language), "payload": CANCEL}
        return Reply(self._words.say(key, language, ahead=ahead), [button], notice=True)

    async def _told_lately(self, conversation: Conversation, now: datetime) -> bool:
        """Whether we said anything within the last minute: the word that a person will come counts."""
        after = max(0, conversation.seq - _RECENT)
        events = await self._desk.events(conversation.id, after=after, limit=2 * _RECENT)
        ours = [event for event in events if event.type == "message" and event.author.role in ("bot", "system")]
        return bool(ours) and (now - ours[-1].at).total_seconds() < self._every
