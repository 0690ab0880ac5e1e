"""What a customer wants, in their own words: the sentence that says it most plainly."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.assist.lines import Line, said_by
from desk.assist.sentences import in_plain, sentences
from desk.assist.summary_words import Wants, wants

_ENOUGH = 6  # characters; what is shorter says little


@dataclass(frozen=True)
class Quote:
    """Words of a line, as they were written."""

    text: str
    seq: int


def what_they_want(lines: Sequence[Line]) -> Quote | None:
    """The plainest sentence of the customer; None when nothing was said that tells."""
    best: tuple[float, Quote] | None = None
    written = said_by(lines, "customer")
    for place, line in enumerate(written):
        later = place / max(len(written), 1)  # of two that say it, what was said later counts: minds change
        for sentence in sentences(line.text):
            score = _plainness(sentence.text, wants()) + 0.3 * later
            if score > 0.3 and (best is None or score > best[0]):
                # The whole message, when it is short: the sentences beside it say what it is about.
                quoted = line.text.strip() if len(line.text) <= wants().whole else sentence.text
                best = score, Quote(_cut(quoted, wants().longest), line.seq)
    return best[1] if best else None


def _plainness(text: str, known: Wants) -> float:
    plain = in_plain(text)
    if known.tells_nothing.match(plain):
        return 0.0
    said = len(plain)
    length = min(said, 24) / 24 if said >= _ENOUGH else 0.15
    return 1.0 * bool(known.asks.search(plain)) + 0.9 * bool(known.problem.search(plain)) + 0.8 * length


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
