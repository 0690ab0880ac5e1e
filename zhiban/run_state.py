"""What runs at the moment, written down beside the data: pids, ports and addresses, for `zhiban status` and tests."""

import json
import os
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from zhiban.child import Child

FILE = "run.json"


class RunState:
    """`run.json` in the data directory; there while a `zhiban run` is."""

    def __init__(self, data_dir: Path, url: str, ports: Mapping[str, int]) -> None:
        self._path = data_dir / FILE
        self._facts: dict[str, Any] = {
            "pid": os.getpid(),
            "started_at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "url": url,
            "ports": dict(ports),
            "ready": False,
        }

    def write(self, children: Mapping[str, Child], ready: bool | None = None) -> None:
        if ready is not None:
            self._facts["ready"] = ready
        self._facts["processes"] = {
            name: {"pid": child.pid, "ready": child.ready.is_set(), "restarts": child.restarts, "log": str(child.log)}
            for name, child in children.items()
        }
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._facts, indent=2) + "\n")
        fresh.replace(self._path)

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def read(data_dir: Path) -> dict[str, Any] | None:
    """The last state written, or None; whether it still holds, the lock of the directory tells."""
    try:
        state: dict[str, Any] = json.loads((data_dir / FILE).read_text())
    except (OSError, ValueError):
        return None
    return state
