"""Measures the centre of multilingual-e5-small's vectors on the shipped content: `python -m benchmarks.e5_centre`."""

from __future__ import annotations

from sentence_transformers import SentenceTransformer

from knowledge_base.encoders.e5_small import PROMPT, E5Small, write_centre
from knowledge_base.search import phrasings_of
from knowledge_base.shipped import read_articles


def main() -> None:
    model = SentenceTransformer(modules=[E5Small.from_package(centred=False)], device="cpu")
    texts = [text for article in read_articles() for text in phrasings_of(article)]
    write_centre(model.encode(texts, prompt=PROMPT, normalize_embeddings=True, show_progress_bar=False))


if __name__ == "__main__":
    main()
