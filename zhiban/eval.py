"""`zhiban eval`: a report on a user's own questions, intents and texts out of scope."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge_base.article import Article
from knowledge_base.settings import BadSetting
from knowledge_base.settings import Settings as KnowledgeSettings
from knowledge_base.shipped import read_articles as shipped_articles
from zhiban.evaluating import intents_part, measuring, retrieval_part
from zhiban.evaluating.articles import read_articles
from zhiban.evaluating.figures import Figure
from zhiban.evaluating.intent_model import Labelled, read_examples
from zhiban.evaluating.kept_encoder import KeptEncoder
from zhiban.evaluating.report import Report, Section
from zhiban.evaluating.rows import Question, read_labelled, read_questions, read_texts
from zhiban.evaluating.writing import facts, write
from zhiban.kb_progress import bars
from zhiban.problems import Problem
from zhiban.settings import Settings

TITLE = "How well Zhiban understands"


@dataclass(frozen=True)
class Files:
    """What a user gives; at least questions or intents."""

    questions: Path | None = None
    intents: Path | None = None
    out_of_scope: Path | None = None
    articles: Path | None = None
    train: Path | None = None

    def given(self) -> dict[str, Path | None]:
        return {name.replace("_", " "): getattr(self, name) for name in self.__dataclass_fields__}

    def command(self) -> str:
        """What to type for the same report."""
        options = [
            f"--{name.replace(' ', '-')} {shlex.quote(str(path))}" for name, path in self.given().items() if path
        ]
        return " ".join(["zhiban eval", *options])


@dataclass(frozen=True)
class Work:
    """The files read and checked, before anything is computed."""

    articles: list[Article]
    examples: list[Labelled]
    questions: list[Question]
    texts: list[Question]


def evaluate(settings: Settings, files: Files, out: Path | None, baselines: bool = True) -> Path:
    """Write the report, print its main figures; the path of the page. Raises Problem."""
    if files.questions is None and files.intents is None:
        raise Problem("nothing to measure: give --questions, --intents or both (formats: docs/evaluation.md).")
    work = read(files)
    folder = settings.data_dir / "eval"
    with bars() as shown:
        encoder = open_encoder(settings, folder, shown.show)
        sections, figures = _measured(files, work, encoder, folder, baselines)
        encoder.keep()
    counts = {"articles": len(work.articles), "examples of intents": len(work.examples)}
    told = facts(f"{encoder.identity.name} {encoder.identity.version}", files.given(), counts)
    show(figures)
    return write(Report(TITLE, told, sections), figures, out or folder)


def read(files: Files) -> Work:
    """Raises Problem, with the lines that are wrong."""
    articles = read_articles(files.articles) if files.articles else shipped_articles()
    examples = _examples(files.train)
    strange = read_texts(files.out_of_scope) if files.out_of_scope else []
    questions = read_questions(files.questions, {one.id for one in articles}) if files.questions else []
    texts = read_labelled(files.intents, {intent for _, intent in examples}) if files.intents else []
    return Work(articles, examples, [*questions, *strange] if questions else [], [*texts, *strange] if texts else [])


def open_encoder(settings: Settings, folder: Path, tell: measuring.Tell) -> KeptEncoder:
    """The encoder that the knowledge server would run. Raises Problem."""
    try:
        knowledge = KnowledgeSettings.from_environment(settings.environ)
    except BadSetting as error:
        raise Problem(f"{error}.") from error
    return KeptEncoder(folder, knowledge.encoder, knowledge.encoder_prompt, tell)


def show(figures: Mapping[str, Mapping[str, Figure]]) -> None:
    """One line a figure."""
    for part, of in figures.items():
        for name, figure in of.items():
            print(f"{part}, {name}: {figure}")


def _examples(train: Path | None) -> list[Labelled]:
    if train is None:
        return read_examples()
    found = [(one.text, min(one.right)) for one in read_labelled(train)]
    if len({intent for _, intent in found}) < 2:
        raise Problem(f"{train}: every line has the same intent: at least two are needed.")
    return list(dict.fromkeys(found))


def _measured(
    files: Files, work: Work, encoder: KeptEncoder, folder: Path, baselines: bool
) -> tuple[list[Section], dict[str, dict[str, Figure]]]:
    sections: list[Section] = []
    figures: dict[str, dict[str, Figure]] = {}
    if work.questions:
        found = measuring.retrieval(work.articles, work.questions, encoder, folder, baselines)
        sections.append(retrieval_part.section(found.ours, found.baselines, files.command(), show_texts=True))
        figures[retrieval_part.NAME] = retrieval_part.figures(found.ours.results)
    if work.texts:
        found = measuring.intents(work.examples, work.texts, encoder, baselines)
        sections.append(intents_part.section(found.ours, found.baselines, files.command(), show_texts=True))
        figures[intents_part.NAME] = intents_part.figures(found.ours.results)
    return sections, figures
