"""Faces are copied when they are looked at, which is never; if this fails after an upgrade, see lean_fonts.py."""

import pytest
from weasyprint.pdf import fonts

from qianli.documents import engine, lean_fonts

HTML = "<section id='form-0'><p>张伟同志</p><p><b>您好</b></p></section>"
STYLE = "html { font: 12pt 'Noto Serif CJK SC' }"
WHOLE = 20_000_000  # bytes of a face's file


def test_a_document_is_drawn_without_a_copy_of_a_whole_face(monkeypatch: pytest.MonkeyPatch) -> None:
    copy, sizes = lean_fonts.copied, list[int]()

    def copied(face: object, *how: object) -> bytes:
        made: bytes = copy(face, *how)
        sizes.append(len(made))
        return made

    monkeypatch.setattr(lean_fonts, "copied", copied)
    assert engine.render(HTML, STYLE).content.startswith(b"%PDF")
    assert len(sizes) == 2  # the subsets of a regular and a bold face
    assert max(sizes) < WHOLE


def test_a_face_that_is_looked_at_before_it_is_a_subset_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lean_fonts, "copied", lambda face: face)
    font = fonts.Font.__new__(fonts.Font)
    font.file_content = lean_fonts.Later(b"whole")
    assert font.file_content == b"whole"
    font.file_content = b"subset"
    assert font.file_content == b"subset"
    assert not lean_fonts.Later(None)  # a subset that could not be made
