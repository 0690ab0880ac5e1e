"""A second look changes the order where it was measured to help, is not taken when sure, and never costs the answer."""

import threading
import time
import zlib
from collections.abc import Callable, Sequence

import pytest

from knowledge_base.calibration import shipped_calibration
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.reranking.fitting import fit
from knowledge_base.reranking.reranking import Reranking
from knowledge_base.reranking.voice import SURE, Voice, joined
from knowledge_base.retriever import Edition, Retriever
from knowledge_base.search import Candidate, Search, make_entry
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.riddles import lesson, owner, riddles
from tests.knowledge_base.shop import SHOP

LOUD = Voice("scripted", "7", temperature=1.0, weight=1.0)


class Scripted:
    """A reranker that does what a test says, and keeps what it was asked."""

    identity = "scripted"

    def __init__(self, score: Callable[[str, str], float]) -> None:
        self._score = score
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def scores(self, text: str, passages: Sequence[str]) -> list[float]:
        self.asked.append((text, tuple(passages)))
        return [self._score(text, passage) for passage in passages]


def shop(reranking: Reranking | None) -> Retriever:
    encoder = LetterEncoder()
    retriever = Retriever(encoder.identity, Search(FaissIndex(DIMENSION)))
    for one in SHOP:
        retriever.put(Edition(one, 1), make_entry(one, encoder))
    retriever.reranking = reranking
    return retriever


def ask(retriever: Retriever, text: str, language: str = "zh-Hans", explain: bool = False):
    plain = retriever.read(text)
    return retriever.understand(plain, LetterEncoder().encode([plain])[0], language, explain=explain)


def spoken(score: Callable[[str, str], float], **options) -> tuple[Reranking, Scripted]:
    reranker = Scripted(score)
    reranking = Reranking(reranker, **options)
    reranking.voice = LOUD
    return reranking, reranker


def for_invoices(_: str, passage: str) -> float:
    return 9.0 if "发票" in passage else -9.0


UNSURE = "那个怎么弄多久"


def test_a_second_look_may_put_another_article_first():
    reranking, reranker = spoken(for_invoices)
    assert ask(shop(None), UNSURE).articles[0].id != "invoice"
    found = ask(shop(reranking), UNSURE, explain=True)
    assert found.articles[0].id == "invoice"
    assert found.articles[0].why is not None
    assert found.articles[0].why.reranker == pytest.approx(1, abs=0.01)
    assert reranker.asked[0][1][0].splitlines()[1].startswith("关于「")


def test_a_sure_question_is_not_read_twice():
    reranking, reranker = spoken(for_invoices)
    sure = ask(shop(reranking), "快递三天没动")
    assert sure.articles[0].confidence >= SURE
    assert reranker.asked == []
    assert sure == ask(shop(None), "快递三天没动")


def test_customers_never_reach_what_is_for_agents_by_a_second_look():
    reranking, reranker = spoken(lambda _, passage: 9.0 if "欺诈" in passage else 0.0)
    found = ask(shop(reranking), f"欺诈{UNSURE}")
    assert "fraud" not in [match.id for match in found.articles]
    assert reranker.asked
    assert not any("欺诈" in passage for _, passages in reranker.asked for passage in passages)


def test_traditional_questions_are_compared_with_simplified_passages():
    reranking, reranker = spoken(for_invoices)
    found = ask(shop(reranking), "那個怎麼弄多久", language="zh-Hant")
    assert any("怎么开发票" in passage for passage in reranker.asked[0][1])
    assert found.articles[0].question == "怎麼開發票"


@pytest.mark.parametrize("voice", [None, Voice("scripted", "7")])
def test_a_reranker_without_a_measured_voice_is_not_asked(voice):
    reranking, reranker = spoken(for_invoices)
    reranking.voice = voice
    assert ask(shop(reranking), UNSURE) == ask(shop(None), UNSURE)
    assert reranker.asked == []


def broken(_: str, __: str) -> float:
    raise RuntimeError("out of memory")


@pytest.mark.parametrize("score", [broken, lambda *_: float("nan"), lambda *_: float("inf")])
def test_a_reranker_that_fails_leaves_the_order_as_it_was(score):
    reranking, reranker = spoken(score)
    assert ask(shop(reranking), UNSURE) == ask(shop(None), UNSURE)
    assert reranker.asked


def test_a_slow_reranker_is_waited_for_no_longer_than_its_budget():
    done = threading.Event()

    def slow(*_: str) -> float:
        done.wait(10)
        return 1.0

    reranking, reranker = spoken(slow, seconds=0.05)
    retriever = shop(reranking)
    plain = ask(shop(None), UNSURE)
    began = time.monotonic()
    assert ask(retriever, UNSURE) == plain
    assert time.monotonic() - began < 2
    reranking.begin()
    assert ask(retriever, UNSURE) == plain  # the late one is still at work: nobody stands in line behind it
    assert len(reranker.asked) == 1
    done.set()


def test_all_parts_of_a_message_share_one_budget():
    now = [0.0]

    def slow(*_: str) -> float:
        now[0] += 0.1
        return 1.0

    reranking, reranker = spoken(slow, seconds=0.15, clock=lambda: now[0])
    retriever = shop(reranking)
    reranking.begin()
    for _ in range(3):
        ask(retriever, UNSURE)
    assert len(reranker.asked) == 1
    reranking.begin()
    ask(retriever, UNSURE)
    assert len(reranker.asked) == 2


def test_after_three_failures_in_a_row_it_is_left_alone_for_a_minute():
    now = [0.0]
    reranking, reranker = spoken(broken, clock=lambda: now[0])
    retriever = shop(reranking)
    for moment, asked in ((0.0, 1), (1.0, 2), (2.0, 3), (3.0, 3), (61.0, 3), (63.0, 4)):
        now[0] = moment
        reranking.begin()
        ask(retriever, UNSURE)
        assert len(reranker.asked) == asked, moment


def test_scores_are_multiplied_as_probabilities_and_what_was_not_read_stays_behind():
    candidates = [Candidate(name, score) for name, score in (("a", 0.5), ("b", 0.45), ("c", 0.4))]
    assert [one.article_id for one in joined(candidates, [0.0, 1.0], 1.0, 1.0)] == ["a", "b", "c"]  # 1.5 log-odds ahead
    assert [one.article_id for one in joined(candidates, [0.0, 2.0], 1.0, 1.0)] == ["b", "a", "c"]
    assert [one.article_id for one in joined(candidates, [0.0, 2.0], 2.0, 1.0)] == ["a", "b", "c"]
    assert [one.article_id for one in joined(candidates, [0.0, 2.0], 1.0, 0.5)] == ["a", "b", "c"]
    assert joined(candidates, [0.0, 2.0], 1.0, 0.0) == candidates


def test_a_reranker_that_knows_more_than_search_gets_a_voice():
    material, passages = lesson(riddles())
    ids = {passage["zh-Hans"]: article_id for article_id, passage in passages.items()}
    knowing = Scripted(lambda text, passage: 4.0 if ids[passage] == owner(text) else -4.0)
    voice = fit(material, knowing, passages)
    assert voice.weight > 0
    assert voice.gained > 5 * max(1, voice.lost)
    assert Voice.from_json(voice.as_json()) == voice
    assert voice.base_version == shipped_calibration(lonely=False).base_version


@pytest.mark.parametrize(
    "score",
    [
        lambda text, passage: zlib.crc32(f"{text}|{passage}".encode()) / 2**30,
        lambda *_: 1.0,
        lambda text, passage: -1.0 * (owner(text) == passage[:2]),
    ],
    ids=["by chance", "always the same", "knows nothing"],
)
def test_a_reranker_that_does_not_help_on_held_back_phrasings_is_left_out(score):
    material, passages = lesson(riddles())
    voice = fit(material, Scripted(score), passages)
    assert voice.weight == 0
    assert voice.trials >= 20


def test_an_articles_own_question_is_no_trial_since_the_passage_says_it():
    material, passages = lesson(riddles())
    reranker = Scripted(lambda *_: 0.0)
    fit(material, reranker, passages)
    assert not any(text.startswith("问题") for text, _ in reranker.asked)
