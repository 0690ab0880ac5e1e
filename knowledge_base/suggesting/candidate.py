"""A candidate is a reply that may serve, with where it comes from and how sure we are; its slots are not filled yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Prior:
    """What became of this source before: `shift` is in log-odds and already part of the confidence."""

    shift: float
    shown: int
    used: int

    def as_json(self) -> dict[str, Any]:
        return {"shift": self.shift, "shown": self.shown, "used": self.used}


@dataclass(frozen=True)
class Candidate:
    """`kind` is `article`, `macro` or `answered`; `conversation` is where an answered one was said."""

    kind: str
    id: str
    version: int
    title: str
    text: str
    confidence: float
    category: str = ""
    conversation: str | None = None
    prior: Prior | None = None

    @property
    def source(self) -> str:
        """The name under which outcomes are counted."""
        return f"{self.kind}:{self.id}"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Candidate:
        prior = data.get("prior")
        return cls(
            kind=str(data["kind"]),
            id=str(data["id"]),
            version=int(data["version"]),
            title=str(data["title"]),
            text=str(data["text"]),
            confidence=float(data["confidence"]),
            category=str(data.get("category") or ""),
            conversation=data.get("conversation"),
            prior=Prior(float(prior["shift"]), int(prior["shown"]), int(prior["used"])) if prior else None,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "version": self.version,
            "title": self.title,
            "text": self.text,
            "confidence": self.confidence,
            "category": self.category,
            "conversation": self.conversation,
            "prior": self.prior.as_json() if self.prior else None,
        }
