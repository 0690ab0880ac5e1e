"""`zhiban kb import` and `export`: straight to the store, whether the product runs or not."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

from knowledge_base.bulk_store import BulkStore
from knowledge_base.encoder import Encoder, load_encoder, prepared
from knowledge_base.importing.collisions import Asked, Texts
from knowledge_base.importing.exporting import FORMATS, write
from knowledge_base.importing.importer import Importer, Progress, encoded, stored
from knowledge_base.importing.report import ImportRefused, Report, UnreadableFile
from knowledge_base.settings import BadSetting
from knowledge_base.settings import Settings as KnowledgeSettings
from knowledge_base.shipped import read_articles
from knowledge_base.store import SHIPPED, ArticleChanged, StoreUnavailable
from knowledge_base.vectors import Vectors
from zhiban.around_redis import redis_url
from zhiban.kb_progress import bars
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings

_MOST_LINES = 20


async def take_in(settings: Settings, screen: Screen, file: Path, by: str | None) -> bool:
    """Import `file` in the name of `by`, or only say what that would change; False when something is broken."""
    if by is not None and (not by.strip() or by.strip() == SHIPPED):
        raise Problem("--by must be the name of whoever imports.")
    knowledge = _settings(settings)
    async with redis_url(settings, screen) as url:
        store = BulkStore(url, knowledge.namespace)
        try:
            report = await _imported(store, knowledge, file, by)
        except UnreadableFile as error:
            raise Problem(f"{file}: {error}.") from error
        except ArticleChanged as error:
            raise Problem(f"{error} while this went on: nothing was imported, run it again.") from error
        except StoreUnavailable as error:
            raise Problem(
                f"Redis does not answer ({error}): run it again with --dry-run to see how it stands."
            ) from error
        finally:
            await store.aclose()
    for line in _lines(report):
        screen.say(line)
    return not report.broken


async def give_out(settings: Settings, screen: Screen, file: Path) -> int:
    """Export every article; how many."""
    name = file.suffix.lstrip(".").lower()
    if name not in FORMATS:
        raise Problem(f"{file}: the name must end in .csv, .xlsx or .jsonl.")
    async with redis_url(settings, screen) as url:
        store = BulkStore(url, _settings(settings).namespace)
        try:
            editions = await stored(store, sorted(await store.versions()))
        except StoreUnavailable as error:
            raise Problem(f"Redis does not answer ({error}).") from error
        finally:
            await store.aclose()
    try:
        write([edition.article for edition in editions.values()], name, file)
    except OSError as error:
        raise Problem(f"{file}: {error.strerror}.") from error
    return len(editions)


async def _imported(store: BulkStore, knowledge: KnowledgeSettings, file: Path, by: str | None) -> Report:
    @cache
    def encoder() -> Encoder:
        return load_encoder(knowledge.encoder, knowledge.encoder_prompt)

    async def encode(texts: Sequence[str]) -> Vectors:
        return encoder().encode([prepared(text) for text in texts])

    async def known(without: frozenset[str], progress: Progress) -> Iterable[Texts]:
        ids = [article_id for article_id in sorted(await store.versions()) if article_id not in without]
        editions = (await stored(store, ids)).values()
        asked = [
            Asked(edition.article.id, prepared(text), text)
            for edition in editions
            for wording in edition.article.texts.values()
            for text in wording.asked()
        ]
        return [Texts(asked, await encoded(encode, [one.text for one in asked], progress))] if asked else []

    importer = Importer(store, encode, known, read_articles())
    with bars() as shown:
        plan = await importer.plan(file, shown.show)
        if by is None:
            return plan.report
        try:
            return await importer.apply(plan, by.strip(), datetime.now(timezone.utc), shown.show)
        except ImportRefused as refused:
            return refused.report


def _lines(report: Report) -> list[str]:
    encoding = "" if report.format == "xlsx" else f" in {report.encoding}"
    lines = [f"{report.format}{encoding}, {report.rows} rows, {report.articles} articles"]
    lines += _some([f"row {one.row}, {one.column or 'whole row'}: {one.reason}" for one in report.broken], "broken")
    lines += _some(
        [
            f"row {one.row}: 「{one.question}」 is {'also' if one.same else f'{one.similarity:.2f} like'} "
            f"「{one.similar_to}」 of {one.article}"
            for one in report.collisions
        ],
        "questions that another article has",
    )
    lines += _some([" ".join((one.what, one.id, *one.fields)) for one in report.changes], "changes")
    counts = f"{report.created} created, {report.changed} changed, {report.unchanged} unchanged"
    if report.applied:
        return [*lines, f"imported: {counts}"]
    return [*lines, f"nothing imported{': something is broken' if report.broken else ''}; it would be {counts}"]


def _some(lines: list[str], what: str) -> list[str]:
    if not lines:
        return []
    more = [f"  ... and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else []
    return [f"{len(lines)} {what}:", *(f"  {line}" for line in lines[:_MOST_LINES]), *more]


def _settings(settings: Settings) -> KnowledgeSettings:
    try:
        return KnowledgeSettings.from_environment(settings.environ)
    except BadSetting as error:
        raise Problem(f"{error}.") from error
