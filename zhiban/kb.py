"""`zhiban kb`: the knowledge base at the terminal."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from zhiban.screen import Screen
from zhiban.settings import Settings

kb = typer.Typer(no_args_is_help=True, help="The knowledge base: import, export, evaluate.")

# Read when the numeric libraries are imported: the latencies are to be those of the server, which has one thread.
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_Input = typer.Option(exists=True, dir_okay=False, readable=True)


@kb.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX or JSONL: docs/knowledge.md")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it would change, write nothing")] = False,
    by: Annotated[str, typer.Option(help="who changes the articles; goes into their history")] = "import",
) -> None:
    """Import articles, all or none; exit code 1 when a row is broken."""
    from zhiban.kb_files import take_in as run

    if not asyncio.run(run(Settings.from_environment(), Screen(), file, None if dry_run else by)):
        raise typer.Exit(1)


@kb.command("export")
def give_out(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="its ending says the format: .csv, .xlsx or .jsonl")],
) -> None:
    """Export every article to a file that import takes back."""
    from zhiban.kb_files import give_out as run

    screen = Screen()
    count = asyncio.run(run(Settings.from_environment(), screen, file))
    screen.say(f"{count} articles: {file}")


@kb.command("reindex")
def reindex(
    encoder: Annotated[
        str, typer.Argument(help="a packaged encoder, or a sentence-transformers model: docs/retrieval.md")
    ],
) -> None:
    """Encode all articles for another encoder while the present one goes on serving."""
    from zhiban.kb_reindex import reindex as run

    screen = Screen()
    count = asyncio.run(run(Settings.from_environment(), screen, encoder))
    screen.say(
        f"{count} articles are encoded. To switch: ENCODER={encoder} zhiban train, then start with ENCODER={encoder}"
    )


@kb.command("evaluate")
def evaluate(
    articles: Annotated[Path, _Input],
    queries: Annotated[Path, _Input],
    report: Annotated[Path | None, typer.Option(dir_okay=False, help="where to write the figures as JSON")] = None,
) -> None:
    """Measure retrieval on a set of articles and queries (JSONL); the running base is not touched.

    ARTICLES: {"id", "question", "phrasings"?, "answer"?} a line.
    QUERIES: {"query", "relevant": [ids]} a line, without ids when out of scope.
    """
    for variable in _ONE_THREAD:
        os.environ.setdefault(variable, "1")
    from zhiban.kb_evaluation import evaluate as run

    run(Settings.from_environment(), articles, queries, report)
