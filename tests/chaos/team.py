"""The product under chaos: two doors, two workers, everything else as shipped, nobody counted by rate limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.product import Product, free_ports

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
RATES = ("MESSAGES", "SESSIONS", "REST", "PICTURES", "PICTURES_FROM", "SIGN_IN", "POLLS")
# The pairs of which one may be missing at any time.
PAIRS = {"doors": "doors2", "doors2": "doors", "worker": "worker2", "worker2": "worker"}


class Team(Product):
    """Both doors' addresses, and who runs under which pid at the moment."""

    module = ("tests.chaos.two_of_each",)

    def __init__(self, data_dir: Path, hours: Path) -> None:
        second, worker = free_ports(2)
        no_limits = {f"RATE_{name}": "1000000 per 1 second" for name in RATES}
        own = {"DOORS2_PORT": str(second), "WORKER2_PORT": str(worker), "WORKERS": "2", "OPENING_HOURS": str(hours)}
        super().__init__(data_dir, {**no_limits, **own})
        self.doors = {"doors": self.base_url, "doors2": f"http://127.0.0.1:{second}"}

    @property
    def redis_socket(self) -> Path:
        """Read from its configuration: a long path is moved elsewhere."""
        lines = (self.data_dir / "redis" / "server.conf").read_text().splitlines()
        return Path(next(line.split(" ", 1)[1].strip('"') for line in lines if line.startswith("unixsocket ")))

    @property
    def addresses(self) -> dict[str, str]:
        """Of the pairs: where to ask whether one is ready."""
        ports = self.run_json()["ports"]
        worker, second = f"http://127.0.0.1:{ports['worker']}", f"http://127.0.0.1:{self._environ['WORKER2_PORT']}"
        return {**self.doors, "worker": worker, "worker2": second}

    def process(self, name: str) -> psutil.Process | None:
        """The process that is `name` now; None between two lives."""
        pid = self.pids.get(name)
        try:
            return psutil.Process(pid) if pid else None
        except psutil.NoSuchProcess:
            return None

    def restarts(self) -> dict[str, int]:
        return {name: facts["restarts"] for name, facts in self.run_json()["processes"].items()}


@contextmanager
def running_team(folder: Path) -> Iterator[Team]:
    """Ready; ended afterwards. `folder` must be short (sockets) and empty."""
    hours = folder / "hours.yml"
    week = "".join(f"  {day}: ['00:00-24:00']\n" for day in DAYS)
    hours.write_text(f"timezone: Asia/Shanghai\nweekly:\n{week}holidays: []\nextra_open: []\n", encoding="utf-8")
    team = Team(folder / "var", hours)
    team.start()
    try:
        yield team
    finally:
        team.stop()
