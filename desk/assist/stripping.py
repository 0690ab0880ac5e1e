"""Taking personal data out of what is kept for other conversations: what stays are slots, or nothing at all."""

import re

from reading import personal_data

_KINDS = {personal_data.MOBILE: "{phone}", personal_data.CARD: "{card}", personal_data.EMAIL: "{email}"}
_NUMBERED = re.compile(
    r"(?P<tracking>(?:运单号?|運單號?|快递单?号?|快遞單?號?|物流单?号|物流單?號|tracking\s*(?:number|no\.?)?)"
    r"[^A-Za-z0-9\n]{0,6})(?P<number>[A-Za-z]{0,4}\d{6,20})",
    re.IGNORECASE,
)
_HALF = {full: full - 0xFEE0 for full in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HOTLINE = re.compile(r"(?<!\d)(?:400|800|95|10)[\d-]{3,9}(?!\d)")
_CODE = re.compile(r"(?<![A-Za-z0-9-])(?!\d{4}-\d\d?-\d\d?)[A-Za-z]{0,5}-?\d[\d\s-]{5,24}\d(?![\d])")
_DIGITS = re.compile(r"(?<![\d.-])\d{4,}(?![\d.])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ADDRESS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,7}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,7}市)?(?:[\u4e00-\u9fff]{1,7}(?:区|區|县|縣|镇|鎮))?"
    r"[\u4e00-\u9fffA-Za-z0-9]{1,12}(?:路|街|道|巷|弄|村|小区|小區|花园|花園|公寓|大厦|大廈)"
    r"[\u4e00-\u9fffA-Za-z0-9-]{0,12}?\d{1,5}\s?(?:号|號|栋|棟|幢|座|单元|單元|室|楼|樓)"
    r"(?:[A-Za-z0-9\u4e00-\u9fff-]{0,10}?(?:栋|棟|幢|座|单元|單元|室|楼|樓|号|號))*"
)
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾萧肖田董袁潘于蒋蔣蔡余杜"
    "叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫雷侯龙龍史陶黎贺賀顾顧毛郝龚龔"
    "邵万萬钱錢严嚴武戴莫孔向汤湯"
)
_COMPOUND = "欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|皇甫|尉迟|公孙|慕容|司徒|夏侯"
_TITLED = re.compile(
    rf"(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{0,2}}?(?:先生|女士|小姐|太太|阿姨|大叔|同学|同學)"
)
_SELF = re.compile(
    r"(?P<before>我(?:叫|姓)|名字(?:是|叫)|姓名[:：]?|联系人[:：]?|收件人[:：]?)\s?(?P<name>[\u4e00-\u9fff]{1,4})"
)
_ENGLISH_NAME = re.compile(
    r"(?P<before>\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s|\b(?:my name is|this is|i am|i'm)\s)"
    r"(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
)
_MASKS = re.compile(r"\[(?:card|mobile) \*\d{4}\]|\[(?:id|email)\]")


def strip(text: str) -> str:
    """`text` with phones, cards, ids, numbers of orders and parcels, addresses and names as slots (`{order_number}`).

    Masks that doors have put in (`[card *1234]`) go the same way. Amounts, days and times stay.
    """
    plain = _masks(text.translate(_HALF))
    for span in reversed(personal_data.find(plain)):
        plain = plain[: span.start] + _KINDS.get(span.kind, "{id}") + plain[span.end :]
    plain = _NUMBERED.sub(lambda m: f"{m['tracking']}{{tracking_number}}", plain)
    plain = _ADDRESS.sub("{address}", plain)
    plain = _CODE.sub(lambda m: m[0] if _HOTLINE.fullmatch(m[0]) else "{order_number}", plain)
    plain = _DIGITS.sub(lambda m: m[0] if _YEAR.fullmatch(m[0]) or _HOTLINE.fullmatch(m[0]) else "{number}", plain)
    plain = _TITLED.sub("{customer_name}", plain)
    plain = _SELF.sub(lambda m: f"{m['before']}{{customer_name}}", plain)
    return _ENGLISH_NAME.sub(lambda m: f"{m['before']}{{customer_name}}", plain)


def addresses(text: str) -> list[tuple[int, int]]:
    """Where `text` names a place down to the number of a house or a flat."""
    return [found.span() for found in _ADDRESS.finditer(text)]


def is_clean(text: str) -> bool:
    """Whether nothing personal is found in `text` any more."""
    return strip(text) == text.translate(_HALF)


def _masks(text: str) -> str:
    return _MASKS.sub("{number}", text)
