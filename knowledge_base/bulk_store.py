"""Many articles written at one moment: staged where nobody looks, then switched in by a single script.

    {<namespace>:kb}:import:<token>        hash    by id: the body that is to be written; expires after 30 minutes
    {<namespace>:kb}:import:<token>:done   string  how many were written; expires after an hour

A crash before the switch leaves only keys that expire; the script itself happens whole or not at all, in memory, in
the append-only file and on replicas. While it runs the server answers nobody else: docs/knowledge.md has the figure.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any

from knowledge_base.article import Article
from knowledge_base.store import SHIPPED, ArticleChanged, ArticleStore, StoreUnavailable, translated

_KEEP_CHANGES = 10_000
_STAGED_SECONDS = 30 * 60
_DONE_SECONDS = 60 * 60
_AT_ONCE = 500

# First every check, then every write. ARGV: by, at, changes kept, seconds; then id and expected version of each.
_SWITCH = """
local done = redis.call('get', KEYS[2])
if done then return {1, tonumber(done), '', '', ''} end
local held = {}
for i = 6, #KEYS, 2 do
    local n = (i - 6) / 2
    local id, expected = ARGV[5 + n * 2], tonumber(ARGV[6 + n * 2])
    local now = redis.call('hmget', KEYS[i], 'version', 'by', 'at')
    local version = tonumber(now[1] or '0')
    if version ~= expected then return {0, version, now[2] or '', now[3] or '', id} end
    local body = redis.call('hget', KEYS[1], id)
    if not body then return {-1, 0, '', '', id} end
    held[n] = body
end
local count = 0
for i = 6, #KEYS, 2 do
    local n = (i - 6) / 2
    local id, version = ARGV[5 + n * 2], tonumber(ARGV[6 + n * 2]) + 1
    redis.call('hset', KEYS[i], 'version', version, 'body', held[n], 'by', ARGV[1], 'at', ARGV[2])
    redis.call('xadd', KEYS[i + 1], version .. '-0', 'body', held[n], 'by', ARGV[1], 'at', ARGV[2])
    redis.call('sadd', KEYS[3], id)
    local revision = redis.call('incr', KEYS[4])
    redis.call('xadd', KEYS[5], 'MAXLEN', '~', ARGV[3], revision .. '-0', 'article', id)
    count = count + 1
end
redis.call('set', KEYS[2], count, 'ex', ARGV[4])
redis.call('del', KEYS[1])
return {1, count, '', '', ''}
"""


class BulkStore(ArticleStore):
    """The store of `knowledge_base.store`, with one way more to write."""

    def __init__(self, url: str, namespace: str = "zb") -> None:
        super().__init__(url, namespace)
        self._switch = self._redis.register_script(_SWITCH)

    async def put_all(
        self,
        articles: Sequence[tuple[Article, int]],
        by: str,
        at: datetime,
        progress: Callable[[str, int, int], None] = lambda *_: None,
    ) -> int:
        """Write every article in the place of its expected version (0: there is none), or none of them.

        Gives how many were written. Raises ArticleChanged for the first that somebody changed meanwhile, and
        StoreUnavailable, after which it may have happened: compare again.
        """
        if by == SHIPPED:
            raise ValueError(f"{SHIPPED} is the name of what nobody has edited")
        if not articles:
            return 0
        token = secrets.token_hex(8)
        staged = self._key(f"import:{token}")
        with translated():
            for start in range(0, len(articles), _AT_ONCE):
                await self._stage(staged, articles[start : start + _AT_ONCE])
                progress("staging", min(start + _AT_ONCE, len(articles)), len(articles))
            progress("switching", 0, len(articles))
            written = await self._switch_in(staged, articles, by, at)
        progress("switching", written, len(articles))
        return written

    async def _stage(self, staged: str, articles: Sequence[tuple[Article, int]]) -> None:
        bodies = {
            article.id: json.dumps(article.as_json(), ensure_ascii=False, sort_keys=True) for article, _ in articles
        }
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hset(staged, mapping=bodies)
        pipeline.expire(staged, _STAGED_SECONDS)
        await pipeline.execute()

    async def _switch_in(self, staged: str, articles: Sequence[tuple[Article, int]], by: str, at: datetime) -> int:
        when = at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        keys = [staged, f"{staged}:done", self._key("articles"), self._key("revision"), self._key("changes")]
        arguments: list[Any] = [by, when, _KEEP_CHANGES, _DONE_SECONDS]
        for article, expected in articles:
            key = self._article(article.id)
            keys += [key, f"{key}:history"]
            arguments += [article.id, expected]
        outcome, number, holder, changed_at, article_id = await self._switch(keys, arguments)
        if outcome < 0:
            raise StoreUnavailable("what was staged has expired")
        if not outcome:
            raise ArticleChanged(article_id, int(number), holder, changed_at)
        return int(number)
