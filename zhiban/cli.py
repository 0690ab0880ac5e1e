"""The commands as they are typed; each says what it does and leaves the work to its own module."""

import asyncio

import typer

from zhiban import __version__
from zhiban.agents import agents
from zhiban.eval_cli import evaluate
from zhiban.intents import intents
from zhiban.kb import kb
from zhiban.label_next_cli import label_next
from zhiban.outbox import outbox
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Zhiban 值班: the night shift of customer service.")
app.add_typer(agents, name="agents")
app.add_typer(kb, name="kb")
app.add_typer(intents, name="intents")
app.add_typer(outbox, name="outbox")
app.command("eval")(evaluate)
app.command("label-next")(label_next)


@app.command()
def run() -> None:
    """Start everything and keep it running until Ctrl-C."""
    from zhiban.run import run as start

    start(Settings.from_environment(), Screen())


@app.command()
def doctor() -> None:
    """Check what a start needs; start nothing."""
    from zhiban.doctor import examine

    screen = Screen()
    findings = examine(Settings.from_environment())
    for finding in findings:
        screen.say(f"{'ok ' if finding.good else 'NO '} {finding.text}")
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def status() -> None:
    """List what runs under DATA_DIR."""
    from zhiban.status import status as lines

    screen = Screen()
    for line in lines(Settings.from_environment()):
        screen.say(line)


@app.command()
def train() -> None:
    """Make Rasa's model for the sources as they are, unless it is there."""
    from zhiban.train import train as make

    screen = Screen()
    path = asyncio.run(make(Settings.from_environment(), screen))
    screen.say(f"model: {path}")


@app.command()
def check() -> None:
    """Compare queues, states and logs in Redis and report every difference."""
    from zhiban.differences import differences

    screen = Screen()
    found = asyncio.run(differences(Settings.from_environment(), screen))
    for line in found:
        screen.say(line)
    screen.say(f"{len(found)} differences")
    if found:
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    Screen().say(f"zhiban {__version__}")


def main() -> int:
    """The exit code; a Problem is one line each and 1."""
    try:
        app(standalone_mode=True)
    except Problem as problem:
        for line in str(problem).splitlines():
            Screen().warn(f"zhiban: {line}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
