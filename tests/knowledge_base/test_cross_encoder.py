"""A sentence-transformers CrossEncoder from a folder: loaded, measured on the live base, and heard."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import structlog

from knowledge_base.encoder_thread import EncoderThread
from knowledge_base.learning import Lesson
from knowledge_base.live_base import LiveBase
from knowledge_base.reranking.fitting import fit, fit_aside
from knowledge_base.reranking.keeping import RerankerKeeper
from knowledge_base.reranking.reranker import BadReranker, Reranker, load_reranker
from knowledge_base.store import ArticleStore
from tests.knowledge_base.letters import LetterEncoder
from tests.knowledge_base.riddles import ALPHABET, MARKS, lesson, riddles
from tests.knowledge_base.shop import OUT_OF_SCOPE
from tests.knowledge_base.tiny_cross_encoder import save_tiny

pytestmark = pytest.mark.slow  # a model is taught, and loaded by a second process

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
PASSAGES = {one.id: passage["zh-Hans"] for one, passage in zip(riddles(), lesson(riddles())[1].values(), strict=True)}
# What customers of a2 write; the base does not say it.
ASKED = [f"{left}赤{right}" for left in ("山水", "木石", "田土") for right in ("火雨", "山木", "水石")]
CHARACTERS = ALPHABET + "".join(MARKS) + "".join(PASSAGES.values())


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Was told which passage each phrasing belongs to, as a model of a trade has read its questions."""
    known = [(one.id, text) for one in riddles() for text in one.texts["zh-Hans"].phrasings]
    known += [("a2", text) for text in ASKED]
    pairs = [
        (text, passage, float(right == article_id)) for right, text in known for article_id, passage in PASSAGES.items()
    ]
    return save_tiny(Path(tmp_path_factory.mktemp("taught")), CHARACTERS, pairs)


@pytest.fixture(scope="module")
def untaught(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_tiny(Path(tmp_path_factory.mktemp("untaught")), CHARACTERS)


def test_a_model_in_a_folder_gives_one_score_a_passage(taught: str) -> None:
    reranker = load_reranker(taught)
    asked = riddles()[0].texts["zh-Hans"].phrasings
    best = [
        max(PASSAGES, key=dict(zip(PASSAGES, scores_of(reranker, text), strict=True)).__getitem__) for text in asked
    ]
    assert best.count("a0") >= 4
    scores = scores_of(reranker, asked[0])
    assert reranker.scores(asked[0], []) == []
    assert min(scores) < 0, "raw scores, not pressed between 0 and 1"


def scores_of(reranker: Reranker, text: str) -> list[float]:
    return reranker.scores(text, list(PASSAGES.values()))


def test_its_identity_follows_the_weights(taught: str, untaught: str) -> None:
    assert load_reranker(taught).identity == load_reranker(taught).identity
    assert load_reranker(taught).identity.rpartition(":")[2] != load_reranker(untaught).identity.rpartition(":")[2]


def test_what_is_no_reranker_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadReranker, match=r"RERANKER=.*gives 3 scores"):
        load_reranker(save_tiny(tmp_path / "three", CHARACTERS, scores=3))
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadReranker, match=r"RERANKER=.*cannot be loaded"):
        load_reranker(str(tmp_path / "empty"))


async def test_a_large_base_is_measured_in_a_process_of_its_own_with_the_same_result(taught: str) -> None:
    material, passages = lesson(riddles())
    large = _Large(material.base_version, material.entries, material.out_of_scope)
    reranker = load_reranker(taught)
    here = fit(material, reranker, passages)
    aside = await fit_aside(large, reranker, taught, passages)
    assert (aside.reranker, aside.weight, aside.gained) == (here.reranker, here.weight, here.gained)
    assert aside.weight > 0


class _Large(Lesson):
    small = False


@contextlib.asynccontextmanager
async def live(url: str, namespace: str, model: str) -> AsyncIterator[tuple[LiveBase, RerankerKeeper]]:
    """A base with a reranker beside it, as the server runs them."""
    store, thread = ArticleStore(url, namespace), EncoderThread(LetterEncoder())
    base = LiveBase(store, thread, riddles(), OUT_OF_SCOPE, lambda: NOON)
    await base.load()
    keeper = RerankerKeeper(model, "letters:1", store, base, look_seconds=0.05)
    running = [asyncio.create_task(base.follow()), asyncio.create_task(keeper.run())]
    try:
        yield base, keeper
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        thread.close()
        await store.aclose()


async def voice_of(keeper: RerankerKeeper):
    async with asyncio.timeout(120):
        while not (keeper.reranking and keeper.reranking.voice):
            await asyncio.sleep(0.02)
    return keeper.reranking.voice


async def test_a_model_that_helps_is_heard_and_a_second_server_takes_the_measurement(
    redis_url: str, namespace: str, taught: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live(redis_url, namespace, taught) as (base, keeper):
        before = [(await base.understand(text, None, "customer")).articles[0].id for text in ASKED]
        measured = await voice_of(keeper)
        assert measured.weight > 0
        assert keeper.reranking is not None
        keeper.reranking._budget = 10  # this machine may be busy
        after = [(await base.understand(text, None, "customer")).articles[0].id for text in ASKED]
    assert after.count("a2") > before.count("a2")
    monkeypatch.setattr("knowledge_base.reranking.keeping.fit_aside", lambda *_: pytest.fail("measured again"))
    async with live(redis_url, namespace, taught) as (_, second):
        assert await voice_of(second) == measured


async def test_a_model_that_does_not_help_is_left_out(redis_url: str, namespace: str, untaught: str) -> None:
    async with live(redis_url, namespace, untaught) as (base, keeper):
        assert (await voice_of(keeper)).weight == 0
        assert (await base.understand(ASKED[0], None, "customer")).articles


async def test_a_model_that_cannot_be_loaded_costs_nothing_but_a_line_in_the_log(
    redis_url: str, namespace: str, tmp_path: Path
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with live(redis_url, namespace, str(tmp_path)) as (base, keeper):
            async with asyncio.timeout(60):
                while not any(line["event"] == "reranker_not_loaded" for line in logs):
                    await asyncio.sleep(0.02)
            assert (await base.understand(ASKED[0], None, "customer")).articles
            assert keeper.reranking is None
