"""Files as people really have them: their encodings, delimiters and mistakes, and the ones that mean harm."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge_base.importing.encodings import decode
from knowledge_base.importing.files import FileRead, read_file
from knowledge_base.importing.report import UnreadableFile
from knowledge_base.shipped import read_articles
from reading.script import to_traditional

HEADER = "id,language,question,phrasings,answer,category,audience,flow,valid_from,valid_until"
ROW = (
    'refund,zh-Hans,退款多久到账？,"退款几天到\n钱什么时候退",三天内到账。,c,customer,check_order,2026-01-05,2026-12-31'
)


@pytest.fixture
def read(tmp_path):
    """Reads what is given as a file, whatever its name."""

    def reading(content: str | bytes, name: str = "articles.csv") -> FileRead:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path)

    return reading


def workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def said(found: FileRead) -> list[tuple[int, str | None, str]]:
    return [(one.row, one.column, one.reason) for one in found.broken]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-bom"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
    ],
)
def test_the_encoding_is_found_and_said(read, codec, name):
    found = read(f"{HEADER}\n{ROW}\n".encode(codec))
    assert (found.encoding, found.format, found.rows, found.broken) == (name, "csv", 1, ())
    assert found.drafts[0].texts["zh-Hans"] == {
        "question": "退款多久到账？",
        "phrasings": ["退款几天到", "钱什么时候退"],
        "answer": "三天内到账。",
    }


def test_traditional_files_of_both_kinds_are_told_apart(read):
    text = to_traditional(f"{HEADER}\n{ROW}\n").replace("zh-Hans", "zh-Hant")
    for codec in ("big5", "gb18030"):
        found = read(text.encode(codec))
        assert (found.encoding, found.drafts[0].texts["zh-Hant"]["question"]) == (codec, "退款多久到賬？")


def test_single_short_questions_are_hardly_ever_taken_for_the_other_encoding():
    wrong = total = 0
    for article in read_articles():
        for text in article.texts["zh-Hans"].asked():
            for codec, written in (("gb18030", text), ("big5", to_traditional(text))):
                try:
                    data = written.encode(codec)
                except UnicodeEncodeError:
                    continue
                total += 1
                try:
                    wrong += decode(data).text != written
                except UnreadableFile:
                    wrong += 1
    assert total > 1500
    assert wrong <= total * 0.002


def test_an_encoding_that_can_only_be_guessed_is_refused_rather_than_read_wrongly(read):
    with pytest.raises(UnreadableFile, match="encoding is not clear"):
        read("id;question;answer\ncafe;Où est le café?;Rue de la Paix, à côté de l'hôtel.\n".encode("cp1252"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(read, delimiter):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(
        [["id", "question", "answer"], ["a", "一，二；三,四;五", "好, 的; 吧"]]
    )
    assert read(file.getvalue()).drafts[0].texts["zh-Hans"]["question"] == "一，二；三,四;五"


def test_excels_own_first_line_is_passed_over(read):
    assert read("sep=;\r\nid;question;answer\r\na;b c;d\r\n").rows == 1


def test_chinese_headers_and_values_are_understood(read):
    header = "编号,语言,问题,问法,回答,分类,对象,流程,生效,失效\n"
    text = header + "r1,简体中文,怎么退货,我要退货,可以退。,退货,客服,check_order,2026/1/5,2026年12月31日\n"
    draft = read(text.encode("gb18030")).drafts[0]
    assert draft.texts == {"zh-Hans": {"question": "怎么退货", "phrasings": ["我要退货"], "answer": "可以退。"}}
    assert draft.fields == {
        "category": "退货",
        "audience": "agent",
        "flow": "check_order",
        "valid_from": "2026-01-05",
        "valid_until": "2026-12-31",
    }


def test_a_row_without_a_language_is_read_by_what_it_says(read):
    found = read("id,question,answer\na,怎麼退貨？,可以\nb,怎么退货？,可以\nc,How do I send it back?,Like this\n")
    assert [list(draft.texts) for draft in found.drafts] == [["zh-Hant"], ["zh-Hans"], ["en"]]


def test_languages_of_one_article_come_in_rows_of_their_own(read):
    found = read("id,language,question,answer,category\na,zh,问,答,card\nb,en,q,a,\na,en,q,a,\n")
    assert [(draft.id, sorted(draft.texts), draft.rows) for draft in found.drafts] == [
        ("a", ["en", "zh-Hans"], {"zh-Hans": 2, "en": 4}),
        ("b", ["en"], {"en": 3}),
    ]
    assert found.drafts[0].fields == {"category": "card"}


def test_every_mistake_is_named_with_its_row_and_column(read):
    rows = [
        ",zh,问题,,回答,c,,,,",
        "a1,zh,,,回答,c,,,,",
        "a2,zh,问题,,,c,,,,",
        "a3,tlh,问题,,回答,c,,,,",
        f"a4,zh,{'问' * 301},,回答,c,,,,",
        "a5,zh,问题,,回答,c,everyone,Not A Flow,tomorrow,31.12.2026",
        "a6,zh,问题,,回答,c,,,2026-02-30,",
        "a7,zh,问题,,回答,c,,,2026-12-31,2026-01-01",
        "A 8,zh,问题,,回答,c,,,,",
        "a9,zh,问题,,回答,c,,,,",
        "a9,zh,问题,,回答,c,,,,",
        "b1,zh,问题,,回答,c,,,,",
        "b1,en,question,,answer,other,,,,",
        "b2,zh,问题,,好,的,c,,,,,还有",
        "b3,zh,问\0题,,回答,c,,,,",
    ]
    found = read("\n".join([HEADER, *rows]))
    assert found.rows == len(rows)
    assert [draft.id for draft in found.drafts] == []
    assert [(row, column) for row, column, _ in said(found)] == [
        (2, "id"), (3, "question"), (4, "answer"), (5, "language"), (6, "question"),
        (7, "audience"), (7, "flow"), (7, "valid_from"), (7, "valid_until"),
        (8, "valid_from"), (9, "valid_until"), (10, "id"), (12, None), (14, "category"),
        (15, None), (15, "audience"), (16, "question"),
    ]  # fmt: skip
    reasons = {(row, column): reason for row, column, reason in said(found)}
    assert reasons[2, "id"] == "is missing"
    assert reasons[6, "question"] == "must be text of 1-300 characters, not of 301"
    assert reasons[9, "valid_until"] == "must not be before valid_from"
    assert reasons[12, None] == "has the same id and language as row 11"
    assert reasons[14, "category"] == "is not the same as in row 13, which has the same id"
    assert reasons[16, "question"] == "has a NUL character"


def test_json_lines_are_whole_articles(read):
    good = {"id": "a", "category": "c", "texts": {"en": {"question": "q", "phrasings": ["p"], "answer": "a"}}}
    lines = [
        json.dumps({**good, "version": 7, "updated_by": "lin"}),
        "",
        json.dumps({**good, "id": "b", "texts": {"xx": {}}}),
        "{not json",
        json.dumps(good),
        "[" * 100_000,
        json.dumps({**good, "id": "c", "texts": {"en": {"question": "q\ud800", "answer": "a"}}}),
        json.dumps({**good, "id": "d"}),
    ]
    found = read("\n".join(lines), "export.txt")
    assert (found.format, found.rows, [draft.id for draft in found.drafts]) == ("jsonl", 7, ["d"])
    assert [(row, column) for row, column, _ in said(found)] == [
        (3, "texts"), (4, None), (5, "id"), (6, None), (7, "texts.en.question"),
    ]  # fmt: skip


def test_a_spreadsheet_is_read_as_it_is_seen(read):
    found = read(
        workbook(
            [],
            ["id", "语言", "question", "phrasings", "answer", "valid_from", "notes"],
            [12, "zh-CN", "怎么退", "一\n二", "可以", datetime(2026, 11, 22), "nobody reads this"],  # noqa: DTZ001 - as spreadsheets have it
            [None, None, None],
            ["b", "zh", None, None, "好", "soon"],
        ),
        "articles.csv",
    )
    assert (found.format, found.rows) == ("xlsx", 2)
    assert [(draft.id, draft.row, draft.fields) for draft in found.drafts] == [("12", 3, {"valid_from": "2026-11-22"})]
    assert found.drafts[0].texts["zh-Hans"]["phrasings"] == ["一", "二"]
    assert [(row, column) for row, column, _ in said(found)] == [(5, "question"), (5, "valid_from")]


def test_a_formula_is_its_last_value_and_never_run(read):
    found = read(workbook(["id", "question", "answer"], ["a", '=HYPERLINK("http://x","y")', "b"]))
    assert said(found) == [(2, "question", "is missing")]


def bomb() -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b"\0" * 1024 * 1024)
    return file.getvalue()


def lying_bomb() -> bytes:
    """As `bomb`, but the archive says that there is next to nothing in it."""
    data = bytearray(bomb())
    size = (300 * 1024 * 1024).to_bytes(4, "little")
    return bytes(data).replace(size, (10).to_bytes(4, "little"))


def far_corner() -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "id", "far away"
    book.save(file)
    return file.getvalue()


def no_book() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\r\n ", "empty"),
        (b"\xef\xbb\xbf", "row 1 must name the columns"),
        (b"a,b,c\n1,2,3\n", "row 1 must name the columns id, question, answer"),
        (b"id,question\na,b\n", "missing: answer"),
        (b"id,question,question,answer\n", "there twice"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old"),
        (b"PK\x03\x04 and then nothing", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "text"),
        (b"\xff\xfea", "damaged"),
        (b'id,question,answer\na,"b,c\n', "row 2: unexpected end of data"),
        (b'id,question,answer\na,"' + b"b" * 200_000 + b'",c', "field larger than field limit"),
        (b"id,question,answer" + b"," * 1_000_000 + b"\n", "a row of more than"),
        (b"id,question,answer\n" + b"," * 1_000_000, "a row of more than"),
        (b"id,question,answer\n" + b'"\n",' * 300_000, "a row of more than"),
        (b"id,question,answer\n" + b"a,b,c\n" * 60_001, "more than 60000 rows"),
    ],
    ids=lambda value: value[:20].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_a_file_that_is_no_table_is_refused_with_what_would_be_right(read, content, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read(content)


@pytest.mark.parametrize(
    ("make", "reason"),
    [(bomb, "too large"), (lying_bomb, "too large"), (far_corner, "too large"), (no_book, "not a spreadsheet")],
)
def test_a_hostile_spreadsheet_costs_nothing_but_a_refusal(read, make, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read(make(), "book.xlsx")


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path):
    path = Path(tmp_path / "large.csv")
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(UnreadableFile, match="20 MiB"):
        read_file(path)
