"""How near suggested replies come to what agents wrote: BLEU and chrF of the words, likeness of the meaning.

BLEU and chrF are sacrebleu's over all turns together, Chinese by characters. The likeness is the cosine of one of the
packaged encoders alone. Its scale is its own, so beside each mean stands that of replies to other turns: what is above
it is meaning. An agent may answer well in quite other words, so all of these say less than hit@3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sacrebleu.metrics import BLEU, CHRF

from knowledge_base.encoder import Encoder, prepared

JUDGE = "multilingual-e5-small"  # half of the encoder that finds the suggestions: not independent of it
_MARKS = re.compile(r"\*\*|__|`|^#+ |^[-*] |^\d+\. |\[([^\]]*)\]\([^)]*\)", re.MULTILINE)


class Answered(Protocol):
    """A turn: what the agent `said`, our replies' `texts` best first, and the nearest article's."""

    @property
    def said(self) -> str: ...

    @property
    def texts(self) -> Sequence[str]: ...

    @property
    def nearest_text(self) -> str: ...


@dataclass(frozen=True)
class Nearness:
    """`bleu` and `chrf` of 100; `alike` and `alike_to_others` are mean cosines."""

    turns: int
    bleu: float
    chrf: float
    alike: float
    alike_to_others: float

    def __str__(self) -> str:
        return (
            f"{self.turns} turns: BLEU {self.bleu:.1f}, chrF {self.chrf:.1f},"
            f" likeness {self.alike:.3f} (to other replies {self.alike_to_others:.3f})"
        )


def in_plain(text: str) -> str:
    """Without Markdown, in one line."""
    return " ".join(_MARKS.sub(lambda found: found[1] or "", text).split())


def nearness(pairs: Sequence[tuple[str, str]], encoder: Encoder) -> Nearness:
    """Of (what was offered, what the agent said)."""
    offered = [in_plain(one) for one, _ in pairs]
    said = [in_plain(one) for _, one in pairs]
    bleu = BLEU(tokenize="zh").corpus_score(offered, [said]).score
    chrf = CHRF().corpus_score(offered, [said]).score
    ours, theirs = (encoder.encode([prepared(one) for one in texts]) for texts in (offered, said))
    alike = ours @ theirs.T
    own = np.eye(len(pairs), dtype=bool)
    others = float(alike[~own].mean()) if len(pairs) > 1 else float("nan")
    return Nearness(len(pairs), bleu, chrf, float(alike[own].mean()), others)


def best_of(texts: Sequence[str], said: str) -> str:
    """The one of `texts` that an agent would have to change least, by chrF."""
    return max(texts, key=lambda text: CHRF().sentence_score(in_plain(text), [in_plain(said)]).score)


def print_words(results: Sequence[Answered], encoder: Encoder) -> None:
    """Turns at which something was suggested; the nearest article at the same turns."""
    there = [one for one in results if one.texts]
    if not there:
        return
    offers = {
        "first suggestion": [(one.texts[0], one.said) for one in there],
        "nearest of three": [(best_of(one.texts, one.said), one.said) for one in there],
        "nearest article": [(one.nearest_text, one.said) for one in there],
    }
    print(f"beside what agents wrote, likeness by {JUDGE}:")
    for name, pairs in offers.items():
        print(f"  {name}: {nearness(pairs, encoder)}")
