"""Where the words of a Chinese or mixed text begin and end."""

import logging
from typing import NamedTuple

from bot.simplified import simplified


class Word(NamedTuple):
    """One word as it is matched (Simplified, lower case) and where it begins in the text."""

    text: str
    start: int


def segment(text: str) -> list[Word]:
    """The words of `text` in order, blanks left out; never empty unless `text` is."""
    import jieba

    folded = simplified(text).lower()
    if len(folded) != len(text):  # a few letters change their length in lower case
        folded = simplified(text)
    words = [Word(word, start) for word, start, _ in jieba.tokenize(folded) if word.strip()]
    return words or ([Word(text, 0)] if text else [])


def warm_up() -> None:
    """Load the dictionary now: the first message would wait for it more than a second."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
