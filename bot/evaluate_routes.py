"""`python -m bot.evaluate_routes`: which way labelled messages go, outside flows and within, against where they should.

Rows are `{text, route, form, requested_slot, language}`. Each message is understood by the knowledge server at
KNOWLEDGE_URL and read by the trained model as in a turn; only the arbiter's verdict is looked at, nothing is run.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import dialogue, rasa_fixes
from bot.flows import flows
from bot.payloads import parse
from bot.situation import Article, Knowledge, Offer, Verdict
from bot.turn import CURRENT, Part, Turn, TurnInput
from knowledge_base.client import SyncKnowledgeClient, Understanding, unpack_vector

# The labels were written before the flows, under these names.
_FORMS = {"lost_card_form": "card_form"}
_SLOTS = {
    "order_phone_tail": "phone_tail",
    "return_order": "order_number",
    "address_new": "new_address",
    "invoice_title": "invoice_company",
    "lost_card_confirmed": "card_confirmed",
}
_ROUTES = {
    "ask_person": "person",
    "complain": "complaint",
    "offer_choice": "choice",
    "unknown": "unknown",
    "unknown_again": "unknown",
    "unknown_still": "unknown",
    "out_of_scope": "unknown",
    "restart": "stop",
    "not_submitted": "stop",
    "said_already": "inform",
    "going_on": "social",
}
_SOCIAL = ("greet", "thank", "goodbye", "bot_challenge", "insult", "insult_again")
_COSTLY, _COST = ("person", "complaint"), 5  # a missed one counts as much as five others


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate_routes", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--half", type=int, choices=(0, 1), help="only every second row: 0 to tune on, 1 to report")
    parser.add_argument("--wrong", action="store_true", help="also list what went another way")
    parser.add_argument("--report", type=Path, help="where to write the routes as JSON, without the texts")
    given = parser.parse_args(arguments)
    rasa_fixes.before_rasa()
    rows = [json.loads(line) for line in given.rows.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = rows if given.half is None else rows[given.half :: 2]
    with SyncKnowledgeClient(os.environ["KNOWLEDGE_URL"]) as client:
        routes = Routes(given.model, client)
        pairs = [(row, routes.of(row)) for row in rows]
    if given.report:
        given.report.write_text(json.dumps([_told(row, found) for row, found in pairs]), encoding="utf-8")
    wrong = [(row, found) for row, found in pairs if given.wrong and row["route"] != found]
    lines = [f"{row['route']} -> {found} | {row['requested_slot'] or ''} | {row['text']}" for row, found in wrong]
    for title, part in (
        ("outside flows", [pair for pair in pairs if not pair[0]["form"]]),
        ("within flows", [pair for pair in pairs if pair[0]["form"]]),
    ):
        lines += _lines(title, [(_coarse(row["route"]), _coarse(found)) for row, found in part])
    sys.stdout.write("\n".join(lines) + "\n")


class Routes:
    """The arbiter's verdicts, by the model in a file."""

    def __init__(self, model: Path, client: SyncKnowledgeClient) -> None:
        from rasa.core.agent import Agent

        self._processor: Any = Agent.load(str(model)).processor
        self._client = client

    def of(self, row: dict[str, Any]) -> str:
        """The route of one message."""
        verdict = self.verdict(row)
        return route_of(verdict) if verdict else "unknown"

    def verdict(self, row: dict[str, Any]) -> Verdict | None:
        """What the arbiter makes of one message; `row` may lack `form` and `requested_slot`."""
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

        turn = self._turn(row)
        token = CURRENT.set(turn)
        try:
            target = self._processor.model_metadata.nlu_target
            inputs = {PLACEHOLDER_MESSAGE: [UserMessage(row["text"])], PLACEHOLDER_TRACKER: None}
            self._processor.graph_runner.run(inputs=inputs, targets=[target])
        finally:
            CURRENT.reset(token)
        return turn.verdict

    def _turn(self, row: dict[str, Any]) -> Turn:
        understood = self._client.understand(row["text"], row["language"], timeout=10)
        form, slot = row.get("form"), row.get("requested_slot")
        form, slot = _FORMS.get(form or "", form), _SLOTS.get(slot or "", slot)
        before = {"slots": {"requested_slot": slot} if slot else {}, "loop": {"name": form} if form else None}
        given = TurnInput(
            conversation="c0-0",
            epoch=1,
            message_id="m",
            text=row["text"],
            language=row["language"],
            dialogue={**dialogue.begin(None, 1), **before, "epoch": 1},
            knowledge=_knowledge(understood),
            encoder=understood.encoder.as_json(),
            vector=understood.values(),
            parts=tuple(Part(one.text, unpack_vector(one.vector)) for one in understood.parts),
        )
        return Turn(given, offers=_offers(slot), form=form, requested_slot=slot)


def route_of(verdict: Verdict) -> str:
    """The verdict under the name that the labels use."""
    intent = parse(verdict.payload).intent if verdict.payload else verdict.intent
    if intent in _SOCIAL:
        return "social"
    if intent.startswith("answer_article") or intent in ("choose_article", *flows().articles):
        return "answer"
    if intent in flows().by_name and intent != "complain":
        return f"task:{intent}"
    return _ROUTES.get(intent, intent)


def _offers(slot: str | None) -> tuple[Offer, ...]:
    """The buttons of a confirmation, as the form shows them."""
    if slot and slot.endswith("_confirmed"):
        return Offer("确认", "/affirm"), Offer("要修改", "/deny"), Offer("取消", "/stop")
    return (Offer("取消", "/stop"),) if slot else ()


def _knowledge(understood: Understanding) -> Knowledge:
    articles = [Article(one.id, one.version, one.confidence, one.question, one.flow) for one in understood.articles]
    return Knowledge(understood.outcome, tuple(articles))


def _coarse(route: str) -> str:
    return "task" if route.startswith("task:") else route


def _told(row: dict[str, Any], found: str) -> dict[str, Any]:
    known = {"form": bool(row["form"]), "language": row["language"]}
    return {"wanted": _coarse(row["route"]), "found": _coarse(found), **known}


def _lines(title: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
    right = sum(wanted == found for wanted, found in pairs)
    missed = sum(wanted in _COSTLY and wanted != found for wanted, found in pairs)
    cost = len(pairs) - right + (_COST - 1) * missed
    lines = [f"{title}: {len(pairs)} messages, right {right / max(1, len(pairs)):.3f}, cost {cost}, missed persons and"]
    lines[0] += f" complaints {missed} of {sum(wanted in _COSTLY for wanted, _ in pairs)}"
    for wanted, count in Counter(wanted for wanted, _ in pairs).most_common():
        found = Counter(one for other, one in pairs if other == wanted)
        lines.append(f"  {wanted} {count}: " + ", ".join(f"{name} {times}" for name, times in found.most_common()))
    return lines


if __name__ == "__main__":
    main()
