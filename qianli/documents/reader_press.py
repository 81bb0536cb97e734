"""Readers: A5, several pages, a copy a member. The text is laid out once; every copy has a title page of its own.

A copy begins on a front side: one of an odd number of pages ends in an empty one.
"""

from collections.abc import Sequence

from qianli.documents import typeset
from qianli.documents.forms import Copy, Reader
from qianli.documents.glyphs import faces_of
from qianli.documents.layout_output import Laid
from qianli.documents.letter_press import BASE
from qianli.documents.pdf import Pdf
from qianli.documents.pdf_file import PdfFile
from qianli.documents.reader_text import Block, Part, blocks
from qianli.documents.templates import fill_template, stylesheet
from qianli.errors import DocumentError

AT_ONCE = 100  # title pages in one document
LANGUAGE = "zh-CN"
MOST_PAGES = 200  # of one copy
Sheet = tuple[bytes, bytes, int]  # a page's size, resources and content


def readers(reader: Reader) -> Pdf:
    """Every copy, in order, in one file."""
    faces = faces_of(reader.copies)
    file = PdfFile()
    text = blocks(reader.text)
    inside = _sheets(file, _lay_out(reader, text[0].text, (), text[1:]))
    if len(inside) > MOST_PAGES:
        raise DocumentError(f"读本太长：{len(inside)} 页，最多 {MOST_PAGES} 页。")
    first_pages = []
    for start in range(0, len(reader.copies), AT_ONCE):
        some = reader.copies[start : start + AT_ONCE]
        titles = _sheets(file, _lay_out(reader, text[0].text, some, ()))
        if len(titles) != len(some):
            raise DocumentError("读本的书名或姓名太长，扉页排不下，请缩短。")
        for title in titles:
            first_pages.append(file.pages + 1)
            _print(file, (title, *inside))
    return Pdf(file.finish(text[0].text, LANGUAGE), file.pages, tuple(first_pages), faces=faces)


def _lay_out(reader: Reader, title: str, copies: Sequence[Copy], text: Sequence[Block]) -> Laid:
    columns = [(number, one.text) for number, one in enumerate(text) if one.part is Part.column]
    html = fill_template("readers/reader.html", reader=reader, title=title, copies=copies, text=text, columns=columns)
    return typeset.lay_out(html, *map(stylesheet, (BASE, "readers/reader.css")))


def _sheets(file: PdfFile, laid: Laid) -> list[Sheet]:
    resources = b"%d 0 R" % file.add_objects(laid)[laid.resources]
    return [(page.box, resources, file.add_stream(page.content)) for page in laid.pages]


def _print(file: PdfFile, pages: Sequence[Sheet]) -> None:
    for box, resources, content in pages:
        file.add_page(box=box, resources=resources, content=content)
    if len(pages) % 2:
        file.add_page(box=pages[-1][0], resources=b"<<>>", content=file.add_stream(b""))
