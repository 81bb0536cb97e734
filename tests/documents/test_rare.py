"""Characters our own faces lack: which face serves each, and that this very face draws it."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import weasyprint

from qianli.documents import engine, fallback, fonts, press, rare
from qianli.documents.forms import Letter

TIBETAN, UYGHUR, YI = "བསྟན་འཛིན", "ئالىم·توختى", "ꆈꌠ"
STYLE = "@page { size: A5; margin: 10mm } html { font: 12pt/20pt 'Noto Serif CJK SC' }"
SERVED = {
    "䶮": fonts.OWN, "𠅤": fonts.OWN, "㛃": fonts.OWN, "𰻞": fonts.OWN, "𬺓": fonts.OWN, "·": fonts.OWN,
    "鿫": "BabelStone Han", "\U0002a6d6": "BabelStone Han", "\U00030001": "BabelStone Han",
    "\U00020023": "HanaMinB", "\U00031350": "BabelStone Han",
    "བ": "Noto Serif Tibetan", "ئ": "Noto Naskh Arabic", "ꆈ": "Noto Sans Yi",
    "😀": None, "\ue000": None, "\U00030041": None, "ᠮ": None,
}  # fmt: skip


@pytest.fixture
def chain() -> Iterator[None]:
    """Leave the chain as it was."""
    yield
    fallback.use(tuple(fallback.SHIPPED))


@pytest.mark.parametrize(("one", "family"), SERVED.items())
def test_each_character_has_its_face(one: str, family: str | None) -> None:
    assert fonts.served_by(one) == family


@pytest.mark.usefixtures("chain")
def test_another_chain_serves_others() -> None:
    fallback.use(("No Such Face:han", "BabelStone Han:E700-E7FF", "HanaMinB:20000-2A6DF"))
    found = {one: fonts.served_by(one) for one in "\ue700\U00020023\U0002a6d6鿫བ"}
    assert found == dict(zip(found, ("BabelStone Han", "HanaMinB", "HanaMinB", None, None), strict=True))
    assert not fonts.opened("No Such Face")


@pytest.mark.parametrize(
    "entry", ["", "BabelStone Han", "a:", ":han", "a:klingon", "a:E000-", "a;b:han", 'a"b:han', "a:b:han"]
)
def test_what_is_no_entry_of_the_chain_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"字体名:用途|不认识"):
        fallback.fallback(entry)


def _runs(html: str) -> list[str]:
    return re.findall(r"<span[^>]*>([^<]*)</span>", rare.marked(html))


def test_runs_are_marked_in_text_and_nowhere_else() -> None:
    assert rare.marked("<p title='张'>张伟</p>") == "<p title='张'>张伟</p>"
    assert _runs("<p>张鿫\U0002a6d6，鿫</p>") == ["鿫\U0002a6d6", "鿫"]
    assert _runs("<p data-x='鿫'>&amp;</p><title>鿫</title><style>p::after { content: '鿫' }</style>") == []
    assert _runs(f"<p>{TIBETAN}同志{UYGHUR} 2027年，{UYGHUR}。</p>") == [TIBETAN, UYGHUR, UYGHUR]
    assert 'lang="bo" style="font-family:&quot;Noto Serif Tibetan&quot;,' in rare.marked(TIBETAN)
    assert rare.marked("<b>鿫</b>").startswith("<b><span")


def test_the_face_that_was_chosen_is_the_face_that_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, set[str]] = {}
    check = engine._refuse_strange_faces  # noqa: SLF001 - the one place that sees what was drawn

    def note(document: weasyprint.Document) -> None:
        check(document)
        for font in document.fonts.values():
            drawn.setdefault(font.family, set()).update(*font.to_unicode.values())

    monkeypatch.setattr(engine, "_refuse_strange_faces", note)
    text = "".join(one for one, family in SERVED.items() if family is not None) + TIBETAN + UYGHUR + YI
    engine.render(rare.marked(f"<p>{text}<p style=\"font:bold 12pt 'Noto Sans CJK SC'\">{text}"), STYLE)
    for one in set(text):
        family = fonts.served_by(one) or fonts.SERIF
        assert one in drawn[family], hex(ord(one))
    assert drawn.keys() <= {*fonts.OURS, *(face.family for face in fallback.chain())}


def _words(pdf: bytes, tmp_path: Path) -> list[tuple[str, float, float]]:
    """What poppler reads, with where it stands across and where its line ends."""
    (tmp_path / "a.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-bbox", tmp_path / "a.pdf", "-"], capture_output=True, check=True, text=True)
    found = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', done.stdout)
    return [(word, float(x), float(y)) for x, y, word in found]


def test_a_name_from_right_to_left_leaves_the_line_in_order(tmp_path: Path) -> None:
    html = rare.marked(f"<p>一 {UYGHUR} 2027年 {UYGHUR} 三 {UYGHUR}，{UYGHUR} 四</p>")
    words = _words(engine.render(html, STYLE).content, tmp_path)
    across = {word: x for word, x, _ in words if not re.search("[\u0600-\u06ff]", word)}
    assert across["一"] < across["2027年"] < across["三"] < across["四"]


def test_lines_keep_their_pitch_whatever_the_face(tmp_path: Path) -> None:
    sample = Letter.sample()
    heights = []
    for name in ("张伟", "张鿫", TIBETAN, UYGHUR, YI):
        text = tuple(f"　　{name}。" if one == 0 else para for one, para in enumerate(sample.paragraphs))
        pdf = press.letters([replace(sample, name=name, salutation=f"{name}同志：", paragraphs=text)])
        heights.append([(word, y) for word, _, y in _words(pdf.content, tmp_path) if "青石" in word])
    assert heights[0]
    assert all(one == heights[0] for one in heights)
