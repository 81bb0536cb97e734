"""Text that a spreadsheet could take for a formula: defused with an apostrophe going out, restored coming in."""

import re

#: A formula's first character, in either width, behind blanks and apostrophes; a tab or line break in front counts too.
FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")
LONGEST = 32_767  # characters Excel takes in a cell
BREAKS = re.compile("\r\n?|[\x0b\x0c]")
#: Control characters that no spreadsheet keeps.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def defused(value: str) -> str:
    """The text with one apostrophe before it if it could act as a formula; a lone sign cannot."""
    short = BREAKS.sub("\n", UNSEEN.sub("", value))[: LONGEST - 1]
    return f"'{short}" if len(short) > 1 and FORMULA.match(short) else short


def restored(value: str) -> str:
    """The text that `defused` was given."""
    return value[1:] if value.startswith("'") and FORMULA.match(value) else value
