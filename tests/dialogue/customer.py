"""A customer who talks to the bot through its channel, as the worker would: the dialogue goes with each message."""

import asyncio
import base64
import json
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import channel, model, requests
from knowledge_base.client import SyncKnowledgeClient

OPEN = {"open": True, "reachable": True, "opens_at": None, "tickets": []}
CLOSED = {"open": False, "reachable": False, "opens_at": "2099-11-23T01:00:00.000Z", "tickets": []}


@dataclass(frozen=True)
class Answer:
    """What the bot answered to one message."""

    replies: list[dict[str, Any]]
    commands: list[dict[str, Any]]
    dialogue: dict[str, Any]
    reading: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies if "text" in reply)

    @property
    def route(self) -> str:
        return str(self.reading["route"])

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for reply in self.replies for button in reply.get("buttons", [])]

    @property
    def articles(self) -> list[str]:
        return [reply["article"]["id"] for reply in self.replies if "article" in reply]


class Bot:
    """Rasa with its model, in this process."""

    def __init__(self, agent: Any, loop: asyncio.AbstractEventLoop, knowledge_url: str) -> None:
        self.agent = agent
        self.loop = loop
        self.knowledge = SyncKnowledgeClient(knowledge_url)

    def turn(self, body: dict[str, Any]) -> Answer:
        turn = channel.take_turn(requests.read(body), self.agent.handle_message)
        return Answer(**json.loads(json.dumps(self.loop.run_until_complete(turn))))

    def vector(self, text: str, *parts: str) -> dict[str, Any]:
        """As the worker sends it: that of the whole, and of each of its parts."""
        whole, *others = [_packed(values) for values in self.knowledge.embed([text, *parts])]
        told = [{"text": part, "values": values} for part, values in zip(parts, others, strict=True)]
        return {"encoder": model.encoder(self.agent), "values": whole, "parts": told}

    def close(self) -> None:
        self.knowledge.close()


def _packed(values: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()


@dataclass
class Customer:
    """One conversation."""

    bot: Bot
    language: str = "zh-Hans"
    desk: dict[str, Any] = field(default_factory=lambda: dict(CLOSED))
    with_vector: bool = True
    epoch: int = 1
    dialogue: dict[str, Any] | None = None
    said: int = 0
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def body(self, text: str, knowledge: dict[str, Any] | None = None, parts: Sequence[str] = ()) -> dict[str, Any]:
        has_vector = self.with_vector and not text.startswith("/")
        return {
            "conversation": "c17-01JTEST",
            "epoch": self.epoch,
            "message_id": f"{self.name}-{self.said}",
            "text": text,
            "language": self.language,
            "dialogue": self.dialogue,
            "knowledge": knowledge,
            "vector": self.bot.vector(text, *parts) if has_vector else None,
            "desk": self.desk,
        }

    def says(self, text: str, knowledge: dict[str, Any] | None = None, parts: Sequence[str] = ()) -> Answer:
        """`parts` as the knowledge server tells them apart."""
        self.said += 1
        answer = self.bot.turn(self.body(text, knowledge, parts))
        self.dialogue = answer.dialogue
        return answer

    def says_all(self, *texts: str) -> Answer:
        for text in texts:
            answer = self.says(text)
        return answer


def knows(
    article: str = "returns-how-to", confidence: float = 0.95, outcome: str = "answer", flow: str | None = None
) -> dict[str, Any]:
    """What the knowledge base makes of a text that one article answers."""
    return {"outcome": outcome, "base_version": "1", "articles": [_match(article, confidence, "怎么退货？", flow)]}


def wavers(**articles: float) -> dict[str, Any]:
    """A close call between articles."""
    matches = [_match(name, confidence, f"{name}？", None) for name, confidence in articles.items()]
    return {"outcome": "choice", "base_version": "1", "articles": matches}


def _match(article: str, confidence: float, question: str, flow: str | None) -> dict[str, Any]:
    return {"id": article, "version": 3, "confidence": confidence, "question": question, "flow": flow}
