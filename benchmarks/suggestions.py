"""How well agents are assisted: `python -m benchmarks.suggestions [file.jsonl]`; without a file, development data.

Each line is `{"id", "language"?, "turns": [{"role": "customer|bot|agent", "text", "serves"?: [ids]}], "form"?: {...}}`;
`serves` of an agent's turn are the articles and macros that would have served there, [] when none would. Before each
agent's turn the real knowledge server is asked, as the doors ask it. Printed: hit@3 and hit@1 with what BM25 over the
same articles and macros and the nearest article alone reach, the gain with its paired 95 % interval (bootstrap over
conversations), abstention, BLEU, chrF and likeness to what the agent wrote, the contact form by field, and how long it
took. Nothing may be tuned on a held-out file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.suggestion_baselines import Bm25
from benchmarks.suggestion_forms import FieldScore, form_scores
from benchmarks.suggestion_server import suggesting_server
from benchmarks.suggestion_words import JUDGE, print_words
from desk.assist.lines import Line
from desk.assist.replies import replies, values_of
from desk.assist.situation import read_situation
from knowledge_base.encoder import load_encoder
from knowledge_base.suggesting.asking import moment_of
from knowledge_base.suggesting.client import SuggestingClient
from knowledge_base.suggesting.moment import Moment

ROOT = Path(__file__).parent.parent
DEVELOPMENT = ROOT / "tests" / "assist" / "development.jsonl"
_RESAMPLES = 5000
_SECONDS = 10.0  # a patient limit: how long it took is measured


@dataclass(frozen=True)
class Point:
    """One agent's turn: what was there before it, and what would serve. `serves` None: nobody said."""

    conversation: str
    moment: Moment
    facts: dict[str, Any]
    serves: frozenset[str] | None
    said: str


@dataclass
class Result:
    """What was offered at one point, best first, by id; `texts` are ours. `seconds`: from asking to filled replies."""

    point: Point
    ours: list[str] = field(default_factory=list)
    nearest: list[str] = field(default_factory=list)
    bm25: list[str] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    nearest_text: str = ""
    seconds: float = 0.0

    @property
    def said(self) -> str:
        return self.point.said


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def lines_of(conversation: dict[str, Any]) -> list[Line]:
    return [Line(place, turn["role"], turn["text"]) for place, turn in enumerate(conversation["turns"], start=1)]


def points(conversations: Sequence[dict[str, Any]]) -> Iterator[Point]:
    """Each agent's turn that follows a customer's words."""
    for conversation in conversations:
        lines, language = lines_of(conversation), conversation.get("language") or "zh-Hans"
        for place, turn in enumerate(conversation["turns"]):
            situation = read_situation(lines[:place])
            if turn["role"] == "agent" and situation.asked:
                given = turn.get("serves")
                serves = None if given is None else frozenset(one.rpartition(":")[2] for one in given)
                moment = moment_of(situation, language)
                yield Point(conversation["id"], moment, values_of(situation.facts, "小林"), serves, turn["text"])


async def ask(client: SuggestingClient, bm25: Bm25, point: Point) -> Result:
    result = Result(point)
    began = time.perf_counter()
    chosen = replies(await client.suggest(point.moment, seconds=_SECONDS), point.facts)
    result.seconds = time.perf_counter() - began
    result.ours = [reply.candidate.id for reply in chosen]
    result.confidences = [reply.candidate.confidence for reply in chosen]
    result.texts = [reply.text for reply in chosen]
    understood = await client.understand(point.moment.text, point.moment.language, timeout=_SECONDS)
    result.nearest = [article.id for article in understood.articles[:3]]
    result.nearest_text = understood.articles[0].answer if understood.articles else ""
    result.bm25 = bm25.best(point.moment.text, 3)
    return result


def report(results: Sequence[Result]) -> None:
    labelled = [one for one in results if one.point.serves]
    empty = [one for one in results if one.point.serves is not None and not one.point.serves]
    conversations = len({one.point.conversation for one in results})
    print(f"{len(results)} turns of {conversations} conversations; {len(labelled)} that something serves")
    for most in (3, 1):
        ours = _share(labelled, lambda one, most=most: _hit(one.ours, one, most))
        print(f"hit@{most}: {ours}")
        for name in ("bm25", "nearest"):
            theirs = _share(labelled, lambda one, name=name, most=most: _hit(getattr(one, name), one, most))
            gain = _gain(labelled, name, most)
            print(f"  {name}: {theirs}; gain {gain}")
    abstained = sum(not one.ours for one in labelled)
    print(f"abstained where something serves: {abstained} of {len(labelled)}")
    print(f"abstained where nothing serves: {sum(not one.ours for one in empty)} of {len(empty)}")
    _print_confidences(labelled)
    took = sorted(one.seconds * 1000 for one in results)
    print(f"suggested within p50 {np.percentile(took, 50):.0f} ms, p95 {np.percentile(took, 95):.0f} ms")


def _hit(found: Sequence[str], one: Result, most: int) -> float:
    return float(bool(set(found[:most]) & (one.point.serves or frozenset())))


def _share(results: Sequence[Result], value: Callable[[Result], float]) -> str:
    if not results:
        return "-"
    low, high = _interval(results, value)
    return f"{np.mean([value(one) for one in results]):.3f} [{low:.3f}-{high:.3f}]"


def _gain(results: Sequence[Result], name: str, most: int) -> str:
    def difference(one: Result) -> float:
        return _hit(one.ours, one, most) - _hit(getattr(one, name), one, most)

    return _share(results, difference)


def _interval(results: Sequence[Result], value: Callable[[Result], float]) -> tuple[float, float]:
    """95 %, by drawing whole conversations: turns of one conversation are alike."""
    by_conversation: dict[str, list[float]] = {}
    for one in results:
        by_conversation.setdefault(one.point.conversation, []).append(value(one))
    sums = np.array([(sum(values), len(values)) for values in by_conversation.values()], float)
    drawn = np.random.default_rng(1).integers(0, len(sums), (_RESAMPLES, len(sums)))
    totals = sums[drawn].sum(axis=1)
    low, high = np.percentile(totals[:, 0] / totals[:, 1], [2.5, 97.5])
    return float(low), float(high)


def _print_confidences(labelled: Sequence[Result]) -> None:
    """Of the suggestions of each fifth of confidence: what was promised, what was right."""
    pairs = [
        (sure, found in (one.point.serves or frozenset()))
        for one in labelled
        for sure, found in zip(one.confidences, one.ours, strict=True)
    ]
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        within = [(sure, right) for sure, right in pairs if low <= sure < low + 0.2 or (low == 0.8 and sure == 1.0)]
        if within:
            sure, right = np.mean(within, axis=0)
            print(
                f"confidence {low:.1f}-{low + 0.2:.1f}: {len(within)} suggestions, said {sure:.2f}, right {right:.2f}"
            )


def print_forms(scores: Sequence[FieldScore]) -> None:
    for one in scores:
        print(
            f"form {one.field}: {one.right}/{one.asked} right; {one.found}/{one.there} of those there,"
            f" {one.invented} where there is none"
        )


async def measure(path: Path, learn: Path | None) -> None:
    conversations = read(path)
    with tempfile.TemporaryDirectory(prefix="zbs") as folder, suggesting_server(Path(folder)) as url:
        async with SuggestingClient(url) as client:
            bm25 = await Bm25.over(client)
            if learn is not None:
                await learn_from(client, read(learn))
            results = [await ask(client, bm25, point) for point in points(conversations)]
            forms = await form_scores(client, [(lines_of(one), one) for one in conversations if one.get("form")])
    report(results)
    print_words(results, load_encoder(JUDGE))
    print_forms(forms)


async def learn_from(client: SuggestingClient, conversations: Sequence[dict[str, Any]]) -> None:
    """Feed the answers of other conversations, as closed cases that did not come back."""
    from desk.assist.learning import lessons
    from knowledge_base.suggesting.answered import Answered

    given = [
        Answered(one["id"], lesson.seq, lesson.asked, lesson.reply, one.get("language") or "zh-Hans")
        for one in conversations
        for lesson in lessons(lines_of(one))
    ]
    for start in range(0, len(given), 100):
        await client.add_answered(given[start : start + 100])
    await asyncio.sleep(2.0 + 0.03 * len(given))
    print(f"learned {len(given)} answers")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggestions", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=DEVELOPMENT)
    parser.add_argument("--learn", type=Path, help="conversations whose agents' answers are learned before")
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.file, arguments.learn))
    return 0


if __name__ == "__main__":
    sys.exit(main())
