"""How wide a text is and how many lines it takes, by the advances of the widest face, before anything is laid out."""

from collections.abc import Sequence

from qianli.documents.fonts import SERIF, advances, advances_of

LEADING = 1.25  # of boxes whose type size follows from their text

#: Never at the beginning of a line: it takes the character before with it.
CLINGS = frozenset("，。、；：？！）》」』】〕…—·,.;:?!)]}%％")
OPENS = frozenset("（《「『【〔([{")


def width_em(text: str, body: str = SERIF) -> float:
    """The width of a text on one line, in em; it may be set in a further family than our own."""
    known, more = advances(), advances_of(body)
    return sum(max(known[code], more.get(code, 0.0)) for code in map(ord, text))


def lines_needed(text: str, measure_em: float, body: str = SERIF) -> int:
    """How many lines a text takes; never fewer than the layout engine will use."""
    lines, used = 1, 0.0
    for word in _words(text):
        width = width_em(word, body)
        if used + width > measure_em and used:
            lines, used = lines + 1, 0.0
        if width > measure_em:  # broken anywhere
            lines, width = lines + int(width / (measure_em - 1)), 0.0 + width % (measure_em - 1)
        used += width
    return lines


def _words(text: str) -> list[str]:
    """Pieces between which a line may break, leaning to longer pieces."""
    words: list[str] = []
    for one in text:
        joins = words and (one in CLINGS or words[-1][-1] in OPENS or (_latin(one) and _latin(words[-1][-1])))
        if joins:
            words[-1] += one
        else:
            words.append(one)
    return words


def _latin(one: str) -> bool:
    return one.isascii() and not one.isspace()


def largest_that_fits(
    texts: Sequence[str], sizes: Sequence[float], *, wide_pt: float, high_pt: float, one_line_pt: float | None = None
) -> float | None:
    """The largest of these type sizes at which texts, one under the other, fit a box; None if none does.

    What fits one line at `one_line_pt` or more is not broken into two for the sake of larger type.
    """
    for size in sizes:
        lines = sum(lines_needed(text, wide_pt / size) for text in texts)
        whole = one_line_pt and sum(lines_needed(text, wide_pt / one_line_pt) for text in texts) == len(texts)
        if lines * size * LEADING <= high_pt and (lines == len(texts) or not whole):
            return size
    return None
