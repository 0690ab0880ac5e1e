"""`zhiban eval` as it is typed."""

import os
from pathlib import Path
from typing import Annotated

import typer

from zhiban.screen import Screen
from zhiban.settings import Settings

# Read when the numeric libraries are imported: more threads than one only take turns with each other here.
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def _file(words: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(exists=True, dir_okay=False, readable=True, help=words)
    return found


def evaluate(
    questions: Annotated[
        Path | None, _file('{"query", "relevant": [article ids], "style"?, "language"?} a line')
    ] = None,
    intents: Annotated[Path | None, _file('{"text", "intent", "style"?, "language"?} a line')] = None,
    out_of_scope: Annotated[Path | None, _file('{"text"} a line: of no article and no intent')] = None,
    articles: Annotated[Path | None, _file("the base to ask, as `kb export` writes it; else the shipped one")] = None,
    train: Annotated[Path | None, _file("examples to learn, as for --intents; else the bot's own")] = None,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="folder of the report; else DATA_DIR/eval")] = None,
    baselines: Annotated[bool, typer.Option(help="also measure BM25, character n-grams and the encoders alone")] = True,
) -> None:
    """Report how well your own questions and messages are understood (docs/evaluation.md); nothing is changed."""
    for variable in ONE_THREAD:
        os.environ.setdefault(variable, "1")
    from zhiban.eval import Files, evaluate

    files = Files(questions, intents, out_of_scope, articles, train)
    page = evaluate(Settings.from_environment(), files, out, baselines)
    Screen().say(f"report: {page} (and {page.with_suffix('.md').name} beside it)")
