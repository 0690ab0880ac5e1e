"""What export gives, import takes: the same articles, whatever characters they are made of."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge_base.article import LANGUAGES, Article, BadArticle, parse_article
from knowledge_base.importing.delimited import escaped, unescaped
from knowledge_base.importing.exporting import csv_parts, write
from knowledge_base.importing.files import read_file
from knowledge_base.shipped import read_articles

# What a cell cannot carry: surrogates and NUL (no article may have them), other control characters (XLSX has none).
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t", exclude_characters="\ufffe\uffff")
AWKWARD = st.sampled_from(
    ["=1+1", "+x", "-好", "@a", "'=a", "''-", "_x0041_", "_x005F_x0041_", '"', ",", ";", "\ufeff", "😀"]
)


def texts(longest: int) -> st.SearchStrategy[str]:
    letters = st.text(LETTERS, min_size=1, max_size=longest // 4)
    return st.one_of(letters, st.tuples(AWKWARD, letters).map("".join)).map(str.strip).filter(bool)


def lines(longest: int) -> st.SearchStrategy[str]:
    return texts(longest).map(lambda text: text.replace("\n", " ").strip()).filter(bool)


DAYS = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(date.isoformat)
WORDINGS = st.fixed_dictionaries(
    {"question": texts(300), "answer": texts(8000), "phrasings": st.lists(lines(300), max_size=4)}
)


@st.composite
def articles(draw: st.DrawFn) -> list[Article]:
    ids = draw(
        st.lists(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True), min_size=1, max_size=3, unique=True)
    )
    found = []
    for article_id in ids:
        first, last = sorted([draw(DAYS), draw(DAYS)], key=lambda day: (day is None, day or ""))
        data = {
            "id": article_id,
            "category": draw(lines(60)),
            "audience": draw(st.sampled_from(["customer", "agent"])),
            "flow": draw(st.none() | st.just("check_order")),
            "valid_from": first,
            "valid_until": last,
            "texts": draw(st.dictionaries(st.sampled_from(LANGUAGES), WORDINGS, min_size=1)),
        }
        try:
            found.append(parse_article(data))
        except BadArticle:
            continue
    return found


def back(exported: list[Article], name: str) -> list[Article]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        write(exported, name, path)
        read = read_file(path)
    assert read.broken == ()
    assert read.format == name
    return [draft.over(None) for draft in read.drafts]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles().filter(bool))
def test_csv_and_json_lines_lose_nothing(exported):
    assert back(exported, "csv") == exported
    assert back(exported, "jsonl") == exported


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles().filter(bool))
def test_spreadsheets_lose_nothing(exported):
    assert back(exported, "xlsx") == exported


def test_the_shipped_base_goes_out_and_comes_back():
    shipped = read_articles()
    for name in ("csv", "xlsx", "jsonl"):
        assert back(shipped, name) == shipped


@given(st.text(max_size=6) | AWKWARD)
def test_no_cell_of_a_csv_is_a_formula(cell):
    assert unescaped(escaped(cell)) == cell
    assert not escaped(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_line_breaks_within_a_phrasing_become_spaces_in_a_table():
    wording = {"question": "q", "answer": "one\r\ntwo\rthree", "phrasings": ["a\nb", "c"]}
    exported = parse_article({"id": "a", "category": "c", "texts": {"en": wording}})
    text = back([exported], "csv")[0].texts["en"]
    assert (text.phrasings, text.answer) == (("a b", "c"), "one\ntwo\nthree")


def test_a_csv_is_marked_so_that_spreadsheets_open_it_as_utf_8():
    assert next(csv_parts([])) == b"\xef\xbb\xbf"
