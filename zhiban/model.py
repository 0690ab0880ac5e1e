"""Rasa's model: named by the fingerprint of all it was made from, trained when no such file is there."""

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from zhiban.logs import last_lines
from zhiban.problems import Problem
from zhiban.screen import Screen
from zhiban.settings import Settings
from zhiban.tether import tether

TRAINING_SECONDS = 900.0
_KEPT_MODELS = 5


async def fingerprint(settings: Settings, knowledge_url: str) -> str:
    """Of training data, domain, rules, components, lock and the encoder that the knowledge server runs."""
    from bot.fingerprint import fingerprint as of
    from knowledge_base.client import KnowledgeClient, KnowledgeUnavailable

    try:
        async with KnowledgeClient(knowledge_url) as client:
            encoder = await client.encoder()
    except KnowledgeUnavailable as error:
        raise Problem(f"the knowledge server at {knowledge_url} does not answer ({error}).") from error
    return str(of(settings.root, encoder))


def ready_made(settings: Settings) -> Path | None:
    """The model for our own knowledge server, found without asking it; None where only the server can tell."""
    from bot.fingerprint import fingerprint as of
    from knowledge_base.encoders.packaged import JOINED, identity_of

    encoder = identity_of(settings.environ.get("ENCODER") or JOINED)
    if encoder is None or settings.elsewhere("knowledge"):
        return None
    path = _path(settings, of(settings.root, encoder))
    if not path.exists():
        return None
    _forget_oldest(settings.models, path)
    return path


async def ensure(settings: Settings, knowledge_url: str, environ: Mapping[str, str], screen: Screen) -> Path:
    """The path of the model that belongs to the sources as they are; trained now if it has to be."""
    name = await fingerprint(settings, knowledge_url)
    path = _path(settings, name)
    if not path.exists():
        async with screen.step("training Rasa's model (once for each change of the bot or the encoder)"):
            await _train(settings, path, {**environ, "KNOWLEDGE_URL": knowledge_url})
    _forget_oldest(settings.models, path)
    return path


def _path(settings: Settings, name: str) -> Path:
    return settings.models / f"{name}.tar.gz"


async def _train(settings: Settings, path: Path, environ: Mapping[str, str]) -> None:
    log = settings.logs / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.models.mkdir(exist_ok=True)
    # Under another name until it is whole: a run that was interrupted must not leave half a model behind.
    unfinished = f"unfinished-{path.name.removesuffix('.tar.gz')}-{os.getpid()}"
    command = [str(settings.rasa_python), "-m", "bot.launch", "train"]  # which knows where the sources are
    command += ["--fixed-model-name", unfinished, "--out", str(settings.models)]
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=settings.root,
            env=dict(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=tether(),
        )
        code = await _ended(process)
    written = settings.models / f"{unfinished}.tar.gz"
    if code != 0 or not written.exists():
        raise Problem(f"training failed (exit code {code}): {' '.join(last_lines(log, 1))} See {log}.")
    written.replace(path)


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Its exit code; when we are interrupted or it takes too long, its whole group is killed."""
    try:
        async with asyncio.timeout(TRAINING_SECONDS):
            return await process.wait()
    except TimeoutError:
        raise Problem(f"training took more than {TRAINING_SECONDS:.0f} s and was stopped.") from None
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _forget_oldest(models: Path, current: Path) -> None:
    """Keep the last few models: an older checkout finds its own again, the folder does not grow for ever."""
    os.utime(current)
    others = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[_KEPT_MODELS:]:
        old.unlink(missing_ok=True)
