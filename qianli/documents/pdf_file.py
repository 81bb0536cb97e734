"""Writing a PDF: objects one after another, then the table of where they begin. The same calls give the same bytes."""

import copy
import hashlib
import io
import re
import zlib
from array import array
from collections.abc import Mapping
from typing import BinaryIO

from qianli.documents.layout_output import Laid

HEADER = b"%PDF-1.7\n%\xe5\x8d\x83\xe9\x87\x8c\n"
KIDS = 200  # pages in one node of the page tree
LEVEL = 4  # of compression: higher ones take twice as long for a hundredth of the size
ROWS = 10_000  # of the table of objects that are written in one go
AT_ONCE = 1 << 18  # bytes that are written in one go
STREAM = b"\nstream\n"
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


def renumbered(entries: bytes, numbers: Mapping[int, int]) -> bytes:
    """Entries of a dictionary with their references to objects as they are now."""
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], entries)


class PdfFile:
    """A file being written, in memory or to `out`; numbers of objects are given out in order."""

    def __init__(self, out: BinaryIO | None = None) -> None:
        self.pages = 0
        self._memory = None if out else io.BytesIO()
        self._out, self._digest = out or self._memory, hashlib.sha256()
        self._waiting, self._at, self._written = [HEADER], len(HEADER), 0
        self._begins = array("Q", [0])
        self._root = self.reserve()
        self._box = b""
        self._nodes: list[bytes] = []
        self._node, self._kids = 0, list[int]()

    def begun(self) -> "PdfFile":
        """Another file in memory, which begins as this one so far."""
        self._write_out()
        other, memory = copy.copy(self), io.BytesIO()
        memory.write(self._memory.getvalue() if self._memory else b"")
        lists = {"_begins": self._begins[:], "_waiting": [], "_nodes": [*self._nodes], "_kids": [*self._kids]}
        vars(other).update(_memory=memory, _out=memory, _digest=self._digest.copy(), **lists)
        return other

    def reserve(self) -> int:
        """A number for an object that comes later."""
        self._begins.append(0)
        return len(self._begins) - 1

    def add(self, body: bytes, number: int = 0) -> int:
        """Write an object; the answer is its number."""
        number = number or self.reserve()
        self._begins[number] = self._at
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add_stream(self, data: bytes, entries: bytes = b"", level: int = LEVEL) -> int:
        """Write a stream, compressed so hard; not at all at level 0."""
        if not level:
            return self.add(b"<<%b/Length %d>>%b%b\nendstream" % (entries, len(data), STREAM, data))
        packed = zlib.compress(data, level)
        return self.add(b"<<%b/Filter/FlateDecode/Length %d>>%b%b\nendstream" % (entries, len(packed), STREAM, packed))

    def add_objects(self, laid: Laid) -> dict[int, int]:
        """Write what the pages of a laid-out document need; the answer gives the number of each by its old one."""
        numbers = {old: self.reserve() for old in sorted(laid.objects)}
        for old, number in numbers.items():
            head, stream, data = laid.objects[old].partition(STREAM)
            self.add(renumbered(head, numbers) + stream + data, number)
        return numbers

    def add_page(self, *, box: bytes, resources: bytes, content: int, before: int = 0) -> None:
        """Write a page after those before it; what it draws may begin with a stream that others begin with as well."""
        if not self._kids:
            self._node = self.reserve()
        drawn = b"[%d 0 R %d 0 R]" % (before, content) if before else b"%d 0 R" % content
        entries = b"/Parent %d 0 R/MediaBox %b/Resources %b/Contents %b" % (self._node, box, resources, drawn)
        self._kids.append(self.add(b"<</Type/Page%b>>" % entries))
        self._box = box
        self.pages += 1
        if len(self._kids) == KIDS:
            self._end_node()

    def end_on_back(self) -> None:
        """Write a page with nothing on it if the last one stands on the front of a sheet."""
        if self.pages % 2:
            self.add_page(box=self._box, resources=b"<<>>", content=self.add_stream(b""))

    def finish(self, title: str, language: str, author: str = "") -> bytes:
        """The whole file; nothing if it was written elsewhere."""
        if self._kids:
            self._end_node()
        kids = b" ".join(self._nodes)
        self.add(b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, self.pages), self._root)
        shown = b"/ViewerPreferences<</DisplayDocTitle true>>"
        catalog = self.add(b"<</Type/Catalog/Pages %d 0 R/Lang(%b)%b>>" % (self._root, language.encode("ascii"), shown))
        by = b"/Author %b" % _text(author) if author else b""
        info = self.add(b"<</Title %b%b/Producer(Qianli)>>" % (_text(title), by))
        self._trailer(catalog, info)
        self._write_out()
        return self._memory.getvalue() if self._memory else b""

    def _end_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        entries = b"/Parent %d 0 R/Kids[%b]/Count %d" % (self._root, kids, len(self._kids))
        self.add(b"<</Type/Pages" + entries + b">>", self._node)
        self._nodes.append(b"%d 0 R" % self._node)
        self._kids = []

    def _trailer(self, catalog: int, info: int) -> None:
        self._write_out()
        identifier = self._digest.hexdigest()[:32].encode()
        start, size = self._at, len(self._begins)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for first in range(1, size, ROWS):
            some = self._begins[first : first + ROWS]
            self._write(b"%010d 00000 n \n" * len(some) % tuple(some))
        ids = b"<%b><%b>" % (identifier, identifier)
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[%b]>>\n" % (size, catalog, info, ids))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _write(self, data: bytes) -> None:
        self._waiting.append(data)
        self._at += len(data)
        if self._at - self._written > AT_ONCE:
            self._write_out()

    def _write_out(self) -> None:
        """Small pieces are gathered: each would cost as much as many."""
        data = b"".join(self._waiting)
        self._waiting, self._written = [], self._at
        self._digest.update(data)
        if self._out:
            self._out.write(data)


def _text(text: str) -> bytes:
    return b"<feff%b>" % text.encode("utf-16-be").hex().encode()
