"""The right article comes first, edits take the place of what was there, and nobody sees what is not for them."""

from knowledge_base.encoder import prepared
from knowledge_base.faiss_index import FaissIndex
from knowledge_base.search import Search, make_entry
from tests.knowledge_base.letters import DIMENSION, LetterEncoder
from tests.knowledge_base.shop import INVOICE, PARCEL, REFUND, SHOP, article

ENCODER = LetterEncoder()


def filled(*articles) -> Search:
    search = Search(FaissIndex(DIMENSION))
    for one in articles:
        search.put(make_entry(one, ENCODER))
    return search


def ids(search: Search, text: str, allowed=lambda _: True) -> list[str]:
    plain = prepared(text)
    return [found.article_id for found in search.candidates(plain, ENCODER.encode([plain])[0], allowed)]


def test_the_article_that_asks_the_same_comes_first():
    assert ids(filled(*SHOP), "快递三天没有更新")[0] == "parcel"
    assert ids(filled(*SHOP), "給我開張發票")[0] == "invoice"


def test_scores_fall_and_the_same_words_score_about_one():
    plain = prepared("退款多久到账")
    scores = [found.score for found in filled(*SHOP).candidates(plain, ENCODER.encode([plain])[0])]
    assert scores == sorted(scores, reverse=True)
    assert 0.7 < scores[0] <= 1.01


def test_an_edit_replaces_every_old_phrasing():
    search = filled(REFUND, PARCEL)
    search.put(make_entry(article("parcel", "会员生日有礼物吗"), ENCODER))
    assert ids(search, "会员生日有礼物吗")[0] == "parcel"
    assert ids(search, "快递不动了")[0] == "refund" or len(search.entries()) == 2
    assert sum(len(entry.phrasings) for entry in search.entries()) == len(REFUND.texts["zh-Hans"].asked()) + 1


def test_a_removed_article_is_never_found_again():
    search = filled(REFUND, PARCEL, INVOICE)
    search.remove("parcel")
    search.remove("parcel")
    assert "parcel" not in ids(search, "快递不动了怎么办")


def test_what_is_not_allowed_is_not_found_even_if_it_is_the_best():
    found = ids(filled(*SHOP), "欺诈怎么上报", allowed=lambda article_id: article_id != "fraud")
    assert found
    assert "fraud" not in found


def test_hidden_articles_do_not_crowd_out_the_others():
    hidden = [
        article(f"hidden-{number}", f"退款第{number}问", *[f"退款{number}问{n}" for n in range(9)])
        for number in range(40)
    ]
    assert ids(filled(*hidden, INVOICE), "退款", allowed=lambda article_id: article_id == "invoice") == ["invoice"]


def test_an_empty_base_finds_nothing():
    assert ids(filled(), "退款") == []


def test_both_scripts_of_one_phrasing_count_once():
    entry = make_entry(article("a", "优惠券", "優惠券", "优惠券!", "优惠券!!"), ENCODER)
    assert entry.phrasings == ("优惠券", "优惠券!")
