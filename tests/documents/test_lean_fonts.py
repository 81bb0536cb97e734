"""Faces are copied when they are looked at, which is never; if this fails after an upgrade, see lean_fonts.py."""

from typing import Any

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


@pytest.mark.parametrize(("text", "to_engine"), [("张伟同志", []), ("您好，", ["，", "，"])])
def test_a_subset_cut_once_is_the_one_that_the_engine_cuts_twice(
    monkeypatch: pytest.MonkeyPatch, text: str, to_engine: list[str]
) -> None:
    """Where the last glyph used has a variant further on it is left to the engine."""
    engines, left, same = lean_fonts.cut_twice, list[str](), list[bool]()

    def watched(font: Any, used: dict[int, str], *how: Any) -> None:
        left.append(used[max(used)])
        engines(font, used, *how)

    def both(font: Any, *how: Any) -> None:
        engines(font, *how)
        twice = font.file_content
        lean_fonts.cut_once(font, *how)
        same.append(font.file_content == twice and font.file_content is not twice)

    monkeypatch.setattr(lean_fonts, "cut_twice", watched)
    monkeypatch.setattr(fonts.Font, "_harfbuzz_subset", both)
    engine.render(f"<p>{text}</p><p><b>{text}</b></p>", STYLE)
    assert (same, left) == ([True, True], to_engine)


def test_the_engine_has_each_subset_cut_once() -> None:
    assert vars(fonts.Font)["_harfbuzz_subset"] is lean_fonts.cut_once
