"""What is learned finds what it was taught, travels whole, and is left out where it does not fit."""

import json

import numpy as np
import pytest

from knowledge_base.classifier import BadClassifier, Classifier, key_of, train
from knowledge_base.crossvalidation import foreign, learn
from knowledge_base.encoder import prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Entry, build, make_entry
from knowledge_base.vectors import Vectors
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.shop import INVOICE, OUT_OF_SCOPE, PARCEL, REFUND, SHOP, article

ENCODER = LetterEncoder()
ENTRIES = [make_entry(one, ENCODER) for one in SHOP[:3]]
OUTSIDE = [(prepared(text), ENCODER.encode([prepared(text)])[0]) for text in OUT_OF_SCOPE]


def vector_of(text: str) -> np.ndarray:
    return ENCODER.encode([prepared(text)])[0]


def test_a_phrasing_belongs_to_its_article_and_is_in_scope():
    learned = learn(ENTRIES, OUTSIDE)
    best = learned.keys[int(learned.logits(vector_of("我想要发票")).argmax())]
    assert best == key_of(INVOICE.id, ENTRIES[2].phrasings)
    assert learned.in_scope(vector_of("快递三天不更新了")) > 0 > learned.in_scope(vector_of("今天天气怎样"))


def test_it_comes_back_from_json_as_it_was():
    learned = learn(ENTRIES, OUTSIDE)
    again = Classifier.from_json(json.loads(json.dumps(learned.as_json())))
    assert again.keys == learned.keys
    assert np.array_equal(again.weights, learned.weights)
    assert np.array_equal(again.scope, learned.scope)


@pytest.mark.parametrize("damage", [{"sha256": "0"}, {"shape": [1, 2]}, {"data": "!"}])
def test_damaged_weights_are_refused(damage):
    data = learn(ENTRIES, OUTSIDE).as_json()
    with pytest.raises(BadClassifier):
        Classifier.from_json({**data, "weights": {**data["weights"], **damage}})


def test_two_articles_are_enough():
    learned = learn(ENTRIES[:2], [])
    assert learned.logits(vector_of("快递没有更新")).shape == (2,)
    assert learned.keys[int(learned.logits(vector_of("快递没有更新")).argmax())].startswith(PARCEL.id)
    assert learned.in_scope(vector_of("快递")) == 0


def test_one_phrasing_an_article_teaches_the_scope_alone():
    entries = [make_entry(article(f"a{number}", f"第{number}个问题"), ENCODER) for number in range(5)]
    learned = learn(entries, OUTSIDE)
    assert learned.keys == ()
    assert len(learned.scope) == DIMENSION + 1


def test_nothing_is_learned_from_nothing():
    assert train([], [], np.zeros((0, DIMENSION), np.float32), np.zeros((0, DIMENSION), np.float32)).keys == ()


def test_an_article_that_says_something_else_by_now_is_scored_by_its_likeness():
    search = build(ENTRIES, FaissIndex(DIMENSION))
    search.learn(learn(ENTRIES, OUTSIDE))
    search.put(make_entry(article(REFUND.id, "会员生日有礼物吗"), ENCODER))
    plain = prepared("会员生日有礼物吗")
    found = search.candidates(plain, vector_of(plain))
    assert found[0].article_id == REFUND.id
    assert found[0].classifier is None
    assert all(other.classifier is not None for other in found[1:])


def test_an_answer_edited_changes_nothing_that_was_learned():
    assert key_of("a", ["x", "y"]) == key_of("a", ["x", "y"])
    assert key_of("a", ["x", "y"]) != key_of("a", ["x", "z"])


def entry(article_id: str, vector: Vectors) -> Entry:
    return Entry(article_id, (article_id,), vector[None])


def test_strangers_that_belong_to_the_base_s_trade_teach_nothing_where_phrasings_are_few() -> None:
    axes = np.eye(64, dtype=np.float32)
    base = [entry(f"a{n}", _unit(axes[n] + axes[n + 1])) for n in range(40)]  # neighbours are alike by a half
    strange = [("near", _unit(axes[3] + axes[4] + 0.2 * axes[60])), ("far", axes[61])]
    assert [text for text, _ in foreign(base, strange)] == ["far"]
    assert foreign(base[:5], strange) == strange  # five articles do not say how alike a base is


def _unit(vector: Vectors) -> Vectors:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
