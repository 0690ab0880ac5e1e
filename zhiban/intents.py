"""`zhiban intents`: what the bot understands, measured at the terminal."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from zhiban.screen import Screen
from zhiban.settings import Settings

intents = typer.Typer(no_args_is_help=True, help="Intents: how well messages are understood.")

_Input = typer.Option(exists=True, dir_okay=False, readable=True)
_Oos = typer.Option(exists=True, dir_okay=False, readable=True, help="texts of no intent: {text} a line")


@intents.command("evaluate")
def evaluate(
    train: Annotated[Path, _Input],
    test: Annotated[Path, _Input],
    oos: Annotated[Path | None, _Oos] = None,
    report: Annotated[Path | None, typer.Option(dir_okay=False, help="where to write the figures as JSON")] = None,
    config: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="another pipeline")] = None,
) -> None:
    """Train the pipeline of config.yml on a set of your own and measure it; the bot's own model is not touched.

    TRAIN, TEST: {"text", "intent"} a line (JSONL, UTF-8). Figures go to standard output, one a line.
    """
    from zhiban.intents_evaluation import evaluate as run

    aside = Screen(Console(stderr=True, highlight=False, soft_wrap=True))  # standard output is for the figures
    run(Settings.from_environment(), aside, train, test, oos, report, config)
