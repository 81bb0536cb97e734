"""Identity-card numbers are dropped at the door, wherever in a row they stand."""

import re

#: Eighteen digits (the last may be X), or the fifteen of before 1999 with a possible date in them.
IDENTITY_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[0-9Xx]|\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3})(?![0-9A-Za-z])"
)


def without_identity_numbers(text: str) -> str:
    """The text with identity-card numbers cut out."""
    return IDENTITY_NUMBER.sub("", text).strip()
