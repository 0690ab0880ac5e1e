"""`python -m bot.evaluate_wishes`: what becomes of messages that want one thing done, or two.

Rows are `{text, language, wants: [flows]}`. Each message goes the way of `bot.evaluate_routes`; written is a JSON list
with `begun`, the flow that begins (null: none), and `offered`, the flow or the words that are kept for after it.
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from bot import rasa_fixes
from bot.evaluate_routes import Routes
from bot.flows import flows
from knowledge_base.client import SyncKnowledgeClient


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate_wishes", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True, help="where to write what became of them, without texts")
    given = parser.parse_args(arguments)
    rasa_fixes.before_rasa()
    rows = [json.loads(line) for line in given.rows.read_text(encoding="utf-8").splitlines() if line.strip()]
    told = []
    with SyncKnowledgeClient(os.environ["KNOWLEDGE_URL"]) as client:
        routes = Routes(given.model, client)
        for row in rows:
            verdict = routes.verdict(row)
            begun = verdict.intent if verdict and verdict.intent in flows().by_name else None
            slots = verdict.slots if verdict else {}
            told.append({"begun": begun, "offered": slots.get("next_flow"), "words": "next_words" in slots})
    given.report.write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
