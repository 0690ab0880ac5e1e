"""One written form for texts that mean the same (standard library only, Python 3.10 and later)."""

import re
import unicodedata

# Zero-width space, joiners, direction marks, word joiner, byte-order mark, soft hyphen, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_SPACE = re.compile(r"\s+")
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff\U0001fb00-\U0001fbff\u20e3]"
)
_WECHAT_EMOJI = re.compile(r"\[[\u4e00-\u9fffA-Za-z]{1,6}\]")  # WeChat sends [微笑], [Smile]
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
_WORD = re.compile(r"[^\W\d_]")


def normalise(text: str) -> str:
    """`text` in NFKC, without invisible or control characters, blanks and line breaks collapsed, ends stripped."""
    text = _INVISIBLE.sub("", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = unicodedata.normalize("NFKC", text)
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def strip_emoji(text: str) -> str:
    """`text` without emoji, pictographs and WeChat's bracketed faces; a blank stands where they were."""
    return _SPACE.sub(" ", _EMOJI.sub(" ", _WECHAT_EMOJI.sub(" ", text))).strip()


def for_matching(text: str) -> str:
    """`normalise` on one line, in lower case, without emoji, each repeated punctuation mark once."""
    plain = _SPACE.sub(" ", normalise(text)).casefold()
    return _REPEATED_MARK.sub(r"\1", strip_emoji(plain)).strip()


def has_words(text: str) -> bool:
    """Whether any letter or Chinese character remains once faces, digits and marks are gone."""
    return _WORD.search(strip_emoji(normalise(text))) is not None
