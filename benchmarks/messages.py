"""What a message costs: CPU by process, messages per second and waiting time, through the Rasa-compatible REST door.

    .venv/bin/python -m benchmarks.messages --customers 1 8 --conversations 25

Starts the product (`zhiban run`) on free ports with a disposable data directory and without rate limits.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

import httpx2
import psutil

from benchmarks.workload import Message, conversations
from tests.product import running_product

NO_LIMITS = {"RATE_REST": "1000000 per 1 second", "RATE_MESSAGES": "1000000 per 1 second"}


def cpu_seconds(pids: dict[str, int]) -> dict[str, float]:
    """User and system CPU seconds by process name; children included."""
    totals = {}
    for name, pid in pids.items():
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        totals[name] = sum(p.cpu_times().user + p.cpu_times().system for p in family)
    return totals


def resident_mb(pids: dict[str, int]) -> dict[str, int]:
    """Resident memory in megabytes by process name."""
    return {name: psutil.Process(pid).memory_info().rss // 1_000_000 for name, pid in pids.items()}


async def play(base_url: str, dialogues: list[list[Message]], customers: int, run: str) -> list[tuple[str, float, int]]:
    """Plays the dialogues with `customers` at a time; returns (kind, seconds, number of replies) per message."""
    waiting = list(enumerate(dialogues))
    results: list[tuple[str, float, int]] = []
    async with httpx2.AsyncClient(base_url=base_url, timeout=30) as http:

        async def customer() -> None:
            while waiting:
                number, messages = waiting.pop()
                for message in messages:
                    body = {"sender": f"{run}-{number}", "message": message.text}
                    started = time.perf_counter()
                    answer = await http.post("/webhooks/rest/webhook", json=body)
                    answer.raise_for_status()
                    results.append((message.kind, time.perf_counter() - started, len(answer.json())))

        await asyncio.gather(*(customer() for _ in range(customers)))
    return results


def report(
    customers: int,
    seconds: float,
    results: list[tuple[str, float, int]],
    cpu: dict[str, float],
    memory: dict[str, int],
) -> dict[str, object]:
    """The figures of one run; milliseconds, messages per second."""
    waits = sorted(wait for _, wait, _ in results)
    return {
        "customers": customers,
        "messages": len(results),
        "unanswered": sum(1 for _, _, replies in results if not replies),
        "messages_per_second": round(len(results) / seconds, 1),
        "p50_ms": round(1000 * statistics.median(waits), 1),
        "p95_ms": round(1000 * waits[int(0.95 * (len(waits) - 1))], 1),
        "p99_ms": round(1000 * waits[int(0.99 * (len(waits) - 1))], 1),
        "cpu_ms_per_message": {name: round(1000 * used / len(results), 2) for name, used in cpu.items()},
        "resident_mb": memory,
        "cpu_ms_per_message_total": round(1000 * sum(cpu.values()) / len(results), 2),
    }


def main() -> None:
    """Plays the workload at each number of customers and prints one JSON object per run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--conversations", type=int, default=25, help="per run, eight messages each")
    parser.add_argument("--report", type=Path, help="also write the figures here, as JSON")
    args = parser.parse_args()
    figures = []
    with tempfile.TemporaryDirectory() as folder, running_product(Path(folder) / "data", **NO_LIMITS) as product:
        asyncio.run(play(product.base_url, conversations(5, seed=999), 2, "warm"))
        for customers in args.customers:
            before = cpu_seconds(product.pids)
            started = time.perf_counter()
            results = asyncio.run(
                play(product.base_url, conversations(args.conversations, seed=customers), customers, f"run{customers}")
            )
            seconds = time.perf_counter() - started
            used = {name: spent - before[name] for name, spent in cpu_seconds(product.pids).items()}
            figures.append(report(customers, seconds, results, used, resident_mb(product.pids)))
            print(json.dumps(figures[-1], ensure_ascii=False), flush=True)
    if args.report:
        args.report.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
