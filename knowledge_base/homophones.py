"""Reads a slip of the pinyin keyboard (「发漂」, 「快弟」, `fapiao`) as the word of the base that sounds like it.

Wrong characters of the right sound are the commonest typing mistake in Chinese, and an encoder takes them for what
they mean. A run of characters that is no word is mended when the base has a word of the same sound; a real word only
when the base never says it and often says another of the very same sound and tones.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

import rjieba
from pypinyin import Style, lazy_pinyin

_HAN = re.compile(r"[㐀-鿿]{2,4}")
_LATIN = re.compile(r"[a-z]{4,24}")
_LONGEST = 4  # characters
_KNOWN = 3  # times that the base must say a word before anything is read as it
_OFTEN = 12  # ... before a real word is
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"))  # which many speakers do not tell apart, nor do their keyboards
# Words by themselves, so that a run with one of them is hardly ever one word mistyped.
_WORDS = frozenset(
    "的了是在有我你您他她它们这那个么吗呢吧啊呀就都也还又再很太没不别要想会能可以去来到给把被让跟和或从向上下里外前后一二两三四五六七八九十几多少谁啥咋点号次件张买用"
)
_SEEN = 2  # times: a run that the base itself says is no slip
_FINALS = re.compile(r"(?<=[iea])ng$")


class Homophones:
    """The words of a base by their sound."""

    def __init__(self) -> None:
        self._said: Counter[str] = Counter()
        self._runs: Counter[str] = Counter()
        self._latin: Counter[str] = Counter()
        self._by_sound: defaultdict[str, set[str]] = defaultdict(set)
        self._spelled: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, texts: Iterable[str]) -> None:
        """Learn the words of prepared texts."""
        for text in texts:
            self._latin.update(_LATIN.findall(text))
            self._runs.update(_runs(text))
            for word in filter(_HAN.fullmatch, _cut(text)):
                self._said[word] += 1
                self._by_sound[_sound(word)].add(word)
                self._spelled["".join(map(_spelling, word))].add(word)

    def remove(self, texts: Iterable[str]) -> None:
        """Forget what `put` learned of the same texts; a word that is said no more is no candidate."""
        for text in texts:
            self._latin.subtract(_LATIN.findall(text))
            self._runs.subtract(_runs(text))
            self._said.subtract(filter(_HAN.fullmatch, _cut(text)))

    def mended(self, text: str) -> str:
        """A prepared text with its slips read as what was meant."""
        text = _LATIN.sub(lambda found: self._spelled_out(found.group()), text)
        tokens = list(_cut(text))
        mended: list[str] = []
        place = 0
        while place < len(tokens):
            taken, word = self._from(tokens, place)
            mended.append(word)
            place += taken
        return "".join(mended)

    def _spelled_out(self, letters: str) -> str:
        """What these letters spell in pinyin, unless the base has them as a word of another language."""
        return (self._best(self._spelled.get(letters, ()), _KNOWN) or letters) if not self._latin[letters] else letters

    def _from(self, tokens: list[str], place: int) -> tuple[int, str]:
        """How many tokens from `place` are read together, and as what."""
        for count in range(min(_LONGEST, len(tokens) - place), 1, -1):
            run = "".join(tokens[place : place + count])
            if self._may_be_a_slip(run, tokens[place : place + count]):
                meant = self._best(self._by_sound.get(_sound(run), ()), _KNOWN)
                if meant and meant != run:
                    return count, meant
        token = tokens[place]
        if _HAN.fullmatch(token) and not self._said[token]:
            same = [word for word in self._by_sound.get(_sound(token), ()) if _tones(word) == _tones(token)]
            return 1, self._best(same, _OFTEN) or token
        return 1, token

    def _may_be_a_slip(self, run: str, tokens: list[str]) -> bool:
        if not _HAN.fullmatch(run) or not any(len(token) == 1 for token in tokens):
            return False
        return self._runs[run] < _SEEN and not any(token in _WORDS for token in tokens)

    def _best(self, words: Iterable[str], least: int) -> str | None:
        best = max(words, key=lambda word: (self._said[word], word), default=None)
        return best if best is not None and self._said[best] >= least else None


def _cut(text: str) -> list[str]:
    """Words of the dictionary, everything else character by character: guessed words would hide the slips."""
    return rjieba.cut(text, False)


def _runs(text: str) -> Iterator[str]:
    """Every run of two to four characters."""
    for length in range(2, _LONGEST + 1):
        yield from (text[start : start + length] for start in range(len(text) - length + 1))


def _sound(word: str) -> str:
    return " ".join(map(_alike, word))


@lru_cache(16_384)
def _spelling(character: str) -> str:
    return lazy_pinyin(character)[0].replace("ü", "v")


@lru_cache(16_384)
def _alike(character: str) -> str:
    spelled = _spelling(character)
    for retroflex, flat in _ALIKE:
        if spelled.startswith(retroflex):
            spelled = flat + spelled[len(retroflex) :]
    return _FINALS.sub("n", spelled)


def _tones(word: str) -> list[str]:
    return lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
