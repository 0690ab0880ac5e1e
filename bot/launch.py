"""Starts Rasa with this bot's settings and mendings: `python -m bot.launch <arguments of rasa>`."""

import os
import sys

from bot import rasa_fixes

_DOMAIN = ["--domain", "bot/domain"]
_DATA = ["--data", "bot/nlu", "bot/rules"]
# Rasa looks for `domain.yml` and `data/`; ours are in the room. Added when not given.
_DEFAULTS: dict[tuple[str, ...], list[list[str]]] = {
    ("run",): [["--interface", "127.0.0.1"], ["--credentials", "credentials.yml"], ["--endpoints", "endpoints.yml"]],
    ("train",): [_DOMAIN, _DATA, ["--config", "config.yml"]],
    ("train", "nlu"): [_DOMAIN, ["--nlu", "bot/nlu"], ["--config", "config.yml"]],
    ("data", "validate"): [_DOMAIN, _DATA, ["--config", "config.yml"]],
    ("shell",): [["--interface", "127.0.0.1"], ["--endpoints", "endpoints.yml"]],
}
_SHORT = {"--domain": "-d", "--config": "-c", "--nlu": "-u", "--interface": "-i"}


def arguments(given: list[str]) -> list[str]:
    """`given`, completed with the places of this bot's files and the private interface."""
    commands = tuple(_commands(given))
    defaults = _DEFAULTS.get(commands[:2]) or _DEFAULTS.get(commands[:1], [])
    added = [option for option in defaults if option[0] not in given and _SHORT.get(option[0]) not in given]
    return given + [part for option in added for part in option]


def _commands(given: list[str]) -> list[str]:
    """The leading arguments that are commands, not options."""
    words = []
    for argument in given:
        if argument.startswith("-"):
            break
        words.append(argument)
    return words


def environment(given: list[str]) -> None:
    """Defaults for what `endpoints.yml` and `credentials.yml` read, and for what is read when NumPy is imported."""
    if _commands(given)[:1] == ["run"]:
        # One message is a few small products: a second thread spins, waiting for the next, and takes half the CPU.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("ACTIONS_URL", "http://127.0.0.1:5055/webhook")
    os.environ.setdefault("BOT_SECRET", "")


def main() -> None:
    environment(sys.argv[1:])
    rasa_fixes.before_rasa()
    from rasa.__main__ import main as rasa_main

    rasa_fixes.after_rasa()
    sys.argv = ["rasa", *arguments(sys.argv[1:])]
    rasa_main()


if __name__ == "__main__":
    main()
