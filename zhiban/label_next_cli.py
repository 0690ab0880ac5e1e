"""`zhiban label-next` as it is typed."""

import os
from pathlib import Path
from typing import Annotated

import typer

from zhiban.eval_cli import ONE_THREAD
from zhiban.screen import Screen
from zhiban.settings import Settings

_MESSAGES = typer.Option(exists=True, dir_okay=False, readable=True, help='{"text"} a line, as customers wrote them')
_OUT = typer.Option(
    dir_okay=False, help="its ending says the format: .jsonl or .csv; else DATA_DIR/eval/label-next.jsonl"
)


def label_next(
    messages: Annotated[Path, _MESSAGES],
    count: Annotated[int, typer.Option(min=1, max=5000, help="how long the list is at most")] = 50,
    out: Annotated[Path | None, _OUT] = None,
) -> None:
    """List the messages whose intents would teach the bot most: doubtful, frequent, unlike each other."""
    for variable in ONE_THREAD:
        os.environ.setdefault(variable, "1")
    from zhiban.label_next import label_next as run

    settings = Settings.from_environment()
    path = out or settings.data_dir / "eval" / "label-next.jsonl"
    found = run(settings, messages, count, path)
    Screen().say(f"{found} messages to label: {path}")
