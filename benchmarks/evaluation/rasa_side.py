"""Runs in `.venv-rasa-full` (Python 3.10): a stock Rasa model reads texts, JSON in and JSON out.

`python rasa_side.py MODEL TEXTS OUT`; a reading is `{intent, confidence, selected: [[response, confidence], ...]}`.
"""

import asyncio
import json
import sys
from pathlib import Path


def main() -> None:
    model, texts, out = sys.argv[1:]
    found = asyncio.run(_read(model, json.loads(Path(texts).read_text(encoding="utf-8"))))
    Path(out).write_text(json.dumps(found), encoding="utf-8")


async def _read(model: str, texts: list) -> list:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    return [_told(await agent.parse_message(text)) for text in texts]


def _told(reading: dict) -> dict:
    selectors = reading.get("response_selector") or {}
    chosen = next((one for name, one in selectors.items() if name != "all_retrieval_intents"), {})
    ranking = [[one["intent_response_key"], one["confidence"]] for one in chosen.get("ranking") or []]
    ordered = [one["name"] for one in reading.get("intent_ranking") or [] if one["name"] != "nlu_fallback"]
    intent = reading["intent"]
    return {
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "ranking": ordered[:5],
        "selected": ranking[:5],
    }


if __name__ == "__main__":
    main()
