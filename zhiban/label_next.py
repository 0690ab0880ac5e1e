"""`zhiban label-next`: the messages whose labels would teach the bot most."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge_base.encoder import Encoder, prepared
from knowledge_base.importing.delimited import escaped
from reading.personal_data import mask
from zhiban.eval import open_encoder
from zhiban.evaluating.intent_model import IntentModel, Labelled, read_examples
from zhiban.evaluating.rows import read_texts
from zhiban.kb_progress import bars
from zhiban.label_next_choice import choose, reasons
from zhiban.problems import Problem
from zhiban.settings import Settings

FORMATS = (".jsonl", ".csv")
_WHY: Mapping[str, str] = {
    "close_call": "the two best are nearly as likely",
    "like_nothing_known": "like nothing that was learned",
    "written_often": "written {times} times",
    "unlike_the_others": "unlike the others in this list",
    "doubtful": "the bot is not sure",
}


@dataclass(frozen=True)
class Suggested:
    """One row of the list; `intent` is left empty for whoever labels."""

    text: str
    intent: str
    first_guess: str
    first_probability: float
    second_guess: str
    second_probability: float
    times: int
    why: str


def label_next(settings: Settings, messages: Path, count: int, out: Path) -> int:
    """Write the list; how many rows it has. Raises Problem."""
    if out.suffix.lower() not in FORMATS:
        raise Problem(f"{out}: the name must end in .jsonl or .csv.")
    texts = [one.text for one in read_texts(messages)]
    with bars() as shown:
        encoder = open_encoder(settings, settings.data_dir / "eval", shown.show)
        found = suggested(texts, read_examples(), encoder, count)
        encoder.keep()
    try:
        out.write_text(_csv(found) if out.suffix.lower() == ".csv" else _jsonl(found), encoding="utf-8")
    except OSError as error:
        raise Problem(f"{out}: {error.strerror}.") from error
    return len(found)


def suggested(texts: Sequence[str], examples: Sequence[Labelled], encoder: Encoder, count: int) -> list[Suggested]:
    """At most `count` of `texts`, the most useful first; none that the bot has as an example, each once."""
    known = {prepared(text) for text, _ in examples}
    times = Counter(prepared(text) for text in texts)
    once = {key: text for text in reversed(texts) if (key := prepared(text)) and key not in known}
    keys = list(reversed(once))
    if not keys:
        return []
    often = [times[key] for key in keys]
    guesses = IntentModel(encoder, examples).guess([once[key] for key in keys])
    return [
        _row(once[keys[one.place]], often[one.place], guesses[one.place].ranking, reasons(one, guess, often[one.place]))
        for one in choose(guesses, encoder.encode(keys), often, count)
        for guess in [guesses[one.place]]
    ]


def _row(text: str, times: int, ranking: Sequence[Mapping[str, object]], why: Sequence[str]) -> Suggested:
    """Personal data is masked: the list goes to whoever labels."""
    (first, sure), (second, less) = ((str(one["name"]), round(float(str(one["confidence"])), 3)) for one in ranking[:2])
    words = "; ".join(_WHY[name].format(times=times) for name in why)
    return Suggested(mask(text), "", first, sure, second, less, times, words)


def _jsonl(rows: Sequence[Suggested]) -> str:
    return "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: Sequence[Suggested]) -> str:
    """With a mark, as spreadsheets want it; cells that look like formulas are defused."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(Suggested.__dataclass_fields__)
    for row in rows:
        writer.writerow([escaped(str(cell)) for cell in asdict(row).values()])
    return "\ufeff" + written.getvalue()
