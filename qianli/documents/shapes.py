"""Sorting letters by shape, and the characters that stand in for what differs within one.

A sentinel is an inert character that no letter of the run holds, so that its glyph on a page tells whose place it is.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from qianli.documents import fonts, inert
from qianli.documents.forms import Letter
from qianli.documents.letter_shape import WIDE, fixed, running, same
from qianli.documents.text_shapes import TextShape, TextShapes
from qianli.errors import NotStampable

FILLING = 200  # sentinels kept for whole texts: more than a letter has


@dataclass(frozen=True)
class Shape:
    """Letters of one layout: the first of them, and the shapes of their running and of their fixed texts."""

    first: Letter
    running: tuple[TextShape, ...]
    fixed: tuple[TextShape, ...]


@dataclass(frozen=True)
class Sorted:
    """The shapes of a run's letters, in the order of the first of each, and which is whose."""

    shapes: list[Shape]
    of: "array[int]"
    texts: TextShapes

    def members(self) -> list["array[int]"]:
        """The letters of each shape, by their indexes."""
        found = [array("L") for _ in self.shapes]
        for index, shape in enumerate(self.of):
            found[shape].append(index)
        return found


def sort_out(letters: Iterable[Letter], body: str = fonts.SERIF) -> Sorted:
    """The shapes of letters whose running texts are set in a family."""
    shapes, numbers, texts, of = list[Shape](), dict[object, int](), TextShapes(body), array("L")
    whole, known = object(), dict[object, object]()
    for letter in letters:
        whole = _canonical(same(letter), whole, known)
        flowing = tuple([texts.of(kind, text) for kind, text in running(letter)])
        others = tuple([texts.of(kind, text) for kind, text in fixed(letter)])
        number = numbers.setdefault((id(whole), flowing, others), len(shapes))
        if number == len(shapes):
            shapes.append(Shape(letter, flowing, others))
        of.append(number)
    return Sorted(shapes, of, texts)


def _canonical(whole: object, last: object, known: dict[object, object]) -> object:
    """The one object that stands for all that are equal; mostly that of the letter before."""
    return last if whole == last else known.setdefault(whole, whole)


class Sentinels:
    """Inert characters that stand in no letter's text, those of a kind all different."""

    def __init__(self, texts: Iterable[TextShape], body: str) -> None:
        wide, half = set[str](), set[str]()
        for one in texts:
            (wide if one.kind in WIDE else half).update(one.characters)
        #: The rarest first: the further from the common block, the less likely in a design's own words.
        left = sorted(inert.ideographs(body) - wide, reverse=True)
        self._wide, self._half = left[FILLING:], sorted(inert.half_widths() - half, reverse=True)
        #: Those that fill whole texts.
        self.filling = left[:FILLING]

    def first(self, count: int) -> list[str]:
        """So many of the wide ones that stand for places."""
        return self._wide[:count]

    def of(self, text: TextShape, after: int = 0) -> dict[str, int]:
        """One for each place in which texts differ, but not the first so many; other shapes may have the same."""
        places = text.places()
        chosen = (self._wide if text.kind in WIDE else self._half)[after : after + len(places)]
        if len(chosen) < len(places):
            raise NotStampable("会变的字太多")
        return dict(zip(chosen, places, strict=True))


def standing_in(text: str, sentinels: dict[str, int]) -> str:
    """A text with sentinels in their places."""
    characters = list(text)
    for one, place in sentinels.items():
        characters[place] = one
    return "".join(characters)
