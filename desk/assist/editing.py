"""How much of a suggestion an agent kept."""

from collections import Counter

AS_IT_WAS = 0.95
ANOTHER_TEXT = 0.35


def kept(suggested: str, sent: str) -> float:
    """0-1: how much two texts have in common, by pairs of neighbouring characters; 1 the same, 0 nothing."""
    ours, theirs = _pairs(suggested), _pairs(sent)
    if not ours or not theirs:
        return float(suggested.strip() == sent.strip())
    return 2 * sum((ours & theirs).values()) / (sum(ours.values()) + sum(theirs.values()))


def _pairs(text: str) -> Counter[str]:
    plain = "".join(text.split())
    return Counter(plain[place : place + 2] for place in range(len(plain) - 1))
