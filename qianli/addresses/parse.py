"""The door to reading addresses, for import, commands and pages: whatever stands around an address is taken off first.

Text from a chat may hold several persons, each with name, telephone number, postcode and address in any order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from qianli.addresses.chain import read_chain
from qianli.addresses.contacts import (
    DOTS,
    LABELS,
    POSTCODE,
    Kind,
    Piece,
    bare_name,
    could_be_name,
    looks_like_name,
    phones_in,
)
from qianli.addresses.reader import Address, read_plain
from qianli.addresses.status import Status
from qianli.folding import fold

__all__ = ["Address", "read_address", "read_pasted"]

#: Nothing to fold and nobody named: the usual case, and the fast one.
CLEAN = re.compile(r"(?:[一-龥A-Za-z#()\-]++|[0-9]{1,5}+(?![0-9]|-[0-9]{4}))++")
LONG_NUMBER = re.compile(r"[0-9]{4}")
SAYS_WHAT = re.compile(
    r"收[货件信]|联系|姓|名|地址|住址|手机|电话|座机|固话|所在|省市区|居住|邮|备注|门牌|[Tt][Ee][Ll]|[Pp]hone|PHONE|[Mm]obile"
)
MARK = re.compile(r"\x00(\d+)\x00")
CUTS = re.compile(r"[;\n]")
LEAD_IN = re.compile(
    r"^(?:中国(?!.{0,3}[路街]))|^(?:我|他|她|本人)?(?:现在?|目前)?(?:住在?|寄到|寄往|寄给|送到|发到|麻烦寄到?|请寄到?|在)[:,]?\s*(?=[一-龥])"
)
AT_ITS_END = re.compile(r"(?<=[号室楼栋座层户幢组店])(?P<name>[一-龥]{2,3})$")
EMPTY_LABEL = re.compile(r"(?:[\s,、:]*(?:联系)?(?:电话|手机|地址|邮编)[\s:]*)+$")
WORDS = re.compile(r"[\s,、|/;:]+")
NAME_ENDS = re.compile(r"[,、|/;\n\x00()]|\s+(?![一-龥]{1,4}·)")


@dataclass
class Person:
    """What has been said of one person."""

    name: str | None = None
    phone: str | None = None
    postcode: str | None = None
    address: list[str] = field(default_factory=list)

    def has(self, kind: Kind) -> bool:
        """Whether this is known already."""
        return bool(getattr(self, kind))

    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.name or self.phone or self.postcode or self.address)

    def read(self) -> Address:
        """The address with whose it is."""
        plain = " ".join(self.address)
        read = read_plain(plain) if plain else Address(None, None, None, "", Status.incomplete)
        return read._replace(name=self.name, phone=self.phone, postcode=self.postcode)


def read_pasted(text: str) -> list[Address]:
    """Every person in the text, in order, each with the address that was said beside the name or number."""
    if read := _read_bare(text):
        return [read]
    lines = [[*_pieces(fold(line))] for line in re.split(r"\r\n|[\n\r\v\f\u2028\u2029\x85]", text)]
    return [person.read() for person in _persons(lines)]


def read_address(text: str) -> Address:
    """The same for a cell that is one person's address, whatever else stands in it."""
    if read := _read_bare(text):
        return read
    person = Person()
    for piece in _pieces(fold(text)):
        if piece.kind in (Kind.address, Kind.more):
            person.address.append(piece.text)
        elif piece.kind is not Kind.cut and not person.has(piece.kind):
            setattr(person, piece.kind, piece.text)
    return person.read()


def _read_bare(text: str) -> Address | None:
    """An address with nothing around it, if this is one."""
    if not CLEAN.fullmatch(text) or "收" in text or "联系" in text or "姓名" in text:
        return None
    read = read_plain(text)
    return read if read.province or read.candidates else None


def _persons(lines: Iterable[list[Piece]]) -> list[Person]:
    """A kind that comes again begins another person; a line with an address of its own does too."""
    found = [Person()]
    for line in lines:
        kinds = {piece.kind for piece in line}
        if not line or (Kind.address in kinds and found[-1].address):
            found.append(Person())
        behind = None
        for piece in line:
            _tell(found, piece, behind)
            behind = piece.kind
    return [person for person in found if not person.is_empty()]


def _tell(found: list[Person], piece: Piece, behind: Kind | None) -> None:
    person = found[-1]
    if piece.kind is Kind.cut:
        if person.address and (person.name or person.phone):
            found.append(Person())
        return
    if piece.kind is Kind.more:
        person.address.append(piece.text)
        return
    if piece.kind is Kind.address:
        if person.address and not (behind is Kind.address or not _begins_with_a_place(piece.text)):
            found.append(person := Person())
        person.address.append(piece.text)
        return
    if person.has(piece.kind):
        if piece.kind is behind and piece.kind is Kind.phone:
            return  # a second number of the same person
        found.append(person := Person())
    setattr(person, piece.kind, piece.text)


def _pieces(line: str) -> Iterator[Piece]:
    """Numbers are taken out first, then labels tell what stands behind them, then names are looked for in the rest."""
    known: list[Piece] = []
    if LONG_NUMBER.search(line):
        line = _without_numbers(line, known)
    if not SAYS_WHAT.search(line):
        yield from _labelled("", line, known)
        return
    label, at = "", 0
    for found in [*LABELS.finditer(line), None]:
        yield from _labelled(label, line[at : found.start() if found else len(line)], known)
        if found:
            label, at = found.lastgroup or "", found.end()


def _without_numbers(line: str, known: list[Piece]) -> str:
    """The line with a mark in the place of each telephone number and postcode, which go to `known`."""
    for start, end, phone in reversed(list(phones_in(line))):
        line = f"{line[:start]}\x00{len(known)}\x00{line[end:]}"
        known.append(Piece(Kind.phone, phone))
    while found := POSTCODE.search(line):
        code = found["said"] or found["alone"] or found["first"]
        line = f"{line[: found.start()]}\x00{len(known)}\x00{line[found.end() :]}"
        known.append(Piece(Kind.postcode, code))
    return line


def _labelled(label: str, text: str, known: list[Piece]) -> Iterator[Piece]:
    if label == Kind.name and text.strip():
        end = NAME_ENDS.search(text)
        name = bare_name(text[: end.start()] if end else text)
        if name:
            yield Piece(Kind.name, name)
        text = text[end.start() :] if end else ""
    whole = Kind.more if label == Kind.more else Kind.address
    parts = MARK.split(text)
    for number, part in enumerate(parts):
        if number % 2:
            yield known[int(part)]
        else:
            yield from _loose(part, whole, near_number=len(parts) > 1)


def _loose(text: str, whole: Kind, *, near_number: bool) -> Iterator[Piece]:
    """Text without numbers and labels: perhaps a name at its beginning or end, the rest is an address."""
    for number, part in enumerate(CUTS.split(text)):
        if number:
            yield Piece(Kind.cut, "")
        yield from _named(part.strip(" ,、|/:()[]-."), whole, near_number=near_number)


def _named(text: str, whole: Kind, *, near_number: bool) -> Iterator[Piece]:
    text = DOTS.sub("·", LEAD_IN.sub("", text)) if "路" not in text[:1] else text
    words = WORDS.split(text)
    first, last = words[0], words[-1]
    name = after = None
    if _is_name(first) or (near_number and len(words) == 1 and could_be_name(first) and not read_chain(first).level):
        name, text = first, text[len(first) :]
    elif len(words) > 1 and _is_name(last):
        after, text = last, text[: -len(last)]
    elif near_number and (glued := AT_ITS_END.search(text)) and looks_like_name(glued["name"]):
        after, text = glued["name"], text[: glued.start()]
    if name:
        yield Piece(Kind.name, bare_name(name))
    if text := EMPTY_LABEL.sub("", text).strip(" ,、|/:-."):
        yield Piece(whole, text)
    if after:
        yield Piece(Kind.name, bare_name(after))


def _is_name(word: str) -> bool:
    return looks_like_name(word) and not read_chain(word).level


def _begins_with_a_place(text: str) -> bool:
    return read_chain(re.sub(r"[\W_]", "", text)).level > 0
