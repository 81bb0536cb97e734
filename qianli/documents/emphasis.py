"""Emphasised words of a letter: `**重点**` in the text, a pair of marks around the words in the filled paragraph.

The marks are blanks that neither typed text nor a member's data can hold: the former is refused with them, of the
latter all blanks become spaces. So whatever stands between two of them was emphasised by the author.
"""

import re
from functools import lru_cache

from markupsafe import Markup, escape

BEGIN, END = "\x1c", "\x1d"
_TYPED = re.compile(r"\*\*(.+?)\*\*")
_BEFORE_QUOTE, _AFTER_QUOTE = re.compile("(?<=[一-鿿])(?=[“‘])"), re.compile("(?<=[”’])(?=[一-鿿])")
_MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")
_LAST = re.compile(r"(?<=\w)([^\W\x00-\u2e7f]{2}[，。、；：？！…—）》」』”’]*)$")


def marked(line: str) -> str:
    """A typed line with marks in the place of its pairs of asterisks."""
    return _TYPED.sub(lambda found: f"{BEGIN}{found[1]}{END}", line)


def emphasised(text: str) -> str:
    """A text all of which is emphasised, in its filled form."""
    return f"{BEGIN}{text}{END}"


def problem(line: str) -> str | None:
    """What is wrong with the asterisks of a typed line, if anything."""
    if "**" in _TYPED.sub("", line):
        return "加重用的“**”没有成对；要加重的字前后各写两个星号，如“**重点**”，不能跨段。"
    if any(not found[1].strip(" *　") for found in _TYPED.finditer(line)):
        return "加重用的“**”中间没有字。"
    return None


def plain(text: str) -> str:
    """The text without its marks, as it is read."""
    return text.replace(BEGIN, "").replace(END, "")


def html(text: str) -> Markup:
    """The text for a template; everything in it is escaped.

    The layout engine takes quotation marks for such as cling to both neighbours, as in English; a line may break
    outside of Chinese ones. The last two characters keep together, so that none stands alone on the last line.
    """
    breakable = _BEFORE_QUOTE.sub("<wbr>", _AFTER_QUOTE.sub("<wbr>", str(escape(text))))
    together = _LAST.sub(r'<span class="nowrap">\1</span>', breakable)
    return Markup(_MARKED.sub(r"<strong>\1</strong>", together))  # noqa: S704 - escaped just before


@lru_cache(maxsize=256)
def places(text: str) -> frozenset[int]:
    """The places of a text that are emphasised."""
    return frozenset(place for found in _MARKED.finditer(text) for place in range(*found.span(1)))
