"""The cast of the doors' tests: a bot that answers through the desk as the worker does, and a knowledge base of two."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from desk import Desk, Reply, Turn
from desk.conversation import partition_of_conversation
from knowledge_base.client import KnowledgeUnavailable
from knowledge_base.confirmed.question import ConfirmedQuestion
from knowledge_base.suggesting.answered import Answered
from knowledge_base.suggesting.candidate import Candidate
from knowledge_base.suggesting.client import Outcome
from knowledge_base.suggesting.moment import Moment

PASSWORD = "correct horse battery"

# Luhn holds; no bank has issued it.
CARD = "4111 1111 1111 1111"
MOBILE = "13800138000"

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


class Bot:
    """Takes what is in the inbox and commits turns, under a real lease."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def answer(self, conversation: str, *replies: Reply | str, commands: Sequence[dict[str, Any]] = ()) -> int:
        """Answer the oldest unanswered message of the conversation; the number of events written."""
        lease = await self._desk.lease(partition_of_conversation(conversation), "bot", 5000)
        assert lease is not None
        try:
            entry = next(e for e in await self._desk.inbox([lease], 1000) if e.conversation == conversation)
            epoch = (await self._desk.conversation(conversation)).epoch
            said = [Reply(text=reply) if isinstance(reply, str) else reply for reply in replies]
            return len(await self._desk.commit_turn(lease, entry, Turn(epoch, said, commands)))
        finally:
            await self._desk.give_back(lease)

    async def call_a_person(self, conversation: str) -> None:
        await self.answer(
            conversation, "正在为您转接人工客服", commands=[{"command": "handoff.request", "reason": "asked"}]
        )


@dataclass(frozen=True)
class KnownArticle:
    id: str = "refund_stuck"
    version: int = 3
    question: str = "快递不动了能退款吗"
    answer: str = "可以的，48 小时没有更新就能申请退款。"
    confidence: float = 0.91
    category: str = "refunds"
    audience: str = "customer"
    flow: str | None = None


ARTICLE = Candidate(
    "article", "refund_stuck", 3, "快递不动了能退款吗", "可以的，48 小时没有更新就能申请退款。", 0.91, "refunds"
)
MACRO = Candidate(
    "macro", "found-order", 2, "已查到订单", "让您久等了，订单 {order_number} 我查到了[[，{customer_name}]]。", 0.6
)


@dataclass
class Shelf:
    """A knowledge base that knows two articles, or is away."""

    articles: Sequence[KnownArticle] = (KnownArticle(), KnownArticle("invoice", 1, "怎么开发票", "在订单页申请。", 0.2))
    away: bool = False
    asked: list[tuple[str, str | None, str]] = field(default_factory=list)
    candidates: Sequence[Candidate] = (ARTICLE, MACRO)
    moments: list[Moment] = field(default_factory=list)
    noted: list[Outcome] = field(default_factory=list)
    learned: list[Answered] = field(default_factory=list)
    confirmed: list[ConfirmedQuestion] = field(default_factory=list)

    async def understand(
        self,
        text: str,
        language: str | None = None,
        audience: str = "customer",
        timeout: float = 0.3,  # noqa: ASYNC109, ARG002
    ) -> "Shelf":
        if self.away:
            raise KnowledgeUnavailable("away")
        self.asked.append((text, language, audience))
        return self

    async def suggest(self, moment: Moment, most: int = 8, seconds: float = 0.25) -> list[Candidate]:  # noqa: ARG002
        self._reached()
        self.moments.append(moment)
        return list(self.candidates)[:most]

    async def search_macros(self, text: str, language: str, most: int = 5) -> list[Candidate]:  # noqa: ARG002
        self._reached()
        return [one for one in self.candidates if one.kind == "macro"][:most]

    async def macros(self) -> list[dict[str, Any]]:
        self._reached()
        return [{"id": one.id, "text": {"zh-Hans": one.text}} for one in self.candidates if one.kind == "macro"]

    async def note(self, outcomes: Sequence[Outcome]) -> None:
        self._reached()
        self.noted += outcomes

    async def add_answered(self, answers: Sequence[Answered]) -> None:
        self._reached()
        self.learned += answers

    async def add_confirmed(self, questions: Sequence[ConfirmedQuestion]) -> None:
        self._reached()
        self.confirmed += questions

    def _reached(self) -> None:
        if self.away:
            raise KnowledgeUnavailable("away")
