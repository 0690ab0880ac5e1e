"""The columns of a table of articles, in English and in Chinese, and how their cells are read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_base.article import AGENT, CUSTOMER, ENGLISH, SIMPLIFIED, TRADITIONAL
from knowledge_base.importing.report import UnreadableFile

COLUMNS = (
    "id language question phrasings answer category audience flow valid_from valid_until".split()
)  # in the order of an export
NEEDED = ("id", "question", "answer")
SHARED = ("category", "audience", "flow", "valid_from", "valid_until")  # the same in every row of an article

_CHINESE = {
    "编号": "id",
    "語言": "language",
    "语言": "language",
    "问题": "question",
    "问法": "phrasings",
    "回答": "answer",
    "分类": "category",
    "对象": "audience",
    "流程": "flow",
    "生效": "valid_from",
    "失效": "valid_until",
    "編號": "id",
    "問題": "question",
    "問法": "phrasings",
    "分類": "category",
    "對象": "audience",
}
_LANGUAGES = {
    **dict.fromkeys(("zh", "zh-cn", "zh-hans", "zh-sg", "简体", "简体中文", "中文", "简中"), SIMPLIFIED),
    **dict.fromkeys(
        ("zh-tw", "zh-hk", "zh-mo", "zh-hant", "繁体", "繁體", "繁体中文", "繁體中文", "繁中"), TRADITIONAL
    ),
    **dict.fromkeys(("en", "en-us", "en-gb", "english", "英文", "英语", "英語"), ENGLISH),
}
_AUDIENCES = {"客户": CUSTOMER, "客戶": CUSTOMER, "顾客": CUSTOMER, "客服": AGENT, "坐席": AGENT}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?")


def recognised(header: Sequence[str]) -> int:
    """How many of our columns a row names."""
    return sum(_name(cell) is not None for cell in header)


def places(header: Sequence[str], row: int) -> dict[str, int]:
    """Where each column is; columns of other names are passed over. Raises UnreadableFile."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = _name(cell)
        if name in found:
            raise UnreadableFile(f"row {row}: the column {name} is there twice")
        if name:
            found[name] = place
    if missing := [name for name in NEEDED if name not in found]:
        raise UnreadableFile(
            f"row {row} must name the columns id, question, answer (编号, 问题, 回答); missing: {', '.join(missing)}"
        )
    return found


def language(cell: str) -> str:
    """The tag that `cell` means, or `cell` itself."""
    return _LANGUAGES.get(cell.lower().replace("_", "-"), cell)


def audience(cell: str) -> str:
    """The audience that `cell` means, or `cell` itself."""
    return _AUDIENCES.get(cell, cell.lower())


def day(cell: str) -> str:
    """A day the way it is written in JSON; `cell` itself when it is none."""
    found = _DAY.fullmatch(cell)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else cell


def phrasings(cell: str) -> list[str]:
    """One a line."""
    return [line.strip() for line in re.split(r"\r\n|\r|\n", cell) if line.strip()]


def _name(cell: str) -> str | None:
    plain = cell.strip().lower().replace(" ", "_")
    return plain if plain in COLUMNS else _CHINESE.get(plain)
