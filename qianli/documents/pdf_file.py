"""Writing a PDF: objects one after another, then the table of where they begin. The same calls give the same bytes."""

import hashlib
import io
import re
import zlib
from array import array
from collections.abc import Mapping

from qianli.documents.layout_output import Laid

HEADER = b"%PDF-1.7\n%\xe5\x8d\x83\xe9\x87\x8c\n"
KIDS = 200  # pages in one node of the page tree
LEVEL = 4  # of compression: higher ones take twice as long for a hundredth of the size
STREAM = b"\nstream\n"
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


def renumbered(entries: bytes, numbers: Mapping[int, int]) -> bytes:
    """Entries of a dictionary with their references to objects as they are now."""
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers[int(found[1])], entries)


class PdfFile:
    """A file being written; numbers of objects are given out in order."""

    def __init__(self) -> None:
        self.pages = 0
        self._out = io.BytesIO()
        self._out.write(HEADER)
        self._begins = array("Q", [0])
        self._root = self.reserve()
        self._nodes: list[bytes] = []
        self._node, self._kids = 0, list[int]()

    def reserve(self) -> int:
        """A number for an object that comes later."""
        self._begins.append(0)
        return len(self._begins) - 1

    def add(self, body: bytes, number: int = 0) -> int:
        """Write an object; the answer is its number."""
        number = number or self.reserve()
        self._begins[number] = self._out.tell()
        self._out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add_stream(self, data: bytes, entries: bytes = b"") -> int:
        """Write a stream, compressed."""
        packed = zlib.compress(data, LEVEL)
        head = b"<<%b/Filter/FlateDecode/Length %d>>" % (entries, len(packed))
        return self.add(head + STREAM + packed + b"\nendstream")

    def add_objects(self, laid: Laid) -> dict[int, int]:
        """Write what the pages of a laid-out document need; the answer gives the number of each by its old one."""
        numbers = {old: self.reserve() for old in sorted(laid.objects)}
        for old, number in numbers.items():
            head, stream, data = laid.objects[old].partition(STREAM)
            self.add(renumbered(head, numbers) + stream + data, number)
        return numbers

    def add_page(self, *, box: bytes, resources: bytes, content: int) -> None:
        """Write a page after those before it."""
        if not self._kids:
            self._node = self.reserve()
        entries = b"/Parent %d 0 R/MediaBox %b/Resources %b/Contents %d 0 R" % (self._node, box, resources, content)
        self._kids.append(self.add(b"<</Type/Page" + entries + b">>"))
        self.pages += 1
        if len(self._kids) == KIDS:
            self._end_node()

    def finish(self, title: str, language: str) -> bytes:
        """The whole file."""
        if self._kids:
            self._end_node()
        kids = b" ".join(self._nodes)
        self.add(b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, self.pages), self._root)
        shown = b"/ViewerPreferences<</DisplayDocTitle true>>"
        catalog = self.add(b"<</Type/Catalog/Pages %d 0 R/Lang(%b)%b>>" % (self._root, language.encode("ascii"), shown))
        named = b"<feff" + title.encode("utf-16-be").hex().encode() + b">"
        info = self.add(b"<</Title %b/Producer(Qianli)>>" % named)
        self._trailer(catalog, info)
        return self._out.getvalue()

    def _end_node(self) -> None:
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        entries = b"/Parent %d 0 R/Kids[%b]/Count %d" % (self._root, kids, len(self._kids))
        self.add(b"<</Type/Pages" + entries + b">>", self._node)
        self._nodes.append(b"%d 0 R" % self._node)
        self._kids = []

    def _trailer(self, catalog: int, info: int) -> None:
        identifier = hashlib.sha256(self._out.getbuffer()).hexdigest()[:32].encode()
        start, size = self._out.tell(), len(self._begins)
        self._out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for begin in self._begins[1:]:
            self._out.write(b"%010d 00000 n \n" % begin)
        ids = b"<%b><%b>" % (identifier, identifier)
        self._out.write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[%b]>>\n" % (size, catalog, info, ids))
        self._out.write(b"startxref\n%d\n%%%%EOF\n" % start)
