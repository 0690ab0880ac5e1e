"""`zhiban train`: Rasa's model made ahead of a start, with an encoder that runs for this alone."""

from pathlib import Path

from zhiban import model, ports, readiness
from zhiban.data_dir import usable
from zhiban.ports import LOOPBACK
from zhiban.program import Program
from zhiban.screen import Screen
from zhiban.settings import PRIVATE_PORTS, Settings
from zhiban.supervisor import Supervisor


async def train(settings: Settings, screen: Screen) -> Path:
    """The path of the model that belongs to the sources as they are. Raises Problem."""
    environ = {**settings.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
    elsewhere = settings.elsewhere("knowledge")
    if elsewhere:
        return await model.ensure(settings, elsewhere, environ, screen)
    usable(settings.data_dir)
    supervisor = Supervisor(settings.logs, screen.warn)
    with ports.chosen({"encoder": PRIVATE_PORTS["knowledge"]}) as private:
        url = f"http://{LOOPBACK}:{private['encoder']}"
        try:
            async with screen.step("loading the encoder"):
                await supervisor.start([_encoder(settings, url, private["encoder"], environ)])
            return await model.ensure(settings, url, environ, screen)
        finally:
            await supervisor.stop()


def _encoder(settings: Settings, url: str, port: int, environ: dict[str, str]) -> Program:
    command = (str(settings.python), "-m", "knowledge_base", "--encoder-only", "--port", str(port))
    return Program("encoder", command, settings.root, environ, readiness.http(f"{url}/readyz"))
