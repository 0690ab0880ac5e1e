"""What an agent answered in some situation, kept for the next time; personal data are gone before it comes here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_SITUATION, LONGEST_REPLY = 600, 600


class BadAnswer(Exception):
    """Raised for what is no answered situation; says which field."""

    code = "bad_answer"


@dataclass(frozen=True)
class Answered:
    """`asked` is what the customer had written, `reply` what the agent said; slots stand as `{order_number}`."""

    conversation: str
    seq: int
    asked: str
    reply: str
    language: str

    @property
    def id(self) -> str:
        """The same for the same reply: storing it twice does no harm."""
        return f"{self.conversation}.{self.seq}"

    def as_json(self) -> dict[str, Any]:
        return {
            "conversation": self.conversation,
            "seq": self.seq,
            "asked": self.asked,
            "reply": self.reply,
            "language": self.language,
        }


def parse_answered(data: Mapping[str, Any]) -> Answered:
    """Raises BadAnswer."""
    try:
        answered = Answered(
            conversation=str(data["conversation"]),
            seq=int(data["seq"]),
            asked=str(data["asked"]).strip(),
            reply=str(data["reply"]).strip(),
            language=str(data["language"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadAnswer(str(error)) from error
    if not 0 < len(answered.asked) <= LONGEST_SITUATION or not 0 < len(answered.reply) <= LONGEST_REPLY:
        raise BadAnswer(f"asked and reply: 1 to {LONGEST_SITUATION} characters")
    return answered
