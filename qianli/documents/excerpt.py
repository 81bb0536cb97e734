"""Some pages of a file of ours as a small file: the same objects, byte for byte but for their numbers.

A renderer reads the table of a whole file, 300 MB for 100,000 letters, however few of its pages it draws. This reads no
more than it needs, through the file's own table and page tree.
"""

import re
from collections.abc import Iterable
from typing import BinaryIO

from qianli.documents.pdf_file import KIDS, STREAM, PdfFile, renumbered
from qianli.errors import NotStampable

ENTRY = 20  # bytes of a line of the table
AT_ONCE = 1 << 16
END = b"\nendobj\n"
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_LENGTH = re.compile(rb"/Length (\d+)\b")
_PAGE = re.compile(rb"<</Type/Page/Parent \d+ 0 R/MediaBox (\[.*?\])/Resources (.*)/Contents (.*)>>", re.DOTALL)


def excerpt(stream: BinaryIO, pages: Iterable[int]) -> bytes:
    """A file of these pages, counted from 1, in their order; NotStampable if it is not as we write files."""
    try:
        return _Excerpt(stream).of(pages)
    except (AttributeError, IndexError, ValueError) as error:
        raise NotStampable("印出来的文件不完整") from error


class _Excerpt:
    """Copies what pages need."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._made, self._copies = stream, PdfFile(), dict[int, int]()
        stream.seek(-min(AT_ONCE // 64, stream.seek(0, 2)), 2)
        trailer = stream.read()
        self._table = self._after_head(int(_found(rb"startxref\n(\d+)\n%%EOF\n$", trailer)))
        root = self._body(int(_found(rb"/Root (\d+) 0 R", trailer)))
        self._nodes = _kids(self._body(int(_found(rb"/Pages (\d+) 0 R", root))))
        self._node, self._kids = -1, list[int]()

    def of(self, pages: Iterable[int]) -> bytes:
        """The file."""
        for page in pages:
            box, resources, drawn = _PAGE.fullmatch(self._body(self._page(page))).groups()  # type: ignore[union-attr]
            *before, content = [self._copy(int(one)) for one in _REFERENCE.findall(drawn)]
            resources = self._copied(resources)
            self._made.add_page(box=box, resources=resources, content=content, before=before[0] if before else 0)
        return self._made.finish("", "zh-CN")

    def _page(self, page: int) -> int:
        """The number of a page's object."""
        node, place = divmod(page - 1, KIDS)
        if node != self._node:
            self._node, self._kids = node, _kids(self._body(self._nodes[node]))
        return self._kids[place]

    def _copy(self, number: int) -> int:
        """The number of the copy of an object."""
        if number not in self._copies:
            self._copies[number] = self._made.reserve()
            head, stream, data = self._body(number).partition(STREAM)
            self._made.add(self._copied(head) + stream + data, self._copies[number])
        return self._copies[number]

    def _copied(self, entries: bytes) -> bytes:
        return renumbered(entries, {int(one): self._copy(int(one)) for one in _REFERENCE.findall(entries)})

    def _body(self, number: int) -> bytes:
        """An object, as it stands between its number and its end."""
        self._stream.seek(self._table + ENTRY * number)
        self._stream.seek(int(self._stream.read(10)))
        head = b"%d 0 obj\n" % number
        read = self._stream.read(AT_ONCE)
        if not read.startswith(head):
            raise ValueError(number)
        dictionary, stream, _ = read.partition(STREAM)
        if stream and END not in dictionary:
            end = len(dictionary) + len(STREAM) + int(_found(_LENGTH.pattern, dictionary))
            read += self._stream.read(max(0, end + AT_ONCE // 64 - len(read)))
            return read[len(head) : read.index(END, end)]
        return read[len(head) : read.index(END)]

    def _after_head(self, at: int) -> int:
        """Where the lines of the table begin."""
        self._stream.seek(at)
        if self._stream.readline() != b"xref\n":
            raise ValueError(at)
        self._stream.readline()
        return self._stream.tell()


def _found(pattern: bytes, text: bytes) -> bytes:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(pattern)
    return found[1]


def _kids(node: bytes) -> list[int]:
    return [int(one) for one in _REFERENCE.findall(_found(rb"/Kids\[([^\]]*)\]", node))]
