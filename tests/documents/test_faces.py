"""What HarfBuzz says of our faces, next to what fontTools reads in the same files."""

from fontTools.ttLib import TTFont

from qianli.documents import fonts
from qianli.documents.faces import face

SERIF = fonts.face_files(fonts.SERIF)[fonts.REGULAR]


def test_glyphs_and_advances_are_those_of_the_file() -> None:
    opened = face(*SERIF)
    with TTFont(SERIF[0], fontNumber=SERIF[1], lazy=True) as font:
        for one in "一龘𰻞A1·":
            glyph = font.getBestCmap()[ord(one)]
            assert opened.glyph(ord(one)) == font.getGlyphID(glyph)
            assert opened.advance(opened.glyph(ord(one))) == font["hmtx"].metrics[glyph][0]
        assert list(opened.characters()) == sorted(font.getBestCmap())
        assert opened.em == font["head"].unitsPerEm
    assert opened.glyph(0x9FEB) == 0


def test_rules_of_a_face_are_found_by_feature_and_language() -> None:
    opened = face(*SERIF)
    kerning = opened.named("GPOS", opened.lookups("GPOS", "ZHS ", ["kern"]))
    assert opened.glyph(ord("A")) in kerning
    assert opened.glyph(ord("一")) not in kerning
    assert opened.lookups("GSUB", "ZHS ", ["none"]) == []
    (half,) = opened.lookups("GSUB", "ZHS ", ["hwid"])
    narrow = opened.substitute(half, opened.glyph(ord("A")))
    assert narrow is not None
    assert opened.advance(narrow) * 2 == opened.em
    assert opened.substitute(half, opened.glyph(ord("一"))) is None
