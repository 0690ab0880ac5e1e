"""How someone can be reached: a mobile number or an e-mail address."""

from reading import personal_data


def contact_in(text: str) -> str | None:
    """The first phone or e-mail in `text` in its plain form, or None."""
    for span in personal_data.find(text):
        written = text[span.start : span.end]
        if span.kind == personal_data.MOBILE:
            return "".join(str(int(c)) for c in written if c.isdecimal())[-11:]
        if span.kind == personal_data.EMAIL:
            return written
    return None
