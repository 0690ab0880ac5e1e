"""The settings of the command: where things live, which ports are wanted, what runs elsewhere."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhiban.problems import Problem

ROOT = Path(__file__).resolve().parent.parent

# What runs elsewhere when its variable is set, and is started here when it is not.
ELSEWHERE = {
    "office": "OFFICE_URL",
    "knowledge": "KNOWLEDGE_URL",
    "actions": "ACTIONS_URL",
    "rasa": "RASA_URL",
    "redis": "REDIS_URL",
}
PRIVATE_PORTS = {"knowledge": 8090, "worker": 8091, "actions": 5055, "rasa": 5005, "office": 8095}


@dataclass(frozen=True)
class Settings:
    """`environ` is handed on to the processes, each of which reads its own settings there."""

    host: str
    port: int
    data_dir: Path
    min_free_mb: int
    environ: Mapping[str, str] = field(repr=False)
    root: Path = ROOT

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> "Settings":
        """Raises Problem, which names the variable and what would be right."""
        return cls(
            host=environ.get("HOST") or "127.0.0.1",
            port=_number(environ, "PORT", 8080, 1, 65535),
            data_dir=Path(environ.get("DATA_DIR") or "var").expanduser().resolve(),
            min_free_mb=_number(environ, "MIN_FREE_MB", 512, 0, 10**9),
            environ=dict(environ),
            root=root,
        )

    def elsewhere(self, name: str) -> str | None:
        """The URL under which somebody else runs `name`, or None when it is ours to start."""
        return self.environ.get(ELSEWHERE[name]) or None if name in ELSEWHERE else None

    @property
    def private_ports(self) -> dict[str, int]:
        """The ports wanted on the loopback by what is ours to start; RASA_PORT and the like name others."""
        return {
            name: _number(self.environ, f"{name.upper()}_PORT", port, 1, 65535)
            for name, port in PRIVATE_PORTS.items()
            if not self.elsewhere(name)
        }

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    @property
    def rasa_python(self) -> Path:
        return self.root / ".venv-rasa" / "bin" / "python"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"

    @property
    def redis_data(self) -> Path:
        return self.data_dir / "redis"

    @property
    def url(self) -> str:
        """Where people reach the doors from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{host}:{self.port}"


def _number(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise Problem(f"{name}={text}: expected a whole number from {least} to {most}.")
    return int(text)
