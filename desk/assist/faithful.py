"""Whether a text that something else wrote says nothing that its source does not say: numbers, dates, ids, names."""

import re

from desk.assist.sentences import in_plain

_CODES = re.compile(r"[A-Za-z]*\d[\w.:/-]*\w|\d", re.ASCII)
_SPELLED = re.compile(
    r"[零一二三四五六七八九十百千两]+(?=[个天日号月年周点元块件次单分秒小])"
    r"|星期[一二三四五六日天末]|周[一二三四五六日末]|[今明后昨前]天|[上下]周|[上下]个?月"
)
_NAMES = re.compile(r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|太太|经理|主管)")
_LATIN = re.compile(r"\b[A-Z][A-Za-z]+\b")
_ENGLISH_DAYS = re.compile(
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twice|once)\b"
)
_PROMISES = re.compile(
    r"保证|承诺|答应|已(?:退款|退钱|赔偿|补偿|补发)|同意(?:退|赔|补)"
    r"|\b(?:promised|guaranteed|refunded|compensated|agreed)\b"
)
_IN_PLAIN = (_CODES, _SPELLED, _NAMES, _ENGLISH_DAYS, _PROMISES)
_ORDINARY = frozenset("the a an it they he she we i customer agent bot order asked wants said no yes this that".split())


def is_faithful(rewritten: str, source: str, longest: int = 600) -> bool:
    """Whether every number, id, date, name and promise of `rewritten` occurs in `source`, and it is no longer."""
    return 0 < len(rewritten.strip()) <= longest and not unfounded(rewritten, source)


def unfounded(rewritten: str, source: str) -> list[str]:
    """What `rewritten` names and `source` does not."""
    plain, ground = in_plain(rewritten), in_plain(source)
    found = [
        match[0]
        for pattern in (_CODES, _SPELLED, _NAMES, _ENGLISH_DAYS, _PROMISES)
        for match in pattern.finditer(plain)
    ]
    found += [name for name in _LATIN.findall(rewritten) if name.lower() not in _ORDINARY]
    return [one for one in found if not _occurs(one.lower(), ground)]


def _occurs(wanted: str, ground: str) -> bool:
    """As a whole: 12 does not occur in 312."""
    if wanted[0].isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", ground) is not None
    return wanted in ground
