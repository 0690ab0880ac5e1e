"""A slash typed by a customer must never be obeyed as one of Rasa's commands."""

from reading.normalisation import normalise

FULL_WIDTH_SLASH = "／"


def as_plain_text(text: str) -> str:
    """`text` with a leading slash, however it is hidden, made full-width; anything else untouched."""
    if not normalise(text).startswith("/"):
        return text
    for place, character in enumerate(text):
        if normalise(character) == "/":
            return FULL_WIDTH_SLASH + text[place + 1 :]
    return FULL_WIDTH_SLASH + text
