"""The processes of the product: how each is started, when it is ready, and what it waits for."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhiban import embedded, readiness
from zhiban.ports import LOOPBACK
from zhiban.program import Program
from zhiban.settings import Settings

NAMES = ("redis", "office", "knowledge", "actions", "rasa", "worker", "doors")


@dataclass(frozen=True)
class Addresses:
    """Where the processes find each other: ours on the loopback, or what the settings name."""

    redis: str
    knowledge: str
    actions: str
    rasa: str
    office: str

    @classmethod
    def of(cls, settings: Settings, ports: Mapping[str, int]) -> "Addresses":
        def url(name: str, path: str = "") -> str:
            return settings.elsewhere(name) or f"http://{LOOPBACK}:{ports[name]}{path}"

        return cls(
            redis=settings.elsewhere("redis") or f"unix://{embedded.socket_path(settings)}",
            knowledge=url("knowledge"),
            actions=url("actions", "/webhook"),
            rasa=url("rasa"),
            office=url("office"),
        )


@dataclass(frozen=True)
class Programs:
    """Makes the Program of each process that is ours to run."""

    settings: Settings
    ports: Mapping[str, int]
    addresses: Addresses
    bot_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def before_rasa(self) -> list[Program]:
        """What can start at once; Rasa's model depends on the encoder that the knowledge server runs."""
        makers = {"office": self._office, "knowledge": self._knowledge, "actions": self._actions}
        return [make() for name, make in makers.items() if not self.settings.elsewhere(name)]

    def rasa(self, model: Path) -> Program:
        port = self.ports["rasa"]
        settings = self.settings
        command = [str(settings.rasa_python), "-m", "bot.launch", "run", "-m", str(model)]
        command += ["--interface", LOOPBACK, "--port", str(port)]
        url = f"http://{LOOPBACK}:{port}/webhooks/gateway/"
        return self._make("rasa", tuple(command), url, url)

    def front(self) -> list[Program]:
        """Those who serve customers and agents."""
        return [self._worker(), self._doors()]

    def environ(self) -> dict[str, str]:
        """What every process is told; each reads only what is its own."""
        theirs = {name: value for name, value in self.settings.environ.items() if name not in ("HOST", "PORT")}
        return {
            "LOG_FORMAT": "json",
            "BOT_SECRET": self.bot_secret,
            **theirs,
            "DATA_DIR": str(self.settings.data_dir),
            "REDIS_URL": self.addresses.redis,
            "KNOWLEDGE_URL": self.addresses.knowledge,
            "ACTIONS_URL": self.addresses.actions,
            "RASA_URL": self.addresses.rasa,
            "OFFICE_URL": self.addresses.office,
            "RASA_TELEMETRY_ENABLED": "false",
            "PYTHONUNBUFFERED": "1",
        }

    def _office(self) -> Program:
        port = self.ports["office"]
        url = f"{self.addresses.office}/healthz"
        return self._make("office", self._python("examples.office", "--port", str(port)), url, url)

    def _knowledge(self) -> Program:
        port = self.ports["knowledge"]
        url = self.addresses.knowledge
        command = self._python("knowledge_base", "--port", str(port))
        return self._make("knowledge", command, f"{url}/readyz", f"{url}/healthz")

    def _actions(self) -> Program:
        port = self.ports["actions"]
        url = f"http://{LOOPBACK}:{port}/health"
        return self._make("actions", self._python("actions", "--port", str(port)), url, url)

    def _worker(self) -> Program:
        port = self.ports["worker"]
        url, own = f"http://{LOOPBACK}:{port}", {"WORKER_PORT": str(port)}
        command = self._python("gateway.worker")
        return self._make("worker", command, f"{url}/readyz", f"{url}/healthz", ends=1, own=own)

    def _doors(self) -> Program:
        settings = self.settings
        own = {"HOST": settings.host, "PORT": str(settings.port)}
        command = self._python("gateway.doors")
        return self._make("doors", command, f"{settings.url}/readyz", f"{settings.url}/healthz", ends=1, own=own)

    def _python(self, module: str, *arguments: str) -> tuple[str, ...]:
        return (str(self.settings.python), "-m", module, *arguments)

    def _make(
        self,
        name: str,
        command: tuple[str, ...],
        ready: str,
        alive: str,
        ends: int = 2,
        own: Mapping[str, str] | None = None,
    ) -> Program:
        """`ready` and `alive` are addresses: the first says 200 when it can work, the second anything at all."""
        environ = {**self.environ(), **(own or {})}
        folder = self.settings.root
        asks = readiness.http(ready), readiness.http_alive(alive)
        return Program(name, command, folder, environ, *asks, ends=ends)
