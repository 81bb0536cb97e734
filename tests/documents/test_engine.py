import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import TemplateError

from qianli.documents import engine, fonts, press, templates
from qianli.documents.forms import Letter
from qianli.errors import ConfigurationError, DocumentError

STYLE = "@page { size: A5; margin: 10mm } html { font: 12pt 'Noto Serif CJK SC' }"
INSIDE = "<image href='http://x.example/y.png' width='9' height='9'/>"
SVG = f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>{INSIDE}</svg>"


@pytest.fixture
def design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A letter design of our own called `mine`; write its HTML to the path."""
    for folder in ("_base", "letters"):
        (tmp_path / folder).mkdir()
    (tmp_path / "_base" / "base.css").write_text(STYLE)
    for name in ("mine.css", "_shared.css"):
        (tmp_path / "letters" / name).write_text("")
    monkeypatch.setattr(templates, "TEMPLATES", tmp_path)
    return tmp_path / "letters" / "mine.html"


@pytest.mark.parametrize(
    "html",
    [
        "<img src='file:///etc/passwd'>",
        "<img src='http://127.0.0.1:9/x.png'>",
        "<img src='https://x.example/x.png'>",
        "<img src='FILE:///etc/hostname'>",
        "<link rel='stylesheet' href='http://x.example/x.css'>",
        "<link rel='attachment' href='file:///etc/passwd'>",
        "<style>@import url(http://x.example/x.css);</style>",
        "<style>@font-face { font-family: x; src: url(file:///x.otf) } p { font-family: x }</style><p>x</p>",
        "<p style='background: url(ftp://x.example/x)'>x</p>",
        "<ul style='list-style-image: url(http://x.example/x)'><li>x</li></ul>",
        "<object data='http://x.example/x.svg'></object>",
        "<embed src='file:///x.svg'>",
        f'<img src="{SVG}">',
    ],
)
def test_a_template_reaching_out_is_refused(design: Path, html: str) -> None:
    design.write_text(f"<html><body>{html}</body></html>")
    with pytest.raises(DocumentError, match=r"已拒绝|排版引擎"):
        press.letters([Letter.sample()], "mine")


def test_a_style_sheet_reaching_out_is_refused_every_time() -> None:
    for _ in range(2):
        with pytest.raises(DocumentError, match="已拒绝"):
            engine.render("<p>字</p>", STYLE, "@import url(http://x.example/x.css);")


@pytest.mark.parametrize(
    "html",
    [
        "{{ letters[0].nothing }}",
        "{{ nothing }}",
        "{{ letters.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{% include '../../../etc/passwd' %}",
        "{% include '/etc/passwd' %}",
        "{% for x in %}",
    ],
)
def test_a_template_asking_for_too_much_is_refused(design: Path, html: str) -> None:
    design.write_text(html)
    with pytest.raises(DocumentError, match="文书模板有错") as caught:
        press.letters([Letter.sample()], "mine")
    assert isinstance(caught.value.__cause__, TemplateError)


@pytest.mark.parametrize("style", ["p { colour: red }", "p { width: 3 apples }", "@page { size: huge }", "p {"])
def test_nothing_the_engine_says_is_swallowed(style: str) -> None:
    if style == "p {":  # an open brace is closed by the end of the sheet: valid
        assert engine.render("<p>字</p>", STYLE, style).pages == 1
        return
    for _ in range(2):
        with pytest.raises(DocumentError, match="排版引擎报告了问题"):
            engine.render("<p>字</p>", STYLE, style)


def test_missing_glyphs_and_strange_faces_are_refused() -> None:
    for text in ("😀", "\ue000", "ᠮ"):
        with pytest.raises(DocumentError, match="字库没有的字"):
            engine.render(f"<p>{text}</p>", STYLE)
    with pytest.raises(DocumentError, match="别的字体"):
        engine.render("<p style=\"font-family: 'DejaVu Sans'\">abc</p>", STYLE)


@pytest.mark.parametrize(
    "html",
    [
        "<p style='width: 20mm; white-space: nowrap'>很长很长很长很长很长的一行字</p>",
        "<div style='height: 10mm'>一行<br>两行<br>三行<br>四行</div>",
        "<table style='width: 30mm; table-layout: fixed'><tr><td style='white-space: nowrap'>太长的单元格<td></table>",
        "<p style='position: absolute; left: 120mm; white-space: nowrap'>超出纸边的一行字超出纸边</p>",
        "<p style='position: absolute; top: -20mm'>纸外</p>",
        "<p style='margin-left: -30mm'>纸外</p>",
    ],
)
def test_text_that_leaves_its_box_is_refused(html: str) -> None:
    with pytest.raises(DocumentError, match="超出了版面") as caught:
        engine.render(f"<section id='form-0'><p>字</p></section><section id='form-1'>{html}</section>", STYLE)
    assert 1 in caught.value.ids["forms"]  # type: ignore[operator]  # ids are of any type


def test_text_that_fits_is_left_alone() -> None:
    html = "<div style='height: 10mm'>一行</div><p style='width: 30mm'>很长很长很长很长很长的一行字</p>"
    assert engine.render(html, STYLE).pages == 1


def test_first_pages_are_where_forms_begin() -> None:
    forms = "".join(
        f"<section id='form-{n}' style='break-before: page'>{'<p>字</p>' * lines}</section>"
        for n, lines in enumerate([1, 80, 1])
    )
    pdf = engine.render(forms, STYLE)
    pages = pdf.pages
    assert pages > 4
    assert pdf.first_pages == (1, 2, pages)


def test_papers_may_be_made_in_several_threads() -> None:
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: made.append(engine.render("<p>字</p>", STYLE).content)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_characters_our_faces_have() -> None:
    assert fonts.missing_characters("张伟 阿依古丽·买买提\u3000𠅤䶮㛃〇（A-1）\n") == set()
    assert fonts.missing_characters("张鿫ཀ😀\ue000") == {"😀", "\ue000"}


def test_a_machine_without_our_fonts_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(empty))
    fonts.forget()  # what the machine has is asked once a process
    try:
        with pytest.raises(ConfigurationError, match="apt-get install fonts-noto-cjk libharfbuzz-subset0"):
            fonts.check_machine()
    finally:
        fonts.forget()


def test_the_checksum_covers_everything_that_shapes_a_letter(design: Path) -> None:
    design.write_text("<p>甲</p>")
    seen = {templates.template_checksum("mine")}
    for path, text in (
        (design, "<p>乙</p>"),
        (design.with_suffix(".css"), "p { color: red }"),
        (design.with_name("_mine.html"), "宏"),
        (design.parents[1] / "_base" / "base.css", "p { color: blue }"),
    ):
        path.write_text(text)
        seen.add(templates.template_checksum("mine"))
    assert len(seen) == 5
    design.with_name("other.html").write_text("x")
    assert templates.template_checksum("mine") in seen


def test_what_is_compressed_once_is_what_the_engine_would_compress(monkeypatch: pytest.MonkeyPatch) -> None:
    once = engine.render("<p>字</p>", STYLE).content
    monkeypatch.setattr(engine, "_packed_once", None)
    assert engine.render("<p>字</p>", STYLE).content == once
