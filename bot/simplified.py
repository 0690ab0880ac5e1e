"""Traditional characters as Simplified ones, one for one, so that both scripts match; never shown to anyone."""

from functools import lru_cache
from pathlib import Path

_PAIRS = Path(__file__).with_name("simplified.txt")


def simplified(text: str) -> str:
    """`text` with each Traditional character replaced; every character keeps its place."""
    return text if text.isascii() else text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    pairs = _PAIRS.read_text(encoding="utf-8").splitlines()
    return {ord(pair[0]): pair[1] for pair in pairs if len(pair) == 2}
