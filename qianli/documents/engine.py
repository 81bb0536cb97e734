"""HTML in, PDF out. The only module that knows WeasyPrint; it is at work in a process of its own (layout_child.py).

Nothing is fetched, nothing is guessed, nothing is swallowed: an address other than `data:`, a message of the engine,
a face or character we did not choose, or text outside its box makes a DocumentError.
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import RLock
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from qianli.documents import designs, fallback, fonts, layout_output, lean_fonts, overflow
from qianli.documents.layout_output import Boxes
from qianli.documents.pdf import Pdf
from qianli.errors import DocumentError

lean_fonts.copy_late()
#: The engine's logger, fonts and style sheets are shared by the whole process: one paper at a time.
_LOCK = RLock()
_FORM = re.compile(r"form-(\d+)")


def render(html: str, *styles: str) -> Pdf:
    """The PDF of a document. Forms begin where elements with the ids `form-0`, `form-1` … do.

    The same HTML and styles give the same bytes.
    """
    identifier = hashlib.sha256("\0".join((html, *styles)).encode()).hexdigest()[:32]
    document, content = _drawn(html, styles, finisher=_packed_once, pdf_identifier=identifier.encode())
    return Pdf(content, len(document.pages), _first_pages(document))


def _packed_once(_document: weasyprint.Document, pdf: Any) -> None:
    """Compress what the engine would compress each of the three times that it asks for it, to the same bytes."""
    for one in pdf.objects:
        if getattr(one, "compress", False):
            data = one.data.partition(b"\nstream\n")[2]
            one.stream, one.compress = [data.removesuffix(b"\nendstream")], False
            one.extra["Filter"] = "/FlateDecode"


def lay_out(html: str, *styles: str) -> layout_output.Laid:
    """The same document, drawn and not yet made into a file."""
    laid: list[layout_output.Laid] = []

    def finisher(document: weasyprint.Document, pdf: Any) -> None:
        laid.append(layout_output.read(pdf, _first_pages(document)))
        pdf.objects.clear()  # nobody needs the file

    _drawn(html, styles, finisher=finisher, uncompressed_pdf=True)
    return laid[0]


def boxes(html: str, *styles: str) -> Boxes:
    """Where the elements with an id stand once a document is laid out."""
    with _LOCK:
        document = _ahead(html, styles)
        return {name: (box[1], box[3]) for page in document.pages for name, box in page.anchors.items()}


def lay_out_after(first: str, html: str, *styles: str) -> layout_output.Laid:
    """Two documents drawn as one, with the same fonts; the first most likely one whose boxes were asked for before."""
    laid: list[layout_output.Laid] = []

    def finisher(document: weasyprint.Document, pdf: Any) -> None:
        laid.append(layout_output.read(pdf, _first_pages(document)))
        pdf.objects.clear()  # nobody needs the file

    with _LOCK:
        ahead = _ahead(first, styles)
        _AHEAD.clear()
        _drawn(html, styles, ahead, finisher=finisher, uncompressed_pdf=True)
    return laid[0]


#: The document that was laid out last without being drawn, by what it was made of.
_AHEAD: dict[tuple[str, ...], weasyprint.Document] = {}


def _ahead(html: str, styles: Sequence[str]) -> weasyprint.Document:
    key = (html, *styles)
    if key not in _AHEAD:
        _AHEAD.clear()
        _AHEAD[key] = _rendered(html, styles)
    return _AHEAD[key]


def _drawn(
    html: str, styles: Sequence[str], ahead: weasyprint.Document | None = None, **options: object
) -> tuple[weasyprint.Document, bytes]:
    with _LOCK, _listening() as heard:
        document = _rendered(html, styles)
        if ahead is not None:
            document = document.copy([*ahead.pages, *document.pages])
        content = document.write_pdf(**options)
        _refuse_fetching(document.url_fetcher.refused)
        _refuse_messages(heard)
        _refuse_strange_faces(document)
        _refuse_overflow(document)
    return document, content


def _rendered(html: str, styles: Sequence[str]) -> weasyprint.Document:
    fonts.check_machine()
    with _LOCK, _listening() as heard:
        fetcher = _Fetcher()
        source = weasyprint.HTML(string=html, url_fetcher=fetcher)
        sheets = [_sheet(style) for style in styles]
        document = source.render(font_config=_font_configuration(), stylesheets=sheets)
        _refuse_fetching(fetcher.refused)
        _refuse_messages(heard)
    return document


class _Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Hands out what stands in the document itself, and remembers whoever asked for more."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme = url.partition(":")[0].lower()
        if scheme != "data":
            self.refused.append(scheme)
            raise ValueError("only data: addresses are allowed")
        return super().fetch(url, headers)


class _Heard(logging.Handler):
    """What the engine complained about: the pattern only, since arguments may hold names."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.patterns: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.patterns.append(str(record.msg))


@contextmanager
def _listening() -> Iterator[list[str]]:
    logger, handler = logging.getLogger("weasyprint"), _Heard()
    logger.addHandler(handler)
    try:
        yield handler.patterns
    finally:
        logger.removeHandler(handler)


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


@cache
def _parsed(style: str) -> tuple[weasyprint.CSS, tuple[str, ...], tuple[str, ...]]:
    """A style sheet, with what it wanted to fetch and what the engine said about it."""
    fetcher = _Fetcher()
    with _listening() as heard:
        sheet = weasyprint.CSS(string=style, url_fetcher=fetcher, font_config=_font_configuration())
    return sheet, tuple(fetcher.refused), tuple(heard)


def _sheet(style: str) -> weasyprint.CSS:
    sheet, refused, heard = _parsed(style)
    _refuse_fetching(refused)
    _refuse_messages(heard)
    return sheet


def _refuse_fetching(refused: Sequence[str]) -> None:
    if refused:
        raise DocumentError(
            "文书模板想读取外部文件或网络地址，已拒绝；图片请内嵌在模板里。", schemes=sorted(set(refused))
        )


def _refuse_messages(heard: Sequence[str]) -> None:
    if any("notdef" in pattern for pattern in heard):
        raise DocumentError("文书里有字库没有的字，印出来会是空框，请核对姓名和地址。", messages=list(heard))
    if heard:
        raise DocumentError("排版引擎报告了问题，文书没有生成，请技术人员检查模板。", messages=list(heard))


def _refuse_strange_faces(document: weasyprint.Document) -> None:
    if any(font.missing or not _chosen(font) for font in document.fonts.values()):
        raise DocumentError("文书里有字库没有的字，会用别的字体代替，请核对姓名和地址。")


def _chosen(font: Any) -> bool:
    """Whether a face draws what it was chosen for: ours what all of them have, another what none before it has."""
    drawn = {one for text in font.to_unicode.values() for one in text if not one.isspace()}
    ours = {*fonts.OURS, *designs.BODIES}
    wanted = (fonts.OWN,) if font.family in ours else (fonts.OWN, font.family)
    named = {*ours, *(one.family for one in fallback.chain())}
    return font.family in named and all(fonts.served_by(one) in wanted for one in drawn)


def _refuse_overflow(document: weasyprint.Document) -> None:
    # The laid-out boxes have no public name, and the finished PDF no longer knows which box a text belongs to.
    wrong = [page for page in document.pages if overflow.leaves_its_box(page._page_box)]  # noqa: SLF001 - no public way
    if wrong:
        forms = sorted({form for page in wrong for form in _forms_on(page)})
        raise DocumentError("有文字超出了版面，请缩短过长的内容。", forms=forms)


def _first_pages(document: weasyprint.Document) -> tuple[int, ...]:
    first: dict[int, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for form in _forms_on(page):
            first.setdefault(form, number)
    return tuple(first[form] for form in sorted(first))


def _forms_on(page: weasyprint.Page) -> set[int]:
    """The forms a part of which stands on this page."""
    return {int(found[1]) for name in page.anchors if (found := _FORM.fullmatch(name))}
