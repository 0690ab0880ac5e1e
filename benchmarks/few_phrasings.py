"""What answers teach a base of few phrasings: `python -m benchmarks.few_phrasings [--phrasings 2 3 5 8]`.

The shipped content with so many phrasings of each language, asked the held-out questions: with the answers as examples
of their articles, and without. Nothing may be tuned on what this prints.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from benchmarks.evaluation.heldout import questions
from benchmarks.short_bases import figures, said, short
from knowledge_base.encoders.packaged import JOINED
from knowledge_base.search import make_entry
from knowledge_base.shipped import read_articles
from zhiban.evaluating.kept_encoder import KeptEncoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrasings", type=int, nargs="+", default=[2, 3, 5, 8])
    encoder, shipped = KeptEncoder(Path("var") / "eval", JOINED), read_articles()
    asked = questions(shipped)
    for count in parser.parse_args().phrasings:
        articles = [short(article, count) for article in shipped]
        entries = [make_entry(article, encoder) for article in articles]
        bare = [replace(entry, answer="", answer_vector=None) for entry in entries]
        for name, base in (("without answers", bare), ("with answers", entries)):
            print(f"{count} a language, {name}: {said(figures(articles, base, encoder, asked)[0])}", flush=True)
        encoder.keep()


if __name__ == "__main__":
    main()
