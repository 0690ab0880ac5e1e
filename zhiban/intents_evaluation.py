"""`zhiban intents evaluate`: this pipeline trained on a set of its own, in Rasa's environment, and measured."""

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from zhiban import ports, readiness
from zhiban.data_dir import usable
from zhiban.intents_files import Row, check_training, read_labelled, read_texts
from zhiban.ports import LOOPBACK
from zhiban.problems import Problem
from zhiban.program import Program
from zhiban.screen import Screen
from zhiban.settings import PRIVATE_PORTS, Settings
from zhiban.supervisor import Supervisor
from zhiban.tether import tether

_DIGITS = 4


def evaluate(
    settings: Settings,
    screen: Screen,
    train: Path,
    test: Path,
    oos: Path | None,
    report: Path | None,
    config: Path | None = None,
) -> None:
    """Print one line a figure, and write the report. Raises Problem."""
    learned, asked = read_labelled(train), read_labelled(test)
    check_training(train, learned)
    strange = read_texts(oos) if oos else []
    never = {row.intent for row in asked} - {row.intent for row in learned}
    if never:
        screen.warn(f"{test}: {len(never)} intents that {train} does not have ({min(never)} ...) count as missed.")
    config = (config or settings.root / "config.yml").resolve()
    figures = asyncio.run(_with_encoder(settings, screen, config, learned, asked, strange))
    for name, value in figures.items():
        if isinstance(value, int | float):
            print(f"{name} {_rounded(value)}")
    if report is not None:
        try:
            report.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise Problem(f"{report}: {error.strerror}.") from error


async def _with_encoder(settings: Settings, screen: Screen, *work: Any) -> dict[str, Any]:
    async with _encoder(settings, screen) as url:
        return await _measured(settings, url, *work)


async def _measured(
    settings: Settings, url: str, config: Path, learned: Sequence[Row], asked: Sequence[Row], strange: Sequence[Row]
) -> dict[str, Any]:
    """The report of `bot.evaluate`, which runs under Python 3.10."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        command = [str(settings.rasa_python), "-W", "ignore", "-m", "bot.evaluate", "--config", str(config)]
        for name, rows in (("train", learned), ("test", asked), ("oos", strange)):
            if rows:
                path = place / f"{name}.jsonl"
                path.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows), encoding="utf-8")
                command += [f"--{name}", str(path)]
        out = place / "report.json"
        process = await asyncio.create_subprocess_exec(
            *command,
            "--report",
            str(out),
            cwd=settings.root,
            env={**settings.environ, "KNOWLEDGE_URL": url, "RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,  # what Rasa says is not ours; progress is on standard error
            start_new_session=True,
            preexec_fn=tether(),
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if code != 0 or not out.exists():
            raise Problem(f"the evaluation failed (exit code {code}); the reason is above.")
        return dict(json.loads(out.read_text(encoding="utf-8")))


@asynccontextmanager
async def _encoder(settings: Settings, screen: Screen) -> AsyncIterator[str]:
    """The address of a server that makes vectors: the one in KNOWLEDGE_URL, or our own for as long as it takes."""
    elsewhere = settings.elsewhere("knowledge")
    if elsewhere:
        yield elsewhere
        return
    usable(settings.data_dir)
    supervisor = Supervisor(settings.logs, screen.warn)
    with ports.chosen({"encoder": PRIVATE_PORTS["knowledge"]}) as private:
        url = f"http://{LOOPBACK}:{private['encoder']}"
        command = (str(settings.python), "-m", "knowledge_base", "--encoder-only", "--port", str(private["encoder"]))
        ready = readiness.http(f"{url}/readyz")
        try:
            async with screen.step("loading the encoder"):
                await supervisor.start([Program("encoder", command, settings.root, settings.environ, ready)])
            yield url
        finally:
            await supervisor.stop()


def _rounded(value: float) -> str:
    return (
        str(value) if isinstance(value, int) else f"{value:.{_DIGITS}g}" if value >= 1 else f"{round(value, _DIGITS):g}"
    )
