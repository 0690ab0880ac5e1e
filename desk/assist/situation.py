"""The situation that a reply has to fit: what the customer wrote that nobody has answered, and what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desk.assist.facts import Fact, read_facts
from desk.assist.lines import Line, said_by
from reading.mood import Mood, read_mood

_UNANSWERED = 4
_BEFORE = 3
_ARTICLES = 3
_LONGEST = 500  # characters of a message; what is longer is read from both ends


@dataclass(frozen=True)
class Situation:
    """`asked`: the unanswered messages, `before`: some earlier ones, oldest first. `for_seq`: the last of them.

    `facts` by name; `gave`: those that the unanswered messages told. `first`: no agent has spoken since the customer
    last left the bot.
    """

    for_seq: int
    asked: tuple[str, ...]
    before: tuple[str, ...] = ()
    first: bool = True
    mood: Mood = Mood.CALM
    facts: Mapping[str, Fact] = field(default_factory=dict)
    gave: frozenset[str] = frozenset()
    articles: tuple[str, ...] = ()


def read_situation(lines: Sequence[Line], known: Mapping[str, str] | None = None) -> Situation:
    """The situation after `lines`; `known` are slots that were filled before (by the bot), by name."""
    written = said_by(lines, "customer")
    answered = max((line.seq for line in lines if _answers(line)), default=0)
    since = [line for line in written if line.seq > answered][-_UNANSWERED:]
    # An agent who has answered everything may still say something more: about what was said last.
    asked = since or written[-1:]
    earlier = [line for line in written if asked and line.seq < asked[0].seq]
    facts = {name: Fact(name, value, None) for name, value in (known or {}).items()} | read_facts(lines)
    return Situation(
        for_seq=asked[-1].seq if asked else 0,
        asked=tuple(_bounded(line.text) for line in asked),
        before=tuple(_bounded(line.text) for line in earlier[-_BEFORE:]),
        first=_last(lines, "agent") <= _last(lines, "bot"),
        mood=max((read_mood(line.text) for line in asked), default=Mood.CALM),
        facts=facts,
        gave=frozenset(fact.name for fact in facts.values() if fact.seq and asked and fact.seq >= asked[0].seq),
        articles=tuple(line.article for line in lines if line.article)[-_ARTICLES:],
    )


def _last(lines: Sequence[Line], speaker: str) -> int:
    return max((line.seq for line in lines if line.speaker == speaker and not line.notice), default=0)


def _answers(line: Line) -> bool:
    return line.speaker == "agent" or (line.speaker == "bot" and line.article is not None)


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 2 :]}"
