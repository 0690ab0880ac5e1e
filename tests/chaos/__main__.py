"""Chaos: customers, agents and faults on the whole product, and a judgement: `python -m tests.chaos`.

--conversations N | --minutes M   how much (default 2,000 conversations, of eight messages)
--rate R                          messages a second (default 15)
--seed S                          decides words, doors and faults; printed
--faults none | kill:rasa,...     which (default all)
--keep DIR                        where the evidence stays; without, it is kept when a promise was broken
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.checker import check
from tests.chaos.faults import ALL, Fault
from tests.chaos.figures import report
from tests.chaos.running import Plan, play
from tests.chaos.team import running_team


def main() -> int:
    """0 when every promise was kept."""
    plan, keep = _asked()
    print(f"seed {plan.seed}, {plan.conversations} conversations, {plan.rate} messages/s", flush=True)
    with tempfile.TemporaryDirectory(prefix="chaos") as folder:
        with running_team(Path(folder)) as team:
            evidence, happened = asyncio.run(play(team, plan))
        findings = check(evidence)
        print("\n".join([*happened, report(evidence, findings)]), flush=True)
        if findings or keep:
            keep = keep or Path(tempfile.mkdtemp(prefix="chaos-kept-"))
            keep.mkdir(parents=True, exist_ok=True)
            evidence.save(keep / "evidence.json")
            shutil.copytree(team.logs, keep / "logs", dirs_exist_ok=True)
            print(f"seed {plan.seed}: {len(findings)} broken promises; evidence and logs in {keep}")
    return int(bool(findings))


def _asked() -> tuple[Plan, Path | None]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--rate", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--faults", default="all")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    count = given.conversations if given.minutes is None else round(given.minutes * 60 * given.rate / 8)
    return Plan(given.seed, count, given.rate, _faults(given.faults)), given.keep


def _faults(text: str) -> tuple[Fault, ...]:
    if text in ("all", "none"):
        return ALL if text == "all" else ()
    pairs = (one.split(":") for one in text.split(","))
    return tuple(Fault(kind, target) for kind, target in pairs)


if __name__ == "__main__":
    sys.exit(main())
