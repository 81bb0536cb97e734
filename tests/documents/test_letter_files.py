"""Letters in a file each: what a plain layout shows, and nothing of anybody else's."""

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fontTools import cffLib

from qianli.documents import cff, press, release_check
from qianli.errors import NotStampable
from qianli.testing_letters import seeded_letters

pytestmark = pytest.mark.slow

STAMP = press.Pressing("stamp", seed=7, worth=1)
FONT = re.compile(rb"CIDFontType0C/Length1 \d+/Filter/FlateDecode/Length (\d+)>>\nstream\n")


def glyphs_of(content: bytes) -> list[set[str]]:
    """The glyphs in each font of a file."""
    found = []
    for font in FONT.finditer(content):
        read = cffLib.CFFFontSet()
        read.decompile(io.BytesIO(zlib.decompress(content[font.end() : font.end() + int(font[1])])), None)
        for name in read[0].charset:
            read[0].CharStrings[name].decompile()
        found.append(set(read[0].charset))
    return found


def shown_in(content: bytes) -> int:
    """How many different characters a file's fonts map to text."""
    maps = re.findall(rb"<</Filter/FlateDecode/Length \d+>>\nstream\n(.*?)\nendstream", content, re.DOTALL)
    return sum(int(count) for one in maps for count in re.findall(rb"(\d+) beginbfchar", zlib.decompress(one)))


@pytest.mark.usefixtures("one_checked")
def test_a_file_a_letter_holds_that_letter_alone(read: Callable[[press.Pdf], Any]) -> None:
    letters = seeded_letters(8, seed=5, odd=0.2)
    letters[3] = replace(letters[3], paragraphs=letters[3].paragraphs * 3)
    files = list(press.letter_files(letters, "red_letter", STAMP))
    plain = press.letters(letters, "red_letter", press.Pressing("layout"))
    assert [one.remark for one in files] == [""] * 8
    assert all(one.stamped for one in files)
    assert release_check.first_unlike_file(files, plain) is None
    texts = []
    for place, (letter, file) in enumerate(zip(letters, files, strict=True)):
        seen = read(file)
        texts.append(seen.text())
        assert "".join(letter.salutation.split()) in texts[-1]
        assert seen.info()["Author"] == letter.sender
        assert place > 1 or ("QRCode", letter.link) in seen.codes(file.pages)
        assert not any(other.name in texts[-1] for other in letters if other.name not in letter.salutation)
        glyphs = glyphs_of(file.content)
        assert sum(len(one - {".notdef"}) for one in glyphs) == shown_in(file.content) <= 420
    assert [one.content for one in press.letter_files(letters, "red_letter", STAMP)] == [one.content for one in files]


def test_a_few_letters_are_laid_out_each_by_itself() -> None:
    letters = seeded_letters(2)
    made = list(press.letter_files(letters, "red_letter"))
    assert [(one.stamped, one.first_pages) for one in made] == [(0, (1,)), (0, (1,))]
    assert made[0].content == press.letters(letters[:1], "red_letter").content


def test_a_wrong_glyph_in_a_file_stops_the_stamping(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = cff.Cff.packed

    def faulty(self: cff.Cff, common: Any, own: Any) -> Any:
        some = set(own) - set(common)
        wrong = replace(
            self, outlines=[self.outlines[0 if glyph in some else glyph] for glyph in range(len(self.outlines))]
        )
        return packed(wrong, common, own)

    monkeypatch.setattr(cff.Cff, "packed", faulty)
    monkeypatch.setattr(release_check, "SAMPLED", 2)
    made = list(press.letter_files(seeded_letters(3), "red_letter", STAMP))
    assert made[0].remark.startswith("没有套印，改为逐封排版：编号 QLCS-2027-0000")
    assert [one.stamped for one in made] == [0, 0, 0]


def test_fonts_that_are_not_of_our_kind_are_not_cut() -> None:
    with pytest.raises(NotStampable):
        cff.Cff.read(b"\1\0\4\1" + b"\0" * 40)
