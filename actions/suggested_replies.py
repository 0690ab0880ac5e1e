"""Up to three replies for an agent, the same as the agents' door gives; asked of this server directly, in no flow."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.guarded import Events, GuardedAction
from desk.assist.lines import Line
from desk.assist.replies import Reply, replies, values_of
from desk.assist.situation import read_situation
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.suggesting.asking import moment_of
from knowledge_base.suggesting.candidate import Candidate

SECONDS = 1.0
# Slots of the bot that are facts of the case.
_FACTS = ("order_number", "phone_tail", "card_tail")


class ActionSuggestReplies(GuardedAction):
    """`{"suggestions": [{id, text, source, confidence, missing, prior}]}`; an empty list when nothing fits."""

    def name(self) -> str:
        return "action_suggest_replies"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        known = {slot: str(value) for slot in _FACTS if (value := tracker.get_slot(slot))}
        situation = read_situation(_lines(tracker), known)
        found: list[Candidate] = []
        if situation.asked:
            try:
                moment = moment_of(situation, tracker.get_slot("language"))
                found = await connections.knowledge().suggest(moment, seconds=SECONDS)
            except KnowledgeUnavailable:
                found = []
        chosen = replies(found, values_of(situation.facts, ""))
        say.utter_message(json_message={"suggestions": [_shown(reply) for reply in chosen]})
        return []


def _lines(tracker: Tracker) -> list[Line]:
    """What was said, from the tracker's events; a reply with `agent` in its metadata is a person's."""
    lines = []
    for seq, event in enumerate(tracker.events or (), start=1):
        text = str(event.get("text") or "")
        if event.get("event") == "user" and text:
            payload = text if text.startswith("/") else None
            lines.append(Line(seq, "customer", text, payload=payload))
        elif event.get("event") == "bot" and text:
            metadata = event.get("metadata") or {}
            article = (metadata.get("article") or {}).get("id")
            lines.append(Line(seq, "agent" if metadata.get("agent") else "bot", text, article=article))
    latest = str((tracker.latest_message or {}).get("text") or "")
    if latest and not any(line.speaker == "customer" for line in lines):
        lines.append(Line(len(tracker.events or ()) + 1, "customer", latest))
    return lines


def _shown(reply: Reply[Candidate]) -> dict[str, Any]:
    one = reply.candidate
    source = {"kind": one.kind, "id": one.id, "version": one.version, "title": one.title}
    return {
        "id": reply.id,
        "text": reply.text,
        "source": {**source, "conversation": one.conversation},
        "confidence": one.confidence,
        "missing": list(reply.missing),
        "prior": one.prior.as_json() if one.prior else None,
    }
