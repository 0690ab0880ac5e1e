"""What happened before an agent arrived: extracted, never composed; every line names the event that it is from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.assist.facts import Fact, read_facts
from desk.assist.lines import Line, lines_of
from desk.assist.summary_words import KnownFlow, SummaryWords, known_flows
from desk.assist.wanting import Quote, what_they_want
from desk.event import Event
from reading.mood import Mood, read_mood

_MOST_LINES = 12
_TO_A_PERSON = ("asked", "fallback", "complaint", "insult", "agent_gone", "transferred")


@dataclass(frozen=True)
class SummaryLine:
    """`kind`: wants, answered, flow, done, broke_off, asked_person, note, agent, ticket, upset."""

    kind: str
    text: str
    seq: int


@dataclass(frozen=True)
class Tried:
    """What the bot tried: an article it gave (`given`), or a flow (`begun`, `done`, `broken_off` at `step`)."""

    kind: str
    id: str
    title: str
    state: str
    seq: int | None
    step: str | None = None


@dataclass(frozen=True)
class MoodAt:
    seq: int
    mood: Mood


@dataclass(frozen=True)
class Summary:
    wants: Quote | None
    lines: Sequence[SummaryLine]
    tried: Sequence[Tried]
    slots: Sequence[Fact]
    moods: Sequence[MoodAt]

    @property
    def mood(self) -> Mood:
        """Of the last three messages the worst: who was angry a moment ago is not calm yet."""
        return max((at.mood for at in self.moods[-3:]), default=Mood.CALM)


def summarise(events: Sequence[Event], dialogue: Mapping[str, Any] | None, words: SummaryWords) -> Summary:
    """`dialogue` is the bot's, as the conversation keeps it."""
    lines, told = lines_of(events), dialogue or {}
    tried = [*_articles(lines), *_flows(lines, told, words)]
    moods = [MoodAt(line.seq, read_mood(line.text)) for line in lines if line.speaker == "customer" and line.text]
    wanted = what_they_want(lines)
    found = [
        *([SummaryLine("wants", wanted.text, wanted.seq)] if wanted else []),
        *_tried_lines(tried, words),
        *_happened(events, words),
        *_upset(moods, words),
    ]
    ordered = sorted(found, key=lambda line: (line.kind != "wants", line.seq))
    return Summary(wanted, ordered[:_MOST_LINES], tried, _slots(lines, told, words), moods)


def _articles(lines: Sequence[Line]) -> Iterator[Tried]:
    for line in lines:
        if line.speaker == "bot" and line.article:
            yield Tried("article", line.article, line.title or line.article, "given", line.seq)


def _flows(lines: Sequence[Line], dialogue: Mapping[str, Any], words: SummaryWords) -> Iterator[Tried]:
    """Begun by a button, or still open in the bot's dialogue; the end of one is among the bot's last actions."""
    begun: dict[str, int | None] = {}
    for line in lines:
        name = (line.payload or "").split("{")[0].removeprefix("/")
        if name in known_flows():
            begun[name] = line.seq
    ended = {event.get("name") for event in dialogue.get("events") or () if event.get("event") == "action"}
    open_now = _open_flow(dialogue)
    spoke = [line.seq for line in lines if line.speaker == "bot" and not line.notice]
    for name, flow in known_flows().items():
        is_open, done = flow is open_now, flow.ends_with in ended
        if name not in begun and not is_open and not done:
            continue
        state = "broken_off" if is_open else "done" if done else "begun"
        step = _step(flow, dialogue) if is_open else None
        seq = begun.get(name) or (spoke[-1] if spoke else None)
        yield Tried("flow", name, words.title(flow), state, seq, step)


def _open_flow(dialogue: Mapping[str, Any]) -> KnownFlow | None:
    form, paused = (dialogue.get("loop") or {}).get("name"), (dialogue.get("slots") or {}).get("paused_flow")
    return next((flow for flow in known_flows().values() if flow.form == form or flow.name == paused), None)


def _step(flow: KnownFlow, dialogue: Mapping[str, Any]) -> str | None:
    """What it asked for when it stopped: the first thing that it does not know."""
    known = dialogue.get("slots") or {}
    return next((slot for slot in flow.asks if known.get(slot) is None), None)


def _tried_lines(tried: Sequence[Tried], words: SummaryWords) -> Iterator[SummaryLine]:
    for one in tried:
        if one.seq is None:
            continue
        if one.kind == "article":
            yield SummaryLine("answered", words.line("answered", title=one.title), one.seq)
        elif one.state == "broken_off":
            step = words.label(one.step) if one.step else "…"
            yield SummaryLine("broke_off", words.line("broke_off", title=one.title, step=step), one.seq)
        else:
            kind = "done" if one.state == "done" else "flow"
            yield SummaryLine(kind, words.line(kind, title=one.title), one.seq)


def _happened(events: Sequence[Event], words: SummaryWords) -> Iterator[SummaryLine]:
    for event in events:
        if event.type == "ticket":
            kind, state = words.name(str(event.body.get("kind"))), words.name(str(event.body.get("state")))
            text = words.line("ticket", ticket=str(event.body.get("ticket")), kind=kind, state=state)
            yield SummaryLine("ticket", text, event.seq)
        if event.type != "state":
            continue
        reason = str(event.body.get("reason") or "")
        if event.body.get("to") == "waiting" and reason in _TO_A_PERSON:
            yield SummaryLine("asked_person", words.line("asked_person", reason=words.name(reason)), event.seq)
        if event.body.get("note"):
            text = words.line("note", agent=event.author.id, text=str(event.body["note"]))
            yield SummaryLine("note", text, event.seq)
        if event.body.get("from") == "person" and event.author.role == "agent":
            yield SummaryLine("agent", words.line("agent", agent=event.author.id), event.seq)


def _upset(moods: Sequence[MoodAt], words: SummaryWords) -> Iterator[SummaryLine]:
    """Where the mood first got worse, each step once."""
    worst = Mood.CALM
    for at in moods:
        if at.mood > worst:
            worst = at.mood
            yield SummaryLine("upset", words.line("upset", mood=words.name(at.mood.name.lower())), at.seq)


def _slots(lines: Sequence[Line], dialogue: Mapping[str, Any], words: SummaryWords) -> list[Fact]:
    """What is known by name: the customer's own words first, then what the bot had from before."""
    facts = dict(read_facts(lines))
    for name, value in (dialogue.get("slots") or {}).items():
        if words.knows(name) and isinstance(value, str | int) and not isinstance(value, bool):
            facts.setdefault(name, Fact(name, str(value), None))
    return [fact for fact in facts.values() if words.knows(fact.name)]
