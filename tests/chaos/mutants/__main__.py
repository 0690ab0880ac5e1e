"""Proves the checker: each patch takes one safeguard away, and must be found out: `python -m tests.chaos.mutants`.

First every scenario is played on the tree as it is, which must keep its promises. `--only NAME` plays one patch.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.checker import Finding, check
from tests.chaos.mutants import scenarios
from tests.chaos.mutants.stage import Stage, stage_of
from tests.product import ROOT

HERE = Path(__file__).parent
ROOMS = ("channels", "desk", "gateway", "knowledge_base", "office", "reading")

Scenario = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Mutant:
    """`rule`: under which the checker must find it."""

    patch: str
    scenario: Scenario
    rule: str
    replicated: bool = False


MUTANTS = (
    Mutant("no_deduplication", scenarios.thrice, "taken twice"),
    Mutant("no_epoch_check", scenarios.moved_on, "stale"),
    Mutant("reply_outside_the_step", scenarios.late_answer, "answered twice"),
    Mutant("no_lease_fence", scenarios.late_finish, "silent"),
    Mutant("acknowledged_before_written", scenarios.door_dies, "lost"),
    Mutant("no_wait_for_replicas", scenarios.failover, "lost", replicated=True),
)


def main() -> int:
    """0 when the healthy tree passes and every mutant is found out."""
    chosen = _chosen()
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        os.environ["CHAOS_LOGS"] = folder
        groups = {kind: [mutant.scenario for mutant in chosen if mutant.replicated == kind] for kind in (False, True)}
        good = all(_is_healthy(played, kind) for kind, played in groups.items() if played)
        for mutant in chosen:
            good = _is_found_out(mutant, Path(folder)) and good
    print("mutants: all found out" if good else "mutants: FAILED, see above")
    return int(not good)


def _is_healthy(played: Sequence[Scenario], replicated: bool) -> bool:
    began = time.monotonic()
    findings = asyncio.run(_play(ROOT, played, replicated))
    kept, name = "kept" if not findings else "BROKEN", "as it is" + (", with a replica" if replicated else "")
    print(f"{name:30} {kept} ({time.monotonic() - began:.0f} s)", *findings, sep="\n  ", flush=True)
    return not findings


def _is_found_out(mutant: Mutant, folder: Path) -> bool:
    began = time.monotonic()
    tree = copied(folder / mutant.patch)
    said = apply(mutant.patch, tree)
    if said:
        print(f"{mutant.patch:30} DOES NOT APPLY: {said}", flush=True)
        return False
    findings = asyncio.run(_play(tree, [mutant.scenario], mutant.replicated))
    found = any(finding.rule == mutant.rule for finding in findings)
    outcome = f"found out: {mutant.rule}" if found else f"NOT FOUND under {mutant.rule}"
    print(f"{mutant.patch:30} {outcome} ({time.monotonic() - began:.0f} s)", *findings, sep="\n  ", flush=True)
    return found


async def _play(tree: Path, played: Sequence[Scenario], replicated: bool) -> list[Finding]:
    async with stage_of(tree, replicated=replicated) as stage:
        for scenario in played:
            await scenario(stage)
        return check(await stage.judged())


def copied(tree: Path) -> Path:
    """The rooms that doors and workers are made of, in a tree of their own."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tree


def apply(patch: str, tree: Path) -> str:
    """What `patch` says when it does not fit; empty when it does. It must fit exactly."""
    path = HERE / f"{patch}.patch"
    done = subprocess.run(
        ["patch", "-p1", "--fuzz=0", "--batch", "-i", str(path)], cwd=tree, capture_output=True, text=True
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _chosen() -> list[Mutant]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[mutant.patch for mutant in MUTANTS])
    only = parser.parse_args().only
    return [mutant for mutant in MUTANTS if only in (None, mutant.patch)]


if __name__ == "__main__":
    sys.exit(main())
