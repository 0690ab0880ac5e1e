"""The moment at which an agent needs a reply: what the customer said last, and what is known."""

from __future__ import annotations

from dataclasses import dataclass, field

CALM, ANNOYED, ANGRY = "calm", "annoyed", "angry"
MOODS = (CALM, ANNOYED, ANGRY)


@dataclass(frozen=True)
class Moment:
    """`asked` are the customer's messages that nobody has answered, `before` some earlier ones, oldest first.

    `known` are the slots that have a value, `gave` those that the unanswered messages gave. `first`: no agent has
    spoken yet. `articles` are the ids of those given before, latest last.
    """

    asked: tuple[str, ...]
    before: tuple[str, ...] = ()
    language: str = "zh-Hans"
    mood: str = CALM
    first: bool = False
    known: frozenset[str] = field(default_factory=frozenset)
    gave: frozenset[str] = field(default_factory=frozenset)
    articles: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What is to be answered."""
        return "\n".join(self.asked)

    @property
    def whole(self) -> str:
        """The same with what was said before it."""
        return "\n".join((*self.before, *self.asked))
