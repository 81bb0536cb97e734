"""Seals and signatures: what is taken in, and where it stands on paper."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from qianli.documents import press, release_check
from qianli.documents.designs import DESIGNS
from qianli.documents.forms import Letter
from qianli.documents.imprints import DOTS, Picture, check_width, cleaned
from qianli.documents.letter_layout import SEAL_PT, SIGNATURE_LINES, letter_layout
from qianli.errors import BadInput
from qianli.testing_imprints import seal_png
from qianli.testing_letters import seeded_letters

LETTER = replace(Letter.sample(), imprints=("seal", "signature"))
STAMPED = [name for name, own in DESIGNS.items() if not own.bilingual]
SEAL = Picture("seal", cleaned(seal_png(), "seal"), 42)
HAND = Picture("signature", cleaned(seal_png(ink=(20, 20, 60)), "signature"), 20)


def jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 300)).save(made, format="JPEG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "不是完好的 PNG"),
        (jpeg(), "不是完好的 PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是完好的 PNG"),
        (seal_png()[:400], "不是完好的 PNG"),
        (seal_png(140), "每边要在 150 到 4000 点之间"),
        (seal_png(ink=(255, 255, 255)), "空白"),
        (b"\x89PNG" + b"x" * 2_000_000, "太大"),
    ],
)
def test_what_is_no_good_picture_is_refused(raw: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        cleaned(raw, "seal")


def test_a_picture_is_drawn_anew_cropped_and_without_its_paper() -> None:
    made = cleaned(seal_png(1500, comment="Zhou Min"), "seal")
    assert b"Comment" not in made
    assert cleaned(seal_png(1500), "seal") == made
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == DOTS["seal"]
        seen = image.convert("RGBA")
    assert seen.getpixel((0, 0))[3] == seen.getpixel((380, 380))[3] == 0  # type: ignore[index]  # RGBA
    red, green, blue, alpha = seen.getpixel((380, 15))  # type: ignore[misc]  # RGBA
    assert (red > 180, green < 80, blue < 80, alpha > 200) == (True,) * 4


def test_sizes_that_no_seal_has_are_refused() -> None:
    check_width("seal", 42)
    for kind, wide in (("seal", 5), ("seal", 200), ("signature", 90)):
        with pytest.raises(BadInput, match="毫米"):
            check_width(kind, wide)


@pytest.mark.parametrize("name", STAMPED)
def test_full_pages_with_a_seal_stay_one_page(name: str) -> None:
    own, forms = DESIGNS[name], []
    for pitch in (own.pitches_pt[0], own.pitches_pt[-1]):
        lines = int((own.room_pt - SEAL_PT) / pitch) - SIGNATURE_LINES - 1
        forms.append(replace(LETTER, paragraphs=("字" * 20,) * lines))
    assert not any(letter_layout(one, name).long for one in forms)
    assert press.letters(forms, name, pictures=(SEAL, HAND)).pages == 2


def red_dots(made: press.Pdf) -> int:
    import pypdfium2  # noqa: PLC0415 - a large library

    with pypdfium2.PdfDocument(made.content) as document:
        image = document[0].render(scale=1).to_pil().convert("RGB")
    wide, high = image.size
    box = image.crop((wide // 2, high * 2 // 5, wide, high * 4 // 5))
    return sum(red - green > 60 for red, green, _ in box.get_flattened_data())


def test_letters_have_it_and_proofs_do_not() -> None:
    assert red_dots(press.letters([LETTER], "official_letter", pictures=(SEAL, HAND))) > 200
    assert red_dots(press.letters([LETTER], "official_letter")) == 0
    assert red_dots(press.preview(LETTER, "official_letter")) == 0


@pytest.mark.usefixtures("one_checked")
@pytest.mark.slow
@pytest.mark.parametrize("name", STAMPED)
def test_sealed_letters_are_stamped_as_they_are_laid_out(name: str, read: Callable[[press.Pdf], Any]) -> None:
    some = seeded_letters(6, seed=4, odd=0.2)
    letters = [
        replace(one, imprints=LETTER.imprints, paragraphs=one.paragraphs[:3]) for one in some
    ]  # a notice is short
    made = press.letters(letters, name, press.Pressing("stamp", seed=7, worth=1), (SEAL, HAND))
    plain = press.letters(letters, name, press.Pressing("layout"), (SEAL, HAND))
    assert (made.remark, made.stamped > 0) == ("", True)
    assert release_check.first_difference(made, range(len(letters)), plain) is None
    assert "2027年1月8日" in read(made).text()
