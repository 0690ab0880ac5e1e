"""Up to three replies for an agent, from the knowledge base; asked of this server directly, in no flow of the bot."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import connections
from actions.guarded import Events, GuardedAction
from knowledge_base.client import KnowledgeUnavailable

MOST = 3
SECONDS = 1.0


class ActionSuggestReplies(GuardedAction):
    """`{"suggestions": [{id, text, source, confidence}]}` for the latest message; an empty list when nothing fits."""

    def name(self) -> str:
        return "action_suggest_replies"

    async def act(self, say: CollectingDispatcher, tracker: Tracker) -> Events:
        text, language = tracker.latest_message.get("text") or "", tracker.get_slot("language")
        try:
            found = await connections.knowledge().understand(text, language, audience="agent", timeout=SECONDS)
        except KnowledgeUnavailable:
            say.utter_message(json_message={"suggestions": []})
            return []
        suggestions = [
            {
                "id": f"{article.id}@{article.version}",
                "text": article.answer,
                "source": {"kind": "article", "id": article.id, "version": article.version, "title": article.question},
                "confidence": article.confidence,
            }
            for article in found.articles[:MOST]
        ]
        say.utter_message(json_message={"suggestions": suggestions})
        return []
