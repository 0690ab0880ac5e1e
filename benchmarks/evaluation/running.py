"""Measures each part, prints its figures, writes the report."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path

from benchmarks.evaluation import gate, heldout, peers, routing
from knowledge_base.article import Article
from knowledge_base.shipped import read_articles
from zhiban.eval import TITLE, open_encoder, show
from zhiban.evaluating import intents_part, measuring, retrieval_part
from zhiban.evaluating.figures import Figure
from zhiban.evaluating.intent_model import Labelled, read_examples
from zhiban.evaluating.report import Report, Section, Table
from zhiban.evaluating.result import System
from zhiban.evaluating.writing import facts, write
from zhiban.kb_progress import bars
from zhiban.settings import Settings

_COMMAND = ".venv/bin/python -m benchmarks.evaluation --only {}"
_SUGGESTIONS = [sys.executable, "-m", "benchmarks.suggestions", str(heldout.CONVERSATIONS)]


class Run:
    """What is shared by the parts."""

    def __init__(self, folder: Path, settings: Settings, tell: measuring.Tell, with_peers: bool) -> None:
        self._folder, self._peers = folder, with_peers
        self.encoder = open_encoder(settings, folder, tell)
        self.sections: list[Section] = []
        self.figures: dict[str, dict[str, Figure]] = {}

    @cached_property
    def articles(self) -> list[Article]:
        return read_articles()

    @cached_property
    def examples(self) -> list[Labelled]:
        return read_examples()

    def retrieval(self) -> None:
        questions = heldout.questions(self.articles)
        found = measuring.retrieval(self.articles, questions, self.encoder, self._folder)
        others: list[System] = [*found.baselines]
        if self._peers:
            others.append(peers.retrieval(self.articles, questions))
        self._add(retrieval_part.section(found.ours, others, self._command("retrieval"), False))
        self.figures[retrieval_part.NAME] = retrieval_part.figures(found.ours.results)

    def intents(self) -> None:
        texts = heldout.messages(self.examples)
        found = measuring.intents(self.examples, texts, self.encoder)
        others: list[System] = [*found.baselines]
        if self._peers:
            others.append(peers.intents(self.examples, texts))
        self._add(intents_part.section(found.ours, others, self._command("intents"), False))
        self.figures[intents_part.NAME] = intents_part.figures(found.ours.results)

    def routing(self) -> None:
        try:
            rows = routing.rows()
        except routing.NoModel as missing:
            self.sections.append(Section("Routing", f"Not measured: {missing}.", (), (), self._command("routing")))
            return
        self.sections.append(routing.section(rows, self._command("routing")))
        self.figures[routing.NAME] = routing.figures(rows)

    def suggestions(self) -> None:
        done = subprocess.run(_SUGGESTIONS, capture_output=True, text=True, cwd=heldout.ROOT)
        lines = (done.stdout or done.stderr[-500:]).splitlines()
        table = Table(["", "figure"], [line.strip().partition(": ")[::2] for line in lines])
        command = f".venv/bin/python -m benchmarks.suggestions {heldout.CONVERSATIONS.relative_to(heldout.ROOT)}"
        self.sections.append(Section("Suggestions", "Replies suggested to agents.", [table], (), command))

    def _add(self, section: Section) -> None:
        self.sections.append(section)
        self.encoder.keep()

    def _command(self, part: str) -> str:
        return _COMMAND.format(part) + (" --peers" if self._peers else "")


def run(parts: Collection[str], with_peers: bool, with_suggestions: bool, accept: bool) -> None:
    """Raises Problem."""
    settings = Settings.from_environment()
    folder = settings.data_dir / "eval"
    with bars() as shown:
        going = Run(folder, settings, shown.show, with_peers)
        for name in parts:
            getattr(going, name)()
        if with_suggestions:
            going.suggestions()
        if accept:
            gate.accept(gate.measure(going.encoder))
        going.encoder.keep()
    show(going.figures)
    print(f"report: {write(Report(TITLE, _facts(going), going.sections), going.figures, folder)}")


def _facts(going: Run) -> Sequence[tuple[str, str]]:
    files = {"questions": heldout.QUESTIONS, "intents": heldout.INTENTS, "routing": heldout.ROUTING}
    known = {name: path.relative_to(heldout.ROOT) for name, path in files.items()}
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, cwd=heldout.ROOT
    )
    identity = going.encoder.identity
    told = facts(
        f"{identity.name} {identity.version}",
        known,
        {"articles": len(going.articles), "examples of intents": len(going.examples)},
    )
    return [*told, ("commit", commit.stdout.strip() or "unknown")]
