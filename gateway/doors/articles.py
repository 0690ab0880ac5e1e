"""The editors' door: articles listed, read, saved, with their history, and found as a customer would find them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query
from pydantic import BaseModel, Field, StringConstraints

from gateway.doors.agent_identity import own_page_only
from gateway.doors.articles_access import Editing, SignedInEditor, refusal
from gateway.doors.articles_why import with_reasons
from gateway.doors.declared import problems
from gateway.doors.edge import ARTICLE_LIMIT
from gateway.doors.texts import Language, our_language
from gateway.problems import DoorError
from knowledge_base.editing_client import EditingClient, KnowledgeRefused

# Words that stand in the place of an id in this door's own addresses.
_RESERVED = frozenset({"search", "import", "export"})

router = APIRouter(prefix="/v1/articles", tags=["editors"], dependencies=[Depends(own_page_only)])

ArticleId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
Moment = Annotated[str, StringConstraints(max_length=40)]
Line = Annotated[str, StringConstraints(max_length=300)]


class WordingIn(BaseModel):
    """One article in one language."""

    question: Line
    phrasings: Annotated[list[Line], Field(max_length=100)] = []
    answer: Annotated[str, StringConstraints(max_length=8000)]


class ArticleIn(BaseModel):
    """An article as editors write it; the knowledge server says what is wrong with it."""

    category: Annotated[str, StringConstraints(max_length=60)]
    audience: Literal["customer", "agent"] = "customer"
    flow: Annotated[str, StringConstraints(max_length=40)] | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    texts: dict[Literal["zh-Hans", "zh-Hant", "en"], WordingIn]


class Listed(BaseModel):
    """An article in the list: its questions by language, and how many phrasings it has in all."""

    id: str
    version: int
    category: str
    audience: str
    flow: str | None
    valid_from: str | None
    valid_until: str | None
    question: dict[str, str]
    phrasings: int


class Articles(BaseModel):
    base_version: str
    articles: list[Listed]


class Derived(BaseModel):
    question: str
    answer: str


class ReadArticle(BaseModel):
    """An article to be edited; `derived` is how readers of Traditional Chinese see it."""

    id: str
    version: int
    updated_by: str | None
    updated_at: str | None
    article: dict[str, Any]
    derived: Derived


class History(BaseModel):
    id: str
    versions: list[dict[str, Any]]


class Saved(BaseModel):
    id: str
    version: int


class Found(BaseModel):
    """An understanding without its vector; each of `articles` has `why` beside its own fields."""

    outcome: str
    base_version: str
    articles: list[dict[str, Any]]


@router.get("", responses=problems(401, 403, 422))
async def list_articles(
    _editor: SignedInEditor,
    editing: Editing,
    q: Annotated[str, Query(max_length=200, description="part of an id or of a question")] = "",
    category: Annotated[str, Query(max_length=60)] = "",
) -> Articles:
    """Every article, or those that match."""
    base = await editing.articles()
    wanted = [one for one in base["articles"] if category in ("", one["category"]) and _mentions(one, q)]
    return Articles(base_version=base["base_version"], articles=[_listed(one) for one in wanted])


@router.get("/search", responses=problems(401, 403, 422))
async def search_as_customer(
    _editor: SignedInEditor,
    editing: Editing,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    language: Annotated[Language | None, Query()] = None,
    audience: Literal["customer", "agent"] = "customer",
    why: Annotated[bool, Query(description="with the reasons, which take a moment longer")] = True,
) -> Found:
    """What a customer who writes `q` is answered, and why."""
    understood = await editing.understand(q, our_language(language), audience, explain=why)
    told = await with_reasons(editing, q, understood) if why else understood
    return Found.model_validate({key: told[key] for key in ("outcome", "base_version", "articles")})


@router.get("/{article_id}", responses=problems(401, 403, 404, 422))
async def read_article(article_id: ArticleId, _editor: SignedInEditor, editing: Editing) -> ReadArticle:
    """One article as it stands, with who changed it last."""
    return await _read(editing, article_id)


@router.get("/{article_id}/history", responses=problems(401, 403, 404, 422))
async def read_history(article_id: ArticleId, _editor: SignedInEditor, editing: Editing) -> History:
    """Every version of an article, newest first."""
    return History(id=article_id, versions=await editing.history(article_id))


@router.put("/{article_id}", max_body_size=ARTICLE_LIMIT, responses=problems(400, 401, 403, 404, 412, 413, 422, 428))
async def save_article(
    article_id: ArticleId,
    body: ArticleIn,
    editor: SignedInEditor,
    editing: Editing,
    if_match: Annotated[
        str | None, Header(max_length=40, description="the version that is changed; 0: a new one")
    ] = None,
) -> Saved:
    """Save an article in the place of the version that If-Match names, or make it with `If-Match: 0`."""
    version = _version(if_match)
    if article_id in _RESERVED:
        raise DoorError("bad_article", facts={"detail": "id: is one of the words that addresses need"})
    try:
        return Saved(**await editing.save(article_id, version, body.model_dump(), editor.name))
    except KnowledgeRefused as error:
        raise await _told(editing, article_id, error) from error


async def _told(editing: EditingClient, article_id: str, error: KnowledgeRefused) -> DoorError:
    """The refusal of an edit; one that came too late carries what stands there now."""
    if error.code != "article_changed" or not error.problem.get("version"):
        return refusal(error)
    current = await _read(editing, article_id)
    facts = {"version": current.version, "by": current.updated_by, "at": current.updated_at}
    return DoorError("article_changed", facts={**facts, "current": current.model_dump()})


async def _read(editing: EditingClient, article_id: str) -> ReadArticle:
    newest = (await editing.history(article_id))[0]
    shown = await editing.rendered(article_id, "zh-Hant")
    return ReadArticle(
        id=article_id,
        version=newest["version"],
        updated_by=newest.get("by"),
        updated_at=newest.get("at"),
        article=newest["article"],
        derived=Derived(question=shown["question"], answer=shown["answer"]),
    )


def _listed(article: dict[str, Any]) -> Listed:
    texts = article["texts"]
    asked = {language: text["question"] for language, text in texts.items()}
    count = sum(len(text["phrasings"]) for text in texts.values())
    plain = {"valid_from": None, "valid_until": None, **article}
    return Listed.model_validate({**plain, "question": asked, "phrasings": count})


def _mentions(article: dict[str, Any], words: str) -> bool:
    looked_for = words.casefold().strip()
    places = (article["id"], *(text["question"] for text in article["texts"].values()))
    return not looked_for or any(looked_for in place.casefold() for place in places)


def _version(if_match: str | None) -> int:
    digits = (if_match or "").strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise DoorError("version_missing")
    return int(digits)
