"""What the press relies on of the engine's output.

If this fails after an upgrade of WeasyPrint, set QIANLI_PRESS=layout and teach qianli/documents/layout_output.py the
new form.
"""

import re
import zlib

import pytest

from qianli.documents import engine
from qianli.documents.codes import qr_image
from qianli.documents.layout_output import Laid, fonts_of, pieces, read, rewritten
from qianli.errors import NotStampable

STYLE = (
    "@page { size: A5; margin: 10mm } html { font: 12pt 'Noto Serif CJK SC'; font-variant-ligatures: none }"
    ".half { font-family: 'Noto Sans CJK SC'; font-feature-settings: 'hwid' } img { width: 20mm }"
)
TEXT, CODE = "张伟同志如今在福建省晋江市工作生活山高路远老邻居们常常问起您", "QLCS-2027-0001"
HTML = (
    f"<section id='form-0'><p style='color:#d9241c'>{TEXT}</p><p class='half'>{CODE}</p>{qr_image('https://a.example/r/A')}"
    f"</section><section id='form-1' style='break-before: page'><p>您好</p></section>"
)


@pytest.fixture(scope="module")
def laid() -> Laid:
    return engine.lay_out(HTML, STYLE)


def unicode_of(laid: Laid) -> dict[str, str]:
    """Glyph ids by every `ToUnicode` of the document."""
    found = {}
    for body in laid.objects.values():
        head, _, data = body.partition(b"\nstream\n")
        text = zlib.decompress(data.removesuffix(b"\nendstream")) if b"FlateDecode" in head else b""
        if b"begincmap" in text:
            found |= dict(re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", text.decode()))
    return {glyph: bytes.fromhex(code).decode("utf-16-be") for glyph, code in found.items()}


def test_a_page_is_its_pieces(laid: Laid) -> None:
    content = laid.pages[0].content
    lines = [line for piece in pieces(content) for line in piece.lines]
    without_fonts = [line for line in lines if not line.endswith(b" Tf")]
    assert without_fonts == [line for line in content.split(b"\n") if not line.endswith(b" Tf")]


def test_every_character_is_a_glyph_in_order(laid: Laid) -> None:
    shown = [glyph for piece in pieces(laid.pages[0].content) for glyph in piece.shown]
    assert len(shown) == len(TEXT + CODE)
    assert len({font for font, _ in shown[: len(TEXT)]}) == 1
    assert shown[0][0] != shown[-1][0]
    meant = unicode_of(laid)
    assert "".join(meant[glyph.decode()] for _, glyph in shown) == TEXT + CODE


def test_what_is_in_force_where_text_and_code_stand(laid: Laid) -> None:
    found = list(pieces(laid.pages[0].content))
    texts, images = [one for one in found if one.shown], [one for one in found if one.image]
    assert len(texts) == 3  # the paragraph takes two lines
    for one in texts:
        assert any(line.endswith(b" Tf") for line in one.lines)
        assert any(re.fullmatch(rb"1 0 0 -1 [\d.]+ [\d.]+ Tm", line) for line in one.lines)
        assert one.force.moves == (b"1 0 0 -1 0 595.275591 cm", b"0.75 0 0 0.75 0 0 cm")
        assert not one.force.bound
    assert texts[0].force.paint[b"rg"] == b"0.85098 0.141176 0.109804 rg"
    (image,) = images
    assert laid.images[image.image or b""] == (148, 148)
    assert not image.force.bound


def test_a_document_says_where_its_forms_begin_and_what_they_need(laid: Laid) -> None:
    assert laid.first_pages == (1, 2)
    assert [page.box for page in laid.pages] == [b"[0 0 419.527559 595.275591]"] * 2
    needed = {
        int(one) for body in laid.objects.values() for one in re.findall(rb"(\d+) 0 R", body.partition(b"stream")[0])
    }
    assert needed < laid.objects.keys()
    assert laid.resources in laid.objects
    assert b"/Font" in laid.objects[laid.resources]


def test_glyphs_are_written_otherwise_one_by_one() -> None:
    line = b"[<0001>0<00020003>-12<0002>] TJ"
    by = {(b"/F", b"0002"): b"%b"}
    assert rewritten(line, b"/F", by.get) == b"[<0001>0<%b0003>-12<%b>] TJ"
    assert rewritten(line, b"/G", by.get) == line
    assert list(fonts_of((b"/F 9 Tf", b"1 0 0 -1 0 0 Tm", line))) == [
        (b"/F 9 Tf", b"/F"),
        (b"1 0 0 -1 0 0 Tm", b"/F"),
        (line, b"/F"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"Q",
        b"q",
        b"BT\n/F 9 Tf\n[<0001>] TJ\nET",  # not placed
        b"BT\n1 0 0 -1 0 0 Tm\n[<0001>] TJ\nET",  # no font
        b"BT\n/F 9 Tf\n1 0 0 -1 0 0 Tm\n[<001>] TJ\nET",  # not a glyph id
        b"BT\n/F 9 Tf\n1 0 0 -1 0 0 Tm\n[(abc)] TJ\nET",
        b"BT\n/F 9 Tf\n1 0 0 -1 0 0 Tm\n[<0001>] TJ",  # cut off
    ],
)
def test_what_looks_otherwise_is_refused(content: bytes) -> None:
    with pytest.raises(NotStampable):
        list(pieces(content))


@pytest.mark.parametrize("binding", [b"0 0 m\n9 0 l\n9 9 l\nW\nn", b"0 0 9 9 re\n1 1 9 9 re\nW\nn", b"/P cs\n0.5 scn"])
def test_what_stands_under_a_strange_clip_or_colour_is_not_moved(binding: bytes) -> None:
    text = b"BT\n/F 9 Tf\n1 0 0 -1 0 0 Tm\n[<0001>] TJ\nET"
    (shown,) = [piece for piece in pieces(binding + b"\n" + text) if piece.shown]
    assert shown.force.bound


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(NotStampable, match="与约定不符"):
        read(object(), ())
