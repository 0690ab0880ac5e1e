"""The shells: each made, run and loaded once as Rasa does it."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.arbiter import Arbiter
from bot.components.classifier import Classifier
from bot.components.names import NAMED, Names, in_words
from bot.components.ngrams import Ngrams
from bot.components.parts import Parts
from bot.components.patterns import Patterns
from bot.components.request_vector import NoEncoder, RequestVector
from bot.components.segmenter import Segmenter
from bot.situation import Knowledge
from bot.turn import CURRENT, Part, Turn, TurnInput

ENCODER = {"name": "letters", "version": "1", "dimension": 3}
CONTEXT = ExecutionContext(GraphSchema({}), "model", node_name="node")


def made(component: Any, tmp_path: Path, **config: Any) -> Any:
    tmp_path.mkdir(exist_ok=True)
    storage = LocalModelStorage.create(tmp_path)
    return component.create({**component.get_default_config(), **config}, storage, Resource("it"), CONTEXT), storage


def message(text: str, **data: Any) -> Message:
    return Message({TEXT: text, **data})


def turn(**changes: Any) -> Turn:
    return Turn(TurnInput("c1-1", 1, "m1", "x", "zh-Hans", **changes))


@pytest.fixture
def knowledge(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A knowledge server whose vectors are (length, 1, 0)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(ENCODER)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
            self._answer({"data": [{"index": i, "embedding": [len(t), 1, 0]} for i, t in enumerate(asked)]})

        def _answer(self, body: Any) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("KNOWLEDGE_URL", f"http://127.0.0.1:{server.server_address[1]}")
    yield server
    server.shutdown()
    server.server_close()


def dense(of: Message) -> np.ndarray:
    return of.get_dense_features(TEXT)[1].features[0]


def test_the_segmenter_gives_rasa_its_tokens(tmp_path: Path) -> None:
    segmenter, _ = made(Segmenter, tmp_path)
    tokens = segmenter.tokenize(message("我的快遞到哪了"), TEXT)
    assert [token.text for token in tokens] == ["我", "的", "快递", "到", "哪", "了"]
    assert tokens[2].start == 2


def test_the_patterns_become_entities(tmp_path: Path) -> None:
    patterns, _ = made(Patterns, tmp_path)
    asked = message("QH20260412345到哪了")
    patterns.process([asked])
    assert asked.get(ENTITIES)[0]["value"] == "QH20260412345"
    assert asked.get(ENTITIES)[0]["extractor"] == "Patterns"


def test_the_vector_of_the_turn_is_taken(tmp_path: Path, knowledge: Any) -> None:
    vector, storage = made(RequestVector, tmp_path, weight=2.0)
    vector.train(TrainingData([message("你好", intent="greet")]))
    loaded = RequestVector.load(RequestVector.get_default_config(), storage, Resource("it"), CONTEXT)
    assert loaded.encoder == ENCODER
    asked = message("你好")
    token = CURRENT.set(turn(vector=(0.5, 0.0, 0.25)))
    try:
        vector.process([asked])
    finally:
        CURRENT.reset(token)
    assert dense(asked).tolist() == [1.0, 0.0, 0.5]
    assert asked.get("vector_missing") is False


def test_the_parts_of_a_turn_are_messages_with_their_own_vectors(tmp_path: Path, knowledge: Any) -> None:
    vector, _ = made(RequestVector, tmp_path / "v")
    vector.train(TrainingData([]))
    parts, _ = made(Parts, tmp_path / "p")
    told = (Part("你", (0.0, 1.0, 0.0)), Part("好", (0.0, 0.0, 1.0)))
    assert parts.process([message("没有回合")])[0].get(TEXT) == "没有回合"
    token = CURRENT.set(turn(vector=(0.5, 0.0, 0.25), parts=told))
    try:
        asked = vector.process(parts.process([message("你。好")]))
    finally:
        CURRENT.reset(token)
    assert [one.get(TEXT) for one in asked] == ["你。好", "你", "好"]
    assert [dense(one).tolist() for one in asked] == [[0.5, 0.0, 0.25], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


def test_a_missing_vector_is_zeros_and_a_flag(tmp_path: Path, knowledge: Any) -> None:
    vector, _ = made(RequestVector, tmp_path)
    vector.train(TrainingData([]))
    asked = message("你好")
    token = CURRENT.set(turn())
    try:
        vector.process([asked])
    finally:
        CURRENT.reset(token)
    assert dense(asked).tolist() == [0.0, 0.0, 0.0]
    assert asked.get("vector_missing") is True


def test_in_training_the_knowledge_server_is_asked(tmp_path: Path, knowledge: Any) -> None:
    vector, _ = made(RequestVector, tmp_path)
    data = TrainingData([message("你好", intent="greet"), message("我要投诉", intent="complain")])
    vector.train(data)
    vector.process_training_data(data)
    assert [dense(example).tolist() for example in data.training_examples] == [[2, 1, 0], [4, 1, 0]]


def test_training_without_a_knowledge_server_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWLEDGE_URL", "http://127.0.0.1:1")
    vector, _ = made(RequestVector, tmp_path)
    with pytest.raises(NoEncoder, match="zhiban train"):
        vector.train(TrainingData([]))


def test_the_classifier_has_another_mind_for_messages_without_a_vector(tmp_path: Path, knowledge: Any) -> None:
    vector, _ = made(RequestVector, tmp_path / "v")
    ngrams, ngrams_storage = made(Ngrams, tmp_path / "n")
    classifier, storage = made(Classifier, tmp_path / "c")
    texts = {
        "check_order": ("查订单", "查一下订单", "我要查订单", "帮查订单吧"),
        "thank": ("谢谢", "谢谢您", "好谢谢", "谢谢啦啊"),
    }
    data = TrainingData([message(text, intent=intent) for intent, group in texts.items() for text in group])
    ngrams.train(data)
    ngrams.process_training_data(data)
    for example in data.training_examples:
        vector._add([example], vector_of([[1, 0, 0] if example.get(INTENT) == "thank" else [0, 1, 0]], missing=False))
    classifier.train(data)
    loaded_ngrams = Ngrams.load(Ngrams.get_default_config(), ngrams_storage, Resource("it"), CONTEXT)
    loaded = Classifier.load(Classifier.get_default_config(), storage, Resource("it"), CONTEXT)
    seen, blind = message("谢谢"), message("谢谢")
    vector._add([seen], vector_of([[0, 1, 0]], missing=False))
    vector._add([blind], vector_of([[0, 0, 0]], missing=True))
    loaded.process(loaded_ngrams.process([seen, blind]))
    assert seen.get(INTENT)["name"] == "check_order"
    assert blind.get(INTENT)["name"] == "thank"
    assert blind.get(INTENT)["confidence"] > 0.7
    assert [guess["name"] for guess in blind.get("intent_ranking")] == ["thank", "check_order"]
    assert blind.get("familiarity") > seen.get("familiarity") > 0


def test_the_classifier_works_in_a_pipeline_without_vectors(tmp_path: Path) -> None:
    ngrams, _ = made(Ngrams, tmp_path / "n")
    classifier, _ = made(Classifier, tmp_path / "c")
    data = TrainingData([message(text, intent=text[0]) for text in ("早上好", "早安", "查订单", "查快递")])
    ngrams.train(data)
    ngrams.process_training_data(data)
    classifier.train(data)
    asked = message("早")
    classifier.process(ngrams.process([asked]))
    assert asked.get(INTENT)["name"] == "早"


def test_an_intent_with_few_examples_has_its_name_as_one_more(tmp_path: Path) -> None:
    names, _ = made(Names, tmp_path, below=3)
    few = [message(text, intent="card_arrival") for text in ("where is it", "not here yet")]
    many = [message(text, intent="thank") for text in ("thanks", "thank you", "cheers")]
    found = names.process_training_data(TrainingData([*few, *many])).intent_examples
    assert [(m.get(TEXT), m.get(INTENT)) for m in found if m.get(NAMED)] == [("card arrival", "card_arrival")]
    assert len(found) == 6


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Refund_not_showing_up", "refund not showing up"),
        ("PINBlocked", "pin blocked"),
        ("退货/退款", "退货 退款"),
        ("__", ""),
    ],
)
def test_names_are_words(name: str, said: str) -> None:
    assert in_words(name) == said


def vector_of(rows: list[list[float]], missing: bool) -> Any:
    from bot.vectors import Vectors

    return Vectors(np.asarray(rows, dtype=np.float32), missing)


def test_the_arbiter_hands_its_verdict_to_the_turn(tmp_path: Path) -> None:
    arbiter, _ = made(Arbiter, tmp_path)
    asked = message(
        "转人工",
        intent_ranking=[{"name": "ask_person", "confidence": 0.9}],
        intent={"name": "ask_person", "confidence": 0.9},
    )
    current = turn(knowledge=Knowledge())
    token = CURRENT.set(current)
    try:
        arbiter.process([asked])
    finally:
        CURRENT.reset(token)
    assert asked.get(INTENT)["name"] == "ask_person"
    assert current.verdict is not None
    assert current.reading == {"intent": "ask_person", "confidence": 0.9}


def test_the_arbiter_works_without_a_turn(tmp_path: Path) -> None:
    arbiter, _ = made(Arbiter, tmp_path, thresholds={"task": 0.9})
    asked = message("查", intent_ranking=[{"name": "check_order", "confidence": 0.8}], intent={})
    arbiter.process([asked])
    assert asked.get(INTENT)["name"] == "unknown"


def test_a_wrong_threshold_is_named(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="contorl"):
        made(Arbiter, tmp_path, thresholds={"contorl": 0.9})
