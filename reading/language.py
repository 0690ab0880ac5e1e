"""Which of our languages a short chat message is written in; unclear messages keep the language spoken so far."""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from reading.normalisation import normalise, strip_emoji
from reading.script import is_han, traditional_lead

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"
LANGUAGES = (SIMPLIFIED, TRADITIONAL, ENGLISH)

# Chinese typed in Latin letters (wo yao tui kuan) looks like one of the last four to a model that knows no pinyin.
_CANDIDATES = ["en", "zh", "vi", "id", "sw", "ja"]
_SURE = 0.8
_NOT_WORDS = re.compile(r"\S*(?:@|://|www\.|\d)\S*")  # addresses, links, order numbers
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")


def read_language(text: str, previous: str | None = None) -> str:
    """`zh-Hans`, `zh-Hant` or `en`; `previous` (or `zh-Hans`) when the message does not tell."""
    plain = strip_emoji(normalise(text))
    if any(map(is_han, plain)):
        return _script(plain, previous)
    words = _LATIN_WORD.findall(_NOT_WORDS.sub(" ", plain))
    if not words:
        return previous or SIMPLIFIED
    if previous == ENGLISH or (previous is None and len(words) == 1):
        return ENGLISH
    # One Latin word within a Chinese conversation (ok, hello, iPhone) does not change its language.
    if len(words) == 1:
        return previous or SIMPLIFIED
    return ENGLISH if _is_english(" ".join(words)) else previous or SIMPLIFIED


def _script(text: str, previous: str | None) -> str:
    lead = traditional_lead(text)
    if lead:
        return TRADITIONAL if lead > 0 else SIMPLIFIED
    return previous if previous in (SIMPLIFIED, TRADITIONAL) else SIMPLIFIED


def _is_english(text: str) -> bool:
    language, probability = _identifier().classify(text.lower())
    return bool(language == "en" and probability >= _SURE)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier
