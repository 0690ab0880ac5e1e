"""The editors' door: what customers asked that an article answered, as a tap or an agent's answer has shown."""

from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from gateway.doors.agent_identity import own_page_only
from gateway.doors.articles import ArticleId
from gateway.doors.articles_access import Editing, SignedInEditor
from gateway.doors.declared import problems

router = APIRouter(
    prefix="/v1/articles/{article_id}/confirmed", tags=["editors"], dependencies=[Depends(own_page_only)]
)

QuestionId = Annotated[str, Path(min_length=1, max_length=150)]

_log = structlog.get_logger()


class Confirmed(BaseModel):
    """What a customer asked, how it was seen that this article answers it, and what the bot had given instead."""

    id: str
    asked: str
    by: Literal["customer", "agent"]
    instead_of: list[str]


class ConfirmedQuestions(BaseModel):
    """Latest first."""

    confirmed: list[Confirmed]


@router.get("", responses=problems(401, 403, 422))
async def confirmed_questions(article_id: ArticleId, _editor: SignedInEditor, editing: Editing) -> ConfirmedQuestions:
    """The questions that this article was right for, without what is personal."""
    return ConfirmedQuestions.model_validate(await editing.confirmed(article_id))


@router.delete("/{question_id}", status_code=204, responses=problems(401, 403, 422))
async def drop_question(
    article_id: ArticleId, question_id: QuestionId, editor: SignedInEditor, editing: Editing
) -> None:
    """The article does not answer it: nothing is learned from it any more."""
    await editing.drop_confirmed(question_id)
    _log.info("confirmed_dropped", article=article_id, question=question_id, by=editor.name)
