"""`zhiban kb reindex`: all phrasings encoded for another encoder while the one in force goes on serving."""

from knowledge_base.encoder import load_encoder, prepared
from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.encoders.exported import NotExported
from knowledge_base.kept_vectors import KeptVectors
from knowledge_base.settings import BadSetting
from knowledge_base.settings import Settings as KnowledgeSettings
from knowledge_base.shipped import read_out_of_scope
from knowledge_base.store import ArticleStore, StoreUnavailable
from zhiban.around_redis import redis_url
from zhiban.kb_progress import bars
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings


async def reindex(settings: Settings, screen: Screen, name: str) -> int:
    """Encode every article with the encoder `name` and keep the vectors; how many articles. Raises Problem."""
    try:
        knowledge = KnowledgeSettings.from_environment({**settings.environ, "ENCODER": name})
    except BadSetting as error:
        raise Problem(f"{error}.") from error
    try:
        encoder = load_encoder(knowledge.encoder, knowledge.encoder_prompt)
    except (NotExported, OSError, ValueError) as error:
        raise Problem(f"the encoder {name} could not be loaded: {str(error).splitlines()[0]}") from error
    thread = EncoderThread(encoder)
    async with redis_url(settings, screen) as url:
        store = ArticleStore(url, knowledge.namespace)
        try:
            return await _encoded(store, thread)
        except StoreUnavailable as error:
            raise Problem(f"Redis does not answer ({error}): run it again, it goes on where it was.") from error
        finally:
            await store.aclose()
            thread.close()


async def _encoded(store: ArticleStore, thread: EncoderThread) -> int:
    kept = KeptVectors(store, thread)
    editions = await store.editions(sorted(await store.versions()))
    with bars() as shown:
        done = 0
        async for _ in kept.entries(editions):
            done += 1
            shown.show("encoding", done, len(editions))
        await kept.of_texts([prepared(text) for text in read_out_of_scope()])
    return len(editions)
