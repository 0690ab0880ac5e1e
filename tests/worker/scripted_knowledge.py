"""A small HTTP server with the interface of the knowledge server, over three articles."""

import base64
import struct
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.worker.small_server import SmallServer

ENCODER = {"name": "tiny", "version": "1", "dimension": 2}
VECTOR = base64.b64encode(struct.pack("<2f", 0.6, 0.8)).decode()
TEXTS = {
    "refund": {
        "zh-Hans": ("怎么退款？", "在**我的订单**里点「退款」，三天内到账。"),
        "zh-Hant": ("怎麼退款？", "在**我的訂單**裡點「退款」，三天內到帳。"),
        "en": ("How do I get a refund?", "Open **My orders** and tap *Refund*; it takes three days."),
    },
    "track": {
        "zh-Hans": ("怎么查询订单？", "把订单号发给我。"),
        "zh-Hant": ("怎麼查詢訂單？", "把訂單號發給我。"),
        "en": ("Where is my order?", "Send me the order number."),
    },
}
FLOWS = {"track": "check_order"}


class ScriptedKnowledge(SmallServer):
    """`outcomes`: text -> (outcome, [(article, confidence)]), `also` and `parts` likewise; anything else is unknown."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []
        self.outcomes: dict[str, tuple[str, list[tuple[str, float]]]] = {}
        self.also: dict[str, list[tuple[str, float]]] = {}
        self.parts: dict[str, list[str]] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/understand", self._understand, methods=["POST"]),
                Route("/v1/articles/{id}", self._article),
            ]
        )

    async def _understand(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        outcome, found = self.outcomes.get(body["text"], ("unknown", []))
        articles, also = (
            [{**article(id_, body["language"]), "confidence": confidence} for id_, confidence in those]
            for those in (found, self.also.get(body["text"], []))
        )
        said = {"vector": VECTOR, "encoder": ENCODER, "base_version": "7", "outcome": outcome}
        parts = [{"text": part, "vector": VECTOR} for part in self.parts.get(body["text"], [])]
        return JSONResponse({**said, "articles": articles, "also": also, "parts": parts})

    async def _article(self, request: Request) -> Response:
        id_ = request.path_params["id"]
        if id_ not in TEXTS:
            return JSONResponse({"code": "article_not_found"}, 404)
        return JSONResponse(article(id_, request.query_params.get("language", "zh-Hans")))


def article(id_: str, language: str) -> dict[str, Any]:
    question, answer = TEXTS[id_][language]
    return {
        "id": id_,
        "version": 3,
        "question": question,
        "answer": answer,
        "category": "orders",
        "flow": FLOWS.get(id_),
    }
