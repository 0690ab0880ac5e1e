"""Who may edit articles, and the knowledge server as the editors' door reaches it."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends

from desk import Agent
from gateway.doors.agent_identity import having
from gateway.doors.context import TheDoors
from gateway.problems import DoorError
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.editing_client import EditingClient, KnowledgeRefused

# Refusals of the knowledge server that are passed on under their own code, and what of them is.
_PASSED_ON = {
    "article_not_found": (),
    "article_changed": ("version", "by", "at"),
    "bad_article": ("detail",),
    "macro_changed": ("version",),
    "bad_macro": ("detail",),
    "version_missing": (),
    "import_refused": ("report",),
    "import_running": (),
    "unreadable_file": ("detail",),
}
_OTHERWISE_CALLED = {"not_found": "article_not_found", "too_large": "body_too_large"}


async def _editing(doors: TheDoors) -> AsyncIterator[EditingClient]:
    """A client for one request: editors are few, and nothing is left open."""
    try:
        async with EditingClient(doors.settings.knowledge_url) as client:
            yield client
    except KnowledgeUnavailable as error:
        raise DoorError("knowledge_unavailable") from error
    except KnowledgeRefused as error:
        raise refusal(error) from error


def refusal(error: KnowledgeRefused) -> DoorError:
    """What the knowledge server refused, as this door says it."""
    code = _OTHERWISE_CALLED.get(error.code, error.code)
    if code == "body_too_large":
        return DoorError(code)
    kept = _PASSED_ON.get(code)
    if kept is None:
        return DoorError("knowledge_refused")
    return DoorError(code, facts={key: error.problem[key] for key in kept if error.problem.get(key) is not None})


SignedInEditor = Annotated[Agent, having("articles.edit", "not_editor")]
Editing = Annotated[EditingClient, Depends(_editing)]
