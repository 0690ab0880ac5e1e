"""What thing a customer speaks of: a noun that we know, with the words that belong to it."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from desk.assist.lines import Line, said_by
from desk.assist.sentences import in_plain
from reading.script import is_han

_FILE = Path(__file__).with_name("products.txt")
_LONGEST = 6  # characters before the noun
# What stands before a thing and does not belong to it.
_BEFORE = frozenset(
    "的了是我你您他她它们那这个件双套台条只把张部款对支瓶盒箱包本块副枚顶买收到退换修寄发给拿送订下单要想和跟与还有说就都也又在从把被"
    "让叫为用能会不没看问啊呢吧吗哦，。！？、 "
)
_MEASURES = "个件双套台条只把张部款对支瓶盒箱本块副"
_BOUGHT = re.compile(
    rf"(?:买(?!家|单|方|卖|一送)|购买|订购|下单)(?:了|的|过)?(?:一|两|三|\d)?[{_MEASURES}]?(?:的)?"
    r"(?P<thing>[\u4e00-\u9fffA-Za-z0-9]{2,12}?)(?=[，。！？,.!? \n]|坏|不|没|怎么|到|还|有|$)"
)
_WORD = re.compile(r"\b([a-z-]+) $")
_NO_ADJECTIVE = frozenset(
    "a an the my your our his her this that these those some one two of for with and or to".split()
)
# A phone is mostly what somebody is called on: only where it is spoken of as a thing.
_PHONE = r"(?<=买)手机|手机(?=坏|屏|开不了|充不|死机|卡顿|发热|黑屏)|(?<=[部台])手机"
_PART_OF_OTHERS = frozenset("灯花书刀酒包")
_NO_THING = re.compile(
    r"^(东西|商品|订单|单子|的|那个|这个|一个|什么|回去|回来|错|多|完|到)|.*(快递|退款|发票|优惠券|积分)"
)


def product_of(lines: Sequence[Line]) -> tuple[str, int] | None:
    """The thing and the line that names it first; the customer's own words before an agent's."""
    written = said_by(lines, "customer")
    nouns = [(noun, line.seq) for line in written if (noun := _noun(line.text)) is not None]
    if nouns:
        # Of the same thing the fuller name: 青花盘子 says more than 盘子.
        return max((one for one in nouns if one[0].endswith(nouns[0][0])), key=lambda one: len(one[0]))
    for line in written:
        if (bought := _BOUGHT.search(line.text)) and not _NO_THING.match(bought["thing"]):
            return bought["thing"], line.seq
    named = ((_noun(line.text), line.seq) for line in said_by(lines, "agent"))
    return next(((noun, seq) for noun, seq in named if noun), None)


def _noun(text: str) -> str | None:
    """The fullest of the first noun's mentions in a text."""
    plain = in_plain(text)
    found = [_with_its_words(text, plain, match) for match in _nouns().finditer(plain)]
    return max((one for one in found if one.endswith(found[0])), key=len) if found else None


def _with_its_words(text: str, plain: str, found: "re.Match[str]") -> str:
    if found[0].isascii():
        return text[found.start() - len(_adjective(plain[: found.start()])) : found.end()]
    start = found.start()
    while start > 0 and found.start() - start < _LONGEST and _belongs(plain[start - 1]):
        start -= 1
    return text[start : found.end()].strip()


def _adjective(before: str) -> str:
    """The one word before an English noun that belongs to it, with its blank."""
    word = _WORD.search(before)
    return word[0] if word and word[1] not in _NO_ADJECTIVE else ""


def _belongs(character: str) -> bool:
    return (is_han(character) or character.isalnum()) and character not in _BEFORE


@cache
def _nouns() -> re.Pattern[str]:
    """The longest noun first; English ones as whole words."""
    nouns = sorted(_FILE.read_text(encoding="utf-8").split("\n"), key=len, reverse=True)
    known = [rf"\b{re.escape(noun)}\b" if noun.isascii() else re.escape(noun.lower()) for noun in nouns if noun]
    patterns = (_PHONE if one == "手机" else one if one not in _PART_OF_OTHERS else _alone(one) for one in known)
    return re.compile("|".join(patterns), re.IGNORECASE)


def _alone(character: str) -> str:
    """灯 is a thing; in 点灯的, 花 in 花了, 包 in 包邮 it is not."""
    return rf"(?<![打红点面钱礼]){character}(?![了呗钱费的\u4e00-\u9fff])"
