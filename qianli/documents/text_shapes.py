"""Texts that look alike: each character that is inert takes another's place without a line breaking otherwise."""

from array import array
from collections.abc import Iterator

from qianli.documents import emphasis, inert
from qianli.documents.letter_shape import STRONG, WIDE

REMEMBERED = 4096  # texts of each kind; most stand in every letter, names are many


class TextShape:
    """Texts of one kind that look alike, and where they differ."""

    __slots__ = ("_differing", "_number", "characters", "count", "first", "kind")

    def __init__(self, kind: str, first: str) -> None:
        self.kind, self.first, self.count = kind, first, 0
        self.characters = set(first)
        self._number, self._differing = _number(first), 0

    def add(self, text: str) -> None:
        """Take in another text that looks like the first."""
        if text != self.first:
            self._differing |= self._number ^ _number(text)
            self.characters.update(text)

    def strong(self) -> frozenset[int]:
        """The places that are emphasised, the same in all of them."""
        return emphasis.places(self.first)

    def ink(self, place: int) -> str:
        """What is printed in a place: its kind, or emphasised words."""
        return STRONG if place in self.strong() else self.kind

    def places(self) -> list[int]:
        """The places in which the texts, all of one length, are not the same."""
        units = array("I", self._differing.to_bytes(4 * len(self.first), "little"))
        return [place for place, differs in enumerate(units) if differs]


class TextShapes:
    """All the shapes of a run's texts, the running ones of which are set in a family."""

    def __init__(self, body: str) -> None:
        self._wide, self._half = inert.wide_shape(body), inert.half_shape()
        self._alike: dict[tuple[str, str], TextShape] = {}
        self._remembered: dict[str, dict[str, TextShape]] = {}

    def of(self, kind: str, text: str) -> TextShape:
        """The shape of a text, which it becomes part of."""
        remembered = self._remembered.setdefault(kind, {})
        shape = remembered.get(text)
        if shape is None:
            looks = text.translate(self._wide if kind in WIDE else self._half)
            shape = self._alike.get((kind, looks))
            if shape is None:
                shape = self._alike[kind, looks] = TextShape(kind, text)
            shape.add(text)
            if len(remembered) < REMEMBERED:
                remembered[text] = shape
        shape.count += 1
        return shape

    def __iter__(self) -> Iterator[TextShape]:
        return iter(self._alike.values())


def _number(text: str) -> int:
    return int.from_bytes(text.encode("utf-32-le"), "little")
