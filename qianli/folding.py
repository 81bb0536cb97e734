"""Text as people type it, brought to one form: half width, nothing invisible, no stray spaces."""

import re
import unicodedata

FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
RADICALS = {
    code: folded
    for code in range(0x2E80, 0x2FE0)  # PDF copies write 女 as the radical U+2F25, which fonts draw otherwise
    if len(folded := unicodedata.normalize("NFKC", chr(code))) == 1 and ord(folded) != code
}
SPACES = dict.fromkeys(
    [*range(0x09, 0x0E), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], " "
)
INVISIBLE = dict.fromkeys(
    [*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x061C, 0x180E,
     *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0E, 0xFE0F, 0xFEFF,
     *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000)]  # the last are halves of characters, which nothing can store
)  # fmt: skip
FOLD: dict[int, int | str | None] = {**FULL_TO_HALF, **RADICALS, **SPACES, **INVISIBLE}

LONGEST_TITLE = 200  # what is longer is no title, and looking for pairs of brackets in it takes its time
HIGHEST_ID = 2**31 - 1  # no column of ids holds more
RUN_OF_SPACES = re.compile(r" {2,}")


def fold(text: str) -> str:
    """One line in half width without control, zero-width and bidi characters; Han characters stay as they are."""
    return RUN_OF_SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(FOLD)).strip()


def is_seen(text: str) -> bool:
    """Whether nothing in a text is invisible: control characters, marks of direction, halves of characters."""
    return not any(ord(character) in INVISIBLE for character in text)


def visible(text: str) -> str:
    """The text as it is, on one line, without what cannot be seen, printed or stored."""
    return text.translate({**SPACES, **INVISIBLE}).strip()


def whole_number(written: str, most: int) -> int | None:
    """A number as a form or an address holds it, in digits of either width; None if it is none, or higher."""
    digits = fold(written)
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most))
    return int(digits) if fits and int(digits) <= most else None


def fold_header(text: str) -> str:
    """A column's title without spaces, asterisks and remarks in brackets: `*出生日期（年月日）` → `出生日期`."""
    if len(text) > LONGEST_TITLE:
        return text
    bare = re.sub(r"[\s*:、]", "", fold(text))
    return re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】", "", bare) or bare
