"""Numbers with what they count, so that a text can be told from one that says another sum, date or deadline."""

import re

Quantity = tuple[str, str]  # the number, and its unit or ""

_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_ENGLISH = {
    name: str(number)
    for number, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    )
} | {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100"}
_UNITS = (
    r"个?工作日|个?小时|分钟|秒|天|日|号|个?月|年|周|星期|元|块|角|折|件|次|单|倍|期|楼|层|公斤|千克|斤|张|位|笔|积分"
    r"|%|percent\b|yuan\b|rmb\b|pieces?\b"
    r"|(?:business |working |calendar )?(?:days?|hours?|minutes?|weeks?|months?|years?)\b"
)
_NUMBER = re.compile(rf"([¥$]?)\s?(\d+(?:[.,:]\d+)*)\s?({_UNITS})?")
_SPELLED = re.compile(rf"([零〇一二两三四五六七八九十百千万]+|半)({_UNITS})|\b({'|'.join(_ENGLISH)})[ -]({_UNITS})")
_PHONE = re.compile(r"\d(?:[ ()-]*\d){6,}")
_SAME = {"号": "日", "块": "元", "yuan": "元", "rmb": "元", "percent": "%", "working day": "business day"}


def quantities(text: str) -> set[Quantity]:
    """Every number of a text in plain form; of "3-5天" the 3 has no unit, so that it is no "3天"."""
    found = {(_plain(number), _unit(unit) or ("元" if sign else "")) for sign, number, unit in _NUMBER.findall(text)}
    for chinese, counted, english, unit in _SPELLED.findall(text):
        found.add((_chinese(chinese), _unit(counted)) if chinese else (_ENGLISH[english], _unit(unit)))
    return found


def unfounded_quantities(draft: str, source: str) -> set[Quantity]:
    """Those of `draft` that `source` does not have with the same unit; one without a unit may be any number there."""
    known = quantities(source)
    numbers = {number for number, _ in known}
    return {one for one in quantities(draft) if one not in known and (one[1] or one[0] not in numbers)}


def phones(text: str) -> set[str]:
    """Runs of seven digits or more, however they are grouped."""
    return {re.sub(r"\D", "", run) for run in _PHONE.findall(text)}


def _plain(number: str) -> str:
    whole, point, rest = number.replace(",", "").partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (point + rest if rest else "")


def _unit(unit: str) -> str:
    if unit.isascii() and unit not in ("", "%"):
        unit = unit.rstrip("s")
    unit = unit.removeprefix("个")
    return _SAME.get(unit, unit)


def _chinese(numeral: str) -> str:
    if numeral == "半":
        return "0.5"
    total = part = 0
    for sign in numeral:
        if sign in _DIGITS:
            part = part * 10 + _DIGITS[sign] if part and numeral.isdigit() else _DIGITS[sign]
        elif _SCALES[sign] == 10_000:
            total, part = (total + part) * 10_000, 0
        else:
            total, part = total + (part or 1) * _SCALES[sign], 0
    return str(total + part)
