"""The HTTP door to confirmed questions: kept, listed with what they did for the base, and dropped again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from knowledge_base.confirmed.question import parse_confirmed
from knowledge_base.server.knowledge import Knowledge


class ConfirmedIn(BaseModel):
    """Questions as the doors found them; their fields are checked by `knowledge_base.confirmed.question`."""

    confirmed: Annotated[list[dict[str, Any]], Field(max_length=200)]


class ConfirmedOut(BaseModel):
    id: str
    asked: str
    article: str
    by: str
    instead_of: list[str]


class ConfirmedList(BaseModel):
    """Latest first; `hearing` tells what those that were looked at last did for the base."""

    hearing: dict[str, Any]
    confirmed: list[ConfirmedOut]


def confirmed_routes(knowledge: Knowledge) -> APIRouter:
    """What the doors tell and editors look at."""
    router = APIRouter(prefix="/v1/confirmed")

    @router.post("", status_code=204)
    async def keep(given: ConfirmedIn) -> None:
        await knowledge.confirmed().add([parse_confirmed(one) for one in given.confirmed])

    @router.get("")
    async def listed(
        article: Annotated[str | None, Query(max_length=80)] = None,
        most: Annotated[int, Query(ge=1, le=5000)] = 200,
    ) -> ConfirmedList:
        kept = reversed(await knowledge.confirmed().all())
        found = [{"id": one.id, **one.as_json()} for one in kept if article in (None, one.article)]
        return ConfirmedList.model_validate({"hearing": knowledge.base().hearing.as_json(), "confirmed": found[:most]})

    @router.delete("/{question_id}", status_code=204)
    async def drop(question_id: str) -> None:
        await knowledge.confirmed().drop(question_id)

    return router
