"""An article with few ways of asking is found by its answer too; one with many by its phrasings alone."""

from dataclasses import replace

import numpy as np
import pytest

from knowledge_base.article import Article, Wording
from knowledge_base.crossvalidation import learn
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.learning import Lesson, packed, unpacked
from knowledge_base.search import Entry, build, make_entry, texts_of
from knowledge_base.vectors import Vectors
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.shop import REFUND

ENCODER = LetterEncoder()
KEPT = Article(
    "kept", "shop", {"zh-Hans": Wording("存款保险", "**存款保险**：每人五十万元，[看这里](https://a.example/b)。")}
)
SENT = Article("sent", "shop", {"zh-Hans": Wording("配送范围", "偏远地区请加邮费，冷链只到**省会**。")})


def test_the_words_of_an_answer_lead_to_its_article() -> None:
    search = build([make_entry(article, ENCODER) for article in (KEPT, SENT)], FaissIndex(DIMENSION))
    found = search.candidates("冷链到省会吗", ENCODER.encode(["冷链到省会吗"])[0])
    assert found[0].article_id == "sent"
    assert found[0].phrasing == "配送范围"  # why it was found is told by a phrasing


def test_an_answer_is_read_without_its_marks() -> None:
    assert texts_of(KEPT)[-1] == "存款保险 :每人五十万元, 看这里 。"


def test_a_long_answer_counts_with_its_beginning() -> None:
    long = replace(KEPT, texts={"zh-Hans": Wording("存款保险", "保" * 4000)})
    assert len(texts_of(long)[-1]) == 400


def test_an_article_with_enough_phrasings_stays_as_it_is() -> None:
    text = REFUND.texts["zh-Hans"]
    many = replace(text, phrasings=tuple(f"第{number}种问法" for number in range(20)))
    known = replace(REFUND, texts={"zh-Hans": many})
    entry = make_entry(known, ENCODER)
    assert (entry.answer, entry.answer_vector) == ("", None)
    assert len(texts_of(known)) == len(entry.phrasings) == len(entry.vectors)
    few = make_entry(REFUND, ENCODER)
    assert few.answer_vector is not None
    assert len(few.vectors) == len(few.phrasings) == len(texts_of(REFUND)) - 1


def test_an_article_without_an_answer_is_found_by_its_question() -> None:
    bare = replace(KEPT, texts={"zh-Hans": Wording("存款保险", "😀")})
    entry = make_entry(bare, ENCODER)
    assert (entry.phrasings, entry.answer) == (("存款保险",), "")


def test_in_a_base_of_single_questions_each_part_of_the_score_has_its_weight() -> None:
    axes = np.eye(128, dtype=np.float32)

    def entry(place: int) -> Entry:
        question = (axes[place] + axes[127]) / np.sqrt(2)
        return Entry(f"a{place}", ("怎么办",), question[None], "见说明", axes[place])

    search = build([entry(place) for place in range(40)], FaissIndex(128))
    found = search.candidates("xyz", (0.8 * axes[7] + 0.6 * axes[60]).astype(np.float32))
    assert found[0].article_id == "a7"
    # All share the same little wording.
    assert found[0].score - found[1].score == pytest.approx(0.3 * 0.8 / np.sqrt(2) + 0.39 * 0.8)


WIDTH = 64
DICE = np.random.default_rng(5)


def unit(vector: Vectors) -> Vectors:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def taught(told: bool) -> list[Entry]:
    """Thirty articles of three phrasings each; their answers lie near what else is asked, or anywhere."""
    entries = []
    for place in range(30):
        centre, elsewhere = unit(DICE.normal(size=WIDTH)), unit(DICE.normal(size=WIDTH))
        ways = np.array([unit(centre + 0.1 * DICE.normal(size=WIDTH)) for _ in range(3)], np.float32)
        answer = unit(centre + elsewhere) if told else unit(DICE.normal(size=WIDTH))
        entries.append(Entry(f"a{place}", ("一", "二", "三"), ways, "答", answer))
    return entries


def test_answers_that_tell_what_is_asked_teach_the_classifier() -> None:
    entries = taught(told=True)
    plain = learn([replace(entry, answer="", answer_vector=None) for entry in entries], [])
    learned = learn(entries, [])
    rests = [(place, unit(entry.answer_vector - 0.5 * entry.vectors[0])) for place, entry in enumerate(entries)]
    right = [int(np.argmax(learned.logits(rest))) == place for place, rest in rests]
    before = [int(np.argmax(plain.logits(rest))) == place for place, rest in rests]
    assert sum(right) > sum(before)
    assert (learned.scope == plain.scope).all()


def test_answers_that_tell_nothing_teach_nothing() -> None:
    entries = taught(told=False)
    plain = learn([replace(entry, answer="", answer_vector=None) for entry in entries], [])
    assert (learn(entries, []).weights == plain.weights).all()


def test_a_lesson_takes_the_answers_along() -> None:
    entries = [*taught(told=True)[:3], Entry("bare", ("一",), unit(np.ones(WIDTH))[None])]
    back = unpacked(packed(Lesson("1", entries, [])))
    for entry, again in zip(entries, back.entries, strict=True):
        assert (again.article_id, again.phrasings, again.answer) == (entry.article_id, entry.phrasings, entry.answer)
        assert np.array_equal(again.vectors, entry.vectors)
    assert back.entries[3].answer_vector is None
    assert np.array_equal(back.entries[1].answer_vector, entries[1].answer_vector)  # type: ignore[arg-type]
