"""The articles in Redis: every key of the knowledge base, its type and its lifetime; nothing else here knows Redis.

All keys share one hash tag, so that what changes together lives in one slot:
    {<namespace>:kb}:article:<id>           hash    version, body (JSON), by, at: the article as it stands
    {<namespace>:kb}:article:<id>:history   stream  entry <version>-0: body, by, at; kept for ever
    {<namespace>:kb}:articles               set     ids
    {<namespace>:kb}:revision               string  counts every change; the version of the whole base
    {<namespace>:kb}:changes                stream  entry <revision>-0 names the changed article, <revision>-n (n > 0)
                                                    the encoder whose calibration is new; the last 10,000 are kept
    {<namespace>:kb}:calibrations           hash    by encoder: classifier and calibration in force (JSON);
                                                    `rerank:<reranker>:<encoder>`: how far a reranker is heard
    {<namespace>:kb}:calibrating:<encoder>  string  held while one process learns; expires after 30 s or more
    {<namespace>:kb}:vectors:<encoder>      hash    by article: what it says (a checksum) and its vectors in half
                                                    precision, so that a start need not encode; expires after 30 days
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from redis.exceptions import RedisError

from desk.store.link import cancellation_honoured
from desk.store.one_slot import connect_to_slot
from knowledge_base.article import Article, parse_article
from knowledge_base.retriever import Edition

SHIPPED = "shipped"
CALIBRATION_SECONDS = 30
_KEEP_CHANGES = 10_000
_VECTORS_SECONDS = 30 * 24 * 3600

# Writes if the stored version is the expected one; "shipped" content expects that no editor has ever touched it.
_PUT = """
local held = redis.call('hmget', KEYS[1], 'version', 'by', 'at', 'body')
local version = tonumber(held[1] or '0')
if ARGV[2] == 'shipped' then
    if version > 0 and (held[2] ~= 'shipped' or held[4] == ARGV[3]) then return {0, version, held[2], held[3]} end
elseif version ~= tonumber(ARGV[2]) then
    return {0, version, held[2] or '', held[3] or ''}
end
version = version + 1
redis.call('hset', KEYS[1], 'version', version, 'body', ARGV[3], 'by', ARGV[4], 'at', ARGV[5])
redis.call('xadd', KEYS[2], version .. '-0', 'body', ARGV[3], 'by', ARGV[4], 'at', ARGV[5])
redis.call('sadd', KEYS[3], ARGV[1])
local revision = redis.call('incr', KEYS[4])
redis.call('xadd', KEYS[5], 'MAXLEN', '~', ARGV[6], revision .. '-0', 'article', ARGV[1])
return {1, version, '', ''}
"""

# Keeps the calibration of the newest revision, and tells everyone who follows the changes.
_CALIBRATE = """
local held = redis.call('hget', KEYS[1], ARGV[1])
if held and tonumber(cjson.decode(held)['revision']) > tonumber(ARGV[2]) then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
redis.call('xadd', KEYS[3], (redis.call('get', KEYS[2]) or '0') .. '-*', 'calibration', ARGV[1])
return 1
"""


class StoreUnavailable(Exception):
    """Raised when Redis does not answer, or not in time."""

    code = "store_unavailable"


class ArticleChanged(Exception):
    """Raised when somebody else changed the article first; `version` 0 means that there is no such article."""

    code = "article_changed"

    def __init__(self, article_id: str, version: int, by: str, at: str) -> None:
        super().__init__(f"{article_id} is at version {version}" + (f", changed by {by} at {at}" if by else ""))
        self.article_id, self.version, self.by, self.at = article_id, version, by, at


@dataclass(frozen=True)
class Change:
    """An entry of the change stream: either an article changed, or there is a new calibration for an encoder."""

    place: str
    article_id: str | None
    encoder: str | None

    @property
    def revision(self) -> int:
        return int(self.place.partition("-")[0])


@dataclass(frozen=True)
class PastVersion:
    """One entry of an article's history."""

    version: int
    article: Article
    by: str
    at: str


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """The one place where Redis out of reach becomes StoreUnavailable."""
    try:
        with cancellation_honoured():
            yield
    except (RedisError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


class ArticleStore:
    """The articles and calibrations of one namespace."""

    def __init__(self, url: str, namespace: str = "zb") -> None:
        self._prefix = f"{{{namespace}:kb}}:"
        self._redis = connect_to_slot(url, self._prefix)
        self._put = self._redis.register_script(_PUT)
        self._calibrate = self._redis.register_script(_CALIBRATE)

    async def aclose(self) -> None:
        await self._redis.aclose()

    async def put(self, article: Article, expected: int, by: str, at: datetime) -> int:
        """Write an article whose stored version is `expected` (0: there is none yet); gives the new version.

        Raises ArticleChanged, which says who was faster.
        """
        written, version, holder, when = await self._write(article, str(expected), by, at)
        if not written:
            raise ArticleChanged(article.id, version, holder, when)
        return version

    async def ship(self, articles: Sequence[Article], at: datetime) -> int:
        """Load shipped articles: new ones, and those that no editor has changed since; gives how many it wrote."""
        results = [await self._write(article, SHIPPED, SHIPPED, at) for article in articles]
        return sum(written for written, *_ in results)

    async def _write(self, article: Article, expected: str, by: str, at: datetime) -> tuple[bool, int, str, str]:
        body = json.dumps(article.as_json(), ensure_ascii=False, sort_keys=True)
        when = at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        key = self._article(article.id)
        keys = [key, f"{key}:history", self._key("articles"), self._key("revision"), self._key("changes")]
        arguments: list[Any] = [article.id, expected, body, by, when, _KEEP_CHANGES]
        with translated():
            written, version, holder, changed_at = await self._put(keys, arguments)
        return bool(written), int(version), holder, changed_at

    async def revision(self) -> int:
        """The version of the whole base; 0 when nothing was ever written."""
        with translated():
            return int(await self._redis.get(self._key("revision")) or 0)

    async def versions(self) -> dict[str, int]:
        """The version of every article."""
        with translated():
            ids = sorted(await self._redis.smembers(self._key("articles")))
            pipeline = self._redis.pipeline(transaction=False)
            for article_id in ids:
                pipeline.hget(self._article(article_id), "version")
            versions = await pipeline.execute()
        return {article_id: int(version) for article_id, version in zip(ids, versions, strict=True) if version}

    async def editions(self, ids: Sequence[str]) -> list[Edition]:
        """These articles as they stand; unknown ids are left out."""
        with translated():
            pipeline = self._redis.pipeline(transaction=False)
            for article_id in ids:
                pipeline.hmget(self._article(article_id), "version", "body")
            rows = await pipeline.execute()
        return [Edition(parse_article(json.loads(body)), int(version)) for version, body in rows if body]

    async def history(self, article_id: str) -> list[PastVersion]:
        """Every version of an article, oldest first."""
        with translated():
            entries = await self._redis.xrange(f"{self._article(article_id)}:history")
        return [
            PastVersion(int(place.partition("-")[0]), parse_article(json.loads(row["body"])), row["by"], row["at"])
            for place, row in entries
        ]

    async def changes(self, after: str, wait_ms: int = 1000) -> list[Change]:
        """What happened after the place `after`, waiting up to `wait_ms` for something to happen."""
        with translated():
            streams: Any = await self._redis.xread({self._key("changes"): after}, count=500, block=wait_ms)
        rows = [row for _, entries in streams or () for row in entries]
        return [Change(place, row.get("article"), row.get("calibration")) for place, row in rows]

    async def calibration(self, encoder: str) -> tuple[int, dict[str, Any]] | None:
        """The newest calibration for `encoder` with the revision of the base it was measured on."""
        with translated():
            held = await self._redis.hget(self._key("calibrations"), encoder)
        if held is None:
            return None
        data = json.loads(held)
        return int(data["revision"]), data["calibration"]

    async def keep_calibration(self, encoder: str, revision: int, calibration: dict[str, Any]) -> None:
        """Put a calibration in force, unless one of a newer revision is."""
        keys = [self._key("calibrations"), self._key("revision"), self._key("changes")]
        held = json.dumps({"revision": revision, "calibration": calibration})
        with translated():
            await self._calibrate(keys, [encoder, revision, held])

    async def may_calibrate(self, encoder: str) -> bool:
        """True for one process every `CALIBRATION_SECONDS`, or later when somebody asked for a `pause`."""
        with translated():
            key = self._key(f"calibrating:{encoder}")
            return bool(await self._redis.set(key, "1", nx=True, ex=CALIBRATION_SECONDS))

    async def pause_calibration(self, encoder: str, seconds: float) -> None:
        """Let nobody calibrate for this long, `CALIBRATION_SECONDS` at least."""
        with translated():
            await self._redis.set(self._key(f"calibrating:{encoder}"), "1", ex=max(CALIBRATION_SECONDS, int(seconds)))

    async def vectors(self, encoder: str, ids: Sequence[str]) -> list[str | None]:
        """What `keep_vectors` kept for these articles."""
        if not ids:
            return []
        with translated():
            held: list[str | None] = await self._redis.hmget(self._key(f"vectors:{encoder}"), list(ids))
        return held

    async def keep_vectors(self, encoder: str, packed: Mapping[str, str]) -> None:
        """Keep packed vectors by article."""
        if not packed:
            return
        key = self._key(f"vectors:{encoder}")
        with translated():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.hset(key, mapping=dict(packed))
            pipeline.expire(key, _VECTORS_SECONDS)
            await pipeline.execute()

    async def forget_vectors(self, encoder: str, ids: Sequence[str]) -> None:
        """Keep the vectors of these no longer."""
        if ids:
            with translated():
                await self._redis.hdel(self._key(f"vectors:{encoder}"), *ids)

    def _key(self, name: str) -> str:
        return self._prefix + name

    def _article(self, article_id: str) -> str:
        return self._key(f"article:{article_id}")
