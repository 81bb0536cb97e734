"""Sorting letters by shape, and the one letter of each shape that is laid out.

In it every character that differs between members is a sentinel: an inert character that stands nowhere else, so that
its glyph on the page tells which character of whose text belongs there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qianli.documents import fonts, inert
from qianli.documents.forms import Letter
from qianli.documents.letter_shape import WIDE, Texts, shape, texts, with_texts
from qianli.errors import NotStampable

Place = tuple[str, int]  # ink, and place in its text


@dataclass(frozen=True)
class Shape:
    """Letters of one layout, by their indexes, and the places in which they differ. One alone differs nowhere."""

    members: tuple[int, ...]
    places: tuple[Place, ...]


def sort_out(letters: Sequence[Letter], body: str = fonts.SERIF) -> list[Shape]:
    """The shapes of letters whose running text is set in a family, in the order of the first of each."""
    inks = [texts(letter) for letter in letters]
    groups: dict[object, list[int]] = {}
    for index, (letter, one) in enumerate(zip(letters, inks, strict=True)):
        groups.setdefault(shape(letter, one, body), []).append(index)
    return [Shape(tuple(members), tuple(_differences([inks[one] for one in members]))) for members in groups.values()]


def _differences(alike: Sequence[Texts]) -> Iterable[Place]:
    """The places in which texts of one shape, hence of one length, are not all the same."""
    for ink, first in alike[0].items():
        start = _number(first)
        differing = 0
        for other in alike[1:]:
            differing |= start ^ _number(other[ink])
        units = differing.to_bytes(4 * len(first), "little")
        yield from ((ink, place) for place in range(len(first)) if any(units[4 * place : 4 * place + 4]))


def _number(text: str) -> int:
    return int.from_bytes(text.encode("utf-32-le"), "little")


class Sentinels:
    """For each place of a shape a character that stands in no letter's text."""

    def __init__(self, inks: Sequence[Texts], body: str) -> None:
        wide = {one for text in inks for ink in WIDE for one in text.get(ink, "")}
        half = {one for text in inks for ink, part in text.items() if ink not in WIDE for one in part}
        #: The rarest first: the further from the common block, the less likely in a design's own words.
        self._wide = sorted(inert.ideographs(body) - wide, reverse=True)
        self._half = sorted(inert.half_widths() - half, reverse=True)

    def of(self, places: Sequence[Place]) -> dict[Place, str]:
        """The sentinel of each place; those of one ink all differ."""
        left = {ink: iter(self._wide if ink in WIDE else self._half) for ink, _ in places}
        try:
            return {place: next(left[place[0]]) for place in places}
        except StopIteration as error:
            raise NotStampable("会变的字太多") from error


def standing_in(letter: Letter, sentinels: dict[Place, str]) -> Letter:
    """A letter with sentinels in its places."""
    inks = {ink: list(text) for ink, text in texts(letter).items()}
    for (ink, place), one in sentinels.items():
        inks[ink][place] = one
    return with_texts(letter, {ink: "".join(characters) for ink, characters in inks.items()})
