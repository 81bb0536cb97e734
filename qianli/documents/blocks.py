"""Papers made of blocks: labels, slips, lists and manifests are pages of blocks whose places and heights are known.

A block is a label, a row, a heading. What it says in its own fields and codes decides nothing about its layout as long
as it is plain: blocks of one shape look alike, and one of them is enough to know all. Lengths are in CSS pixels.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markupsafe import Markup

from qianli.documents import code128, codes, half_em

Same = tuple[tuple[str, Hashable], ...]
NARROW, WIDE = "0", "一"  # what a sample's fields are filled with


class Field(NamedTuple):
    """A text in the face of half and whole ems: on lines of `measure` halves, at most so many. None: not plain.

    One that is set `right` stands on one line that ends where its box does.
    """

    text: str
    measure: int
    most: int = 1
    bold: bool = False
    right: bool = False
    lines: tuple[str, ...] | None = None

    @classmethod
    def of(cls, text: str, measure: int, most: int = 1, *, bold: bool = False, right: bool = False) -> "Field":
        """The field of a text; one that takes more lines than it may is not plain either."""
        lines = half_em.one_line(text, measure) if right else half_em.lines(text, measure)
        return cls(text, measure, most, bold, right, lines if lines and len(lines) <= most else None)

    @property
    def filled(self) -> str:
        """A text that takes all its lines."""
        return NARROW * self.measure if self.most == 1 else WIDE * (self.measure // 2) * self.most


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its template's name, its height, what it has in common with others, and its own fields and codes."""

    kind: str
    high: int
    same: Same = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def alone(self) -> Hashable:
        """The shape of a block that is like no other, unless that says the very same."""
        own = tuple([(name, one.text) for name, one in self.fields.items()])
        return self.kind, self.high, self.same, own, tuple(self.codes.items())

    @property
    def shape(self) -> Hashable:
        """What decides the layout."""
        for one in self.fields.values():
            if one.lines is None:
                return self.alone
        own = tuple([(name, one.measure, one.most, one.bold, one.right) for name, one in self.fields.items()])
        bars = tuple([(name, code128.modules(text)) for name, text in self.codes.items()])
        return self.kind, self.high, self.same, own, bars

    @property
    def plain(self) -> bool:
        """Whether nothing but its shape decides its layout."""
        return all(one.lines is not None for one in self.fields.values())


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where it stands on its page, from the page's margins."""

    block: Block
    left: int = 0
    top: int = 0


Page = Sequence[Placed]


class Shown:
    """A block as its template sees it. With `inks`, a sample: its fields are full, and each has a colour of its own."""

    def __init__(self, placed: Placed, inks: Mapping[str, str] | None = None) -> None:
        block = placed.block
        self.kind, self.high, self.left, self.top = block.kind, block.high, placed.left, placed.top
        self.same: dict[str, Any] = dict(block.same)
        self._fields, self._codes, self._inks = block.fields, block.codes, inks

    def has(self, name: str) -> bool:
        """Whether the block has such a field or code."""
        return name in self._fields or name in self._codes

    def text(self, name: str) -> Markup:
        """A field."""
        one = self._fields[name]
        if self._inks is None:
            return Markup("<span>{}</span>").format(one.text)
        return Markup('<span style="color:{}">{}</span>').format(self._inks[name], one.filled)

    def code(self, name: str, height_mm: float, widest_mm: float) -> Markup:
        """A code."""
        return codes.code128_svg(self._codes[name], height_mm, widest_mm)
