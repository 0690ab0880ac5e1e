"""The table at the end of a run: how long things took, how much there was, what was broken."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.chaos.checker import LONGEST_SILENCE, RULES, Finding, redis_was_away, settlements
from tests.chaos.record import Evidence

MOST_FINDINGS = 40


def report(evidence: Evidence, findings: Sequence[Finding]) -> str:
    """Plain lines."""
    lines = [f"{'seconds':28}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}{'of':>8}"]
    lines += [_row(name, waits) for name, waits in _waits(evidence).items()]
    lines += [f"{name:28}{count:8}" for name, count in _counts(evidence).items()]
    broken = Counter(finding.rule for finding in findings)
    lines += [f"{rule:28}{broken[rule]:8}" for rule in RULES]
    lines += [str(finding) for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        lines.append(f"... and {len(findings) - MOST_FINDINGS} more")
    return "\n".join(lines)


def _waits(evidence: Evidence) -> dict[str, list[float]]:
    acknowledged = {one.message_id: one.acknowledged_at for one in evidence.sent}
    answered = [one for one in settlements(evidence) if one.at is not None]
    return {
        "sent to acknowledged": [at - one.at for one in evidence.sent if (at := acknowledged[one.message_id])],
        "acknowledged to answered": [max(0.0, (one.at or 0) - one.since) for one in answered],
        "the same without Redis' part": [
            max(0.0, (one.at or 0) - one.since - redis_was_away(evidence, one)) for one in answered
        ],
        "acknowledged to seen": list(_seen(evidence, acknowledged)),
    }


def _seen(evidence: Evidence, acknowledged: dict[str, float | None]) -> Iterable[float]:
    for seen in evidence.seen:
        for conversation, events in seen.events.items():
            answered = set()
            for event, at in zip(events, seen.at[conversation], strict=True):
                for message_id in event.get("reply_to", ()):
                    since = acknowledged.get(message_id)
                    if since is not None and at is not None and message_id not in answered:
                        answered.add(message_id)
                        yield max(0.0, at - since)


def _counts(evidence: Evidence) -> dict[str, int | str]:
    roles = Counter(event["author"]["role"] for log in evidence.logs.values() for event in log)
    unacknowledged = sum(one.acknowledged_at is None for one in evidence.sent)
    late = [one for one in settlements(evidence) if one.at and one.at - one.since > LONGEST_SILENCE]
    away = [outage.end - outage.begin for outage in evidence.outages]
    return {
        "conversations": len(evidence.logs),
        "messages sent": len(evidence.sent),
        "never acknowledged": unacknowledged,
        "deliveries acknowledged": sum(len(one.acks) for one in evidence.sent),
        "messages of bot and system": roles["bot"] + roles["system"],
        "with a person": sum(one.by_person for one in settlements(evidence)),
        "beyond 10 s, Redis away": len(late),
        "Redis away, times / s": f"{len(away)} / {sum(away):.1f}",
    }


def _row(name: str, waits: list[float]) -> str:
    waits = sorted(waits)
    parts = [waits[min(len(waits) - 1, round(share * (len(waits) - 1)))] if waits else 0 for share in (0.5, 0.95, 0.99)]
    return f"{name:28}" + "".join(f"{part:8.2f}" for part in (*parts, max(waits, default=0))) + f"{len(waits):8}"
