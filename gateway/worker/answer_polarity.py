"""Whether a text allows what its source denies: a "not" that was left out, which no list of words can show."""

import re

_DENIED_ZH = re.compile(
    r"(?:不|没有?|无法?|未|勿)(?:能|可以?|会|得|支持|需要?|用|予|允许|要|提供|接受)?([\u4e00-\u9fff]{2})"
)
_DENIED_EN = re.compile(r"\b(?:not|never|no|without)\s+(?:be\s+|been\s+|yet\s+)?([a-z]{3,})")
_ALLOWED_ZH, _ALLOWED_EN = r"(?:可以?|能够?|支持|允许|会){}", r"\b(?:can|may|will|could)\s+(?:be\s+)?{}\b"
_BEFORE_ZH = re.compile(r"[不没无未勿别][\u4e00-\u9fff]{0,3}$")
_BEFORE_EN = re.compile(r"\b(?:not|never|no|without)(?:\s+[a-z]+){0,2}\s*$")


def turned_round(draft: str, source: str) -> bool:
    """Whether `draft` says of something plainly, or allows, what `source` only denies; both in plain form."""
    return any(
        _flips(denied, draft, source, before, allowed)
        for pattern, before, allowed in ((_DENIED_ZH, _BEFORE_ZH, _ALLOWED_ZH), (_DENIED_EN, _BEFORE_EN, _ALLOWED_EN))
        for denied in set(pattern.findall(source))
    )


def _flips(denied: str, draft: str, source: str, before: re.Pattern[str], allowed: str) -> bool:
    if _plain(denied, draft, before) and not _plain(denied, source, before):
        return True
    may = re.compile(allowed.format(re.escape(denied)))
    return _any_plain(may, draft, before) and not _any_plain(may, source, before)


def _plain(word: str, text: str, before: re.Pattern[str]) -> bool:
    """Whether it stands there without a denial just before it."""
    whole = rf"\b{word}\b" if word.isascii() else word
    return _any_plain(re.compile(whole), text, before)


def _any_plain(pattern: re.Pattern[str], text: str, before: re.Pattern[str]) -> bool:
    return any(not before.search(text[max(0, at.start() - 24) : at.start()]) for at in pattern.finditer(text))
