"""Learning from cases that were closed and did not come back: good answers, and which article a question asked for."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from desk import Conversation, ConversationNotFound, DeskError, Event
from desk.assist.checking import Draft, check
from desk.assist.confirming import confirmations
from desk.assist.editing import kept
from desk.assist.learning import lessons
from desk.assist.lines import lines_of
from desk.assist.stripping import strip
from gateway.doors.context import Doors
from gateway.doors.texts import our_language
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.confirmed.question import ConfirmedQuestion
from knowledge_base.suggesting.answered import Answered

_EVERY_SECONDS = 300.0
_AGAIN = timedelta(hours=24)  # for what is still open
_LATEST = 500
_MACRO = 0.8  # a reply so like a macro is one
_WORST_RATING = 2

_log = structlog.get_logger()


async def keep_learning(doors: Doors) -> None:
    """Look every few minutes at what has become old enough, until cancelled."""
    # The first draft pays for loading the tables of characters: let nobody wait for that.
    await asyncio.to_thread(check, Draft("你好！"), doors.assist.rules, "zh-Hant")
    while _wanted():
        try:
            while await learn_once(doors) and _wanted():
                pass
        except (DeskError, KnowledgeUnavailable) as error:
            _log.info("learning_put_off", cause=type(error).__name__)
        if _wanted():
            await asyncio.sleep(_EVERY_SECONDS)


async def learn_once(doors: Doors, now: datetime | None = None) -> int:
    """Look at what is due; how many conversations that were."""
    due = await doors.desk.assist.claim_to_learn()
    if due:
        macros = [text for one in await doors.knowledge.macros() for text in one["text"].values()]
        for conversation_id in due:
            await _learn_from(doors, conversation_id, macros, now or datetime.now(UTC))
    return len(due)


async def _learn_from(doors: Doors, conversation_id: str, macros: list[str], now: datetime) -> None:
    desk, after = doors.desk.assist, doors.assist.learn_after
    try:
        conversation = await doors.desk.conversation(conversation_id)
    except ConversationNotFound:
        await desk.learned(conversation_id)
        return
    if conversation.state != "closed":
        await desk.learn_later(conversation_id, max(after, _AGAIN))
        return
    left = conversation.changed_at + after - now
    if left > timedelta():
        await desk.learn_later(conversation_id, left)
        return
    if not await desk.came_back(conversation.address, conversation.changed_at, conversation.changed_at + after):
        await _keep(doors, conversation, macros)
    await desk.learned(conversation_id)


async def _keep(doors: Doors, conversation: Conversation, macros: list[str]) -> None:
    events = await doors.desk.events(conversation.id, max(0, conversation.seq - _LATEST), _LATEST)
    if _rated_badly(events):
        return
    lines = lines_of(events)
    good = [
        Answered(conversation.id, one.seq, one.asked, one.reply, our_language(conversation.language) or "zh-Hans")
        for one in lessons(lines)
        if all(kept(strip(macro), one.reply) < _MACRO for macro in macros)
    ]
    confirmed = [
        ConfirmedQuestion(conversation.id, one.seq, one.asked, one.article, one.by, one.instead_of)
        for one in confirmations(lines)
    ]
    await doors.knowledge.add_answered(good)
    await doors.knowledge.add_confirmed(confirmed)
    _log.info("learned", answers=len(good), confirmed=len(confirmed))


def _rated_badly(events: list[Event]) -> bool:
    return any(event.type == "rating" and int(event.body.get("score") or 5) <= _WORST_RATING for event in events)


def _wanted() -> bool:
    """False once the task was cancelled, even if a client that connects took that for its own."""
    task = asyncio.current_task()
    return task is None or not task.cancelling()
