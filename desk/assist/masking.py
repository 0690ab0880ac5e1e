"""Personal data as one writes it to a customer: enough of it stays to be recognised (`139****5678`)."""

import re

from reading import personal_data

_HIDDEN = "****"


def masked(text: str) -> str:
    """`text` with every piece of personal data hidden but for what people leave of it; for customers to read."""
    for span in reversed(personal_data.find(text)):
        text = text[: span.start] + _left(span.kind, text[span.start : span.end]) + text[span.end :]
    return text


def _left(kind: str, written: str) -> str:
    if kind == personal_data.EMAIL:
        return f"{written[0]}{_HIDDEN}@{written.partition('@')[2]}"
    digits = re.sub(r"\D", "", written)
    if kind == personal_data.MOBILE:
        return f"{digits[-11:-8]}{_HIDDEN}{digits[-4:]}"
    return _HIDDEN + digits[-4:] if kind == personal_data.CARD else _HIDDEN
