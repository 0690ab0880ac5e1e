"""What the knowledge server is sent, with its bounds, and what it answers beside articles and understandings."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

LONGEST_TEXT = 4000
MOST_INPUTS = 256

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Language = Literal["zh-Hans", "zh-Hant", "en"]


class Context(BaseModel):
    """What was talked about before a text: the articles answered last, best first, and the customer's text before."""

    articles: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=5)] = []
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""


class Question(BaseModel):
    """A text to be understood; with `explain`, each article comes with `why` it was found."""

    text: Text
    language: Language | None = None
    audience: Literal["customer", "agent"] = "customer"
    context: Context | None = None
    explain: bool = False


class EmbeddingsRequest(BaseModel):
    """A request as OpenAI's API has it; `model` is accepted and ignored, there is one encoder."""

    input: Text | Annotated[list[Text], Field(min_length=1, max_length=MOST_INPUTS)]
    model: str | None = None
    encoding_format: Literal["float", "base64"] = "float"

    def texts(self) -> list[str]:
        return [self.input] if isinstance(self.input, str) else self.input


class ArticleEdit(BaseModel):
    """An article as an editor saves it; the fields are checked by `knowledge_base.article`."""

    model_config = ConfigDict(extra="allow")

    by: Annotated[str, Field(min_length=1, max_length=80)] = "editor"
    category: str
    texts: dict[str, Any]


class EncoderBody(BaseModel):
    name: str
    version: str
    dimension: int


class SavedArticle(BaseModel):
    id: str
    version: int


class ListedArticle(BaseModel):
    id: str
    version: int
    category: str
    audience: str
    flow: str | None
    texts: dict[str, Any]


class ArticleList(BaseModel):
    base_version: str
    articles: list[ListedArticle]
