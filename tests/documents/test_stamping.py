"""Stamped letters are what the layout engine would have drawn: dot for dot, character for character, code for code."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianli.documents import fonts, inert, letter_plan, letter_run, press, release_check, templates
from qianli.documents.forms import Letter
from qianli.documents.letter_design import LetterDesign
from qianli.documents.letter_text import fill
from qianli.documents.shapes import sort_out
from qianli.errors import DocumentError, NotStampable
from qianli.testing_letters import UGLY_BODY, seeded_letters

pytestmark = pytest.mark.slow

STAMP = press.Pressing("stamp", seed=7, worth=1)
LAYOUT = press.Pressing("layout")
SALUTATION = '<p class="salutation">'


def squeezed(text: str) -> str:
    return "".join(text.split())


def pitfalls(count: int, seed: int) -> list[Letter]:
    """Ordinary letters, odd names, figures in fields, slips, two pages, an empty name; then a twin of each."""
    some = seeded_letters(count, seed=seed)
    kinds = [
        some,
        seeded_letters(count, seed=seed, odd=1),
        seeded_letters(count, seed=seed, odd=0.3, body=UGLY_BODY),
        seeded_letters(count, seed=seed, odd=0.3, url=None),
        [replace(one, paragraphs=one.paragraphs * 3) for one in some],
        [replace(one, paragraphs=fill(f"请**{one.name}保重**，**一切都好**。", {})) for one in some],
        [replace(one, name="", salutation="同志：", confirm_url=None) for one in some],
    ]
    letters = [one for kind in kinds for one in kind]
    chance = random.Random(seed)  # noqa: S311 - inventions, not secrets
    return [*letters, *(twin(one, chance) for one in letters)]


def twin(letter: Letter, chance: random.Random) -> Letter:
    """A letter of the same shape with any other ideographs, everywhere."""
    others = sorted(inert.ideographs())[::50]  # some of each block, so that fonts stay small

    def other(text: str) -> str:
        return "".join(chance.choice(others) if one in inert.ideographs() else one for one in text)

    paragraphs = tuple(map(other, letter.paragraphs))
    number = letter.number[:-2] + str(chance.randrange(10, 100))
    return replace(
        letter, salutation=other(letter.salutation), paragraphs=paragraphs, name=other(letter.name), number=number
    )


def some_of_each_shape(letters: list[Letter], *, at_most: int) -> list[Letter]:
    """The first letters of each shape; more of one shape are the same stencil with other characters."""
    chosen = sorted(index for members in sort_out(letters).members() for index in members[:at_most])
    return [letters[index] for index in chosen]


def same(made: press.Pdf, plain: press.Pdf, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether two runs look the same in PDFium and in poppler, every letter of them."""
    monkeypatch.setattr(release_check, "DPI", 100)
    return release_check.first_difference(made, range(len(plain.first_pages)), plain) is None


@pytest.mark.usefixtures("one_checked")
def test_stamped_letters_look_like_laid_out_ones(
    read: Callable[[press.Pdf], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = pitfalls(1, seed=3)
    made, plain = press.letters(letters, "red_letter", STAMP), press.letters(letters, "red_letter", LAYOUT)
    assert made.remark == ""
    assert made.stamped == len(letters)
    assert plain.stamped == 0
    assert made.first_pages == plain.first_pages
    assert same(made, plain, monkeypatch)
    its = [squeezed(page) for page in read(plain).reading_order()]
    assert [squeezed(page) for page in read(made).reading_order()] == its


@pytest.mark.usefixtures("one_checked")
def test_stamped_letters_of_fifty_shapes_look_like_laid_out_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = some_of_each_shape(pitfalls(15, seed=11), at_most=2)
    assert len(sort_out(letters).shapes) > 50
    made, plain = press.letters(letters, "red_letter", STAMP), press.letters(letters, "red_letter", LAYOUT)
    assert made.remark == ""
    assert made.stamped == len(letters)
    assert same(made, plain, monkeypatch)


@pytest.mark.usefixtures("one_checked")
def test_every_code_of_a_hundred_stamped_letters_is_read(read: Callable[[press.Pdf], Any]) -> None:
    letters = seeded_letters(100, odd=0.05)
    made = press.letters(letters, "red_letter", STAMP)
    assert made.stamped > 80
    assert read(made).codes_from(1, 100, 100) == [[("QRCode", letter.link)] for letter in letters]


#: Without the hyphen: at the end of a line poppler takes it for a broken word and leaves it out.
CHARACTERS = st.one_of(
    st.sampled_from("一二王张𠅤䶮㛃𰻞〇·．—“”（），。、：；！？ａＡ１Aaz019 fi"),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5),
).filter(lambda one: not fonts.missing_characters(one))
FIELD = st.text(CHARACTERS, min_size=1, max_size=9).filter(lambda text: text.strip() == text and "  " not in text)


@pytest.mark.usefixtures("one_checked")
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(st.tuples(FIELD, FIELD), min_size=8, max_size=10))
def test_what_poppler_reads_is_what_was_written(
    read: Callable[[press.Pdf], Any], fields: list[tuple[str, str]]
) -> None:
    pairs = [*fields, *fields]  # every shape has at least two members
    twice = [
        replace(
            letter,
            salutation=f"{name}同志：",
            paragraphs=(f"如今您在{place}工作，{name}。", *letter.paragraphs[1:], f"再见，{place}"),
        )
        for letter, (name, place) in zip(seeded_letters(len(pairs)), pairs, strict=True)
    ]
    made = press.letters(twice, "red_letter", STAMP)
    assert made.stamped == len(twice)
    for letter, page in zip(twice, read(made).reading_order(), strict=True):
        text = squeezed(page)
        assert squeezed(letter.salutation + "".join(letter.paragraphs)) in text
        assert letter.number in text
        assert letter.typed_code is not None
        assert letter.typed_code in text


@pytest.mark.usefixtures("one_checked")
def test_stamped_letters_are_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from qianli.documents import press, release_check as check;"
        "from qianli.testing_letters import seeded_letters; check.SAMPLED, check.RAREST = 1, 0;"
        "made = press.letters(seeded_letters(12, odd=0.3), 'red_letter', press.Pressing('stamp', 7, worth=1));"
        "assert made.stamped; print(hashlib.sha256(made.content).hexdigest())"
    )
    other = {"PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1", "PATH": "/usr/bin"}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, env=other)
    made = press.letters(seeded_letters(12, odd=0.3), "red_letter", STAMP)
    assert done.stdout.decode().strip() == sha256(made.content).hexdigest()


@pytest.mark.parametrize("pressing", [STAMP, LAYOUT])
def test_printed_on_both_sides_every_letter_begins_on_a_front(
    pressing: press.Pressing, read: Callable[[press.Pdf], Any]
) -> None:
    one, two, *_ = seeded_letters(2)
    letters = [one, replace(two, paragraphs=two.paragraphs * 3), two]
    made = press.letters(letters, "red_letter", replace(pressing, duplex=True))
    assert (made.remark, made.stamped, made.first_pages, made.pages) == (
        "",
        pressing.how == "stamp" and 3,
        (1, 3, 7),
        8,
    )
    texts = [squeezed(page) for page in read(made).reading_order()]
    assert [bool(text) for text in texts] == [True, False, True, True, True, False, True, False]
    assert read(made).info()["Author"] == one.sender


def test_small_runs_and_a_setting_are_laid_out_whole() -> None:
    letters = seeded_letters(4)
    by_default = press.letters(letters)
    assert (by_default.stamped, by_default.remark) == (0, "")
    assert press.letters(letters, "red_letter", replace(STAMP, how="layout")).content == by_default.content
    assert press.letters(letters, "red_letter", replace(STAMP, worth=4)).content == by_default.content


def wrong_glyph(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the stamp: where 张 belongs it prints 王."""
    glyph_ids = letter_plan.Plan.glyph_ids

    def faulty(self: letter_plan.Plan, number: int, stencils: letter_plan.Stencils) -> Any:
        right = glyph_ids(self, number, stencils)

        def wrong(place: tuple[int, int]) -> Any:
            ids = right(place)
            return {**ids, "张": ids["王"]} if "王" in ids else ids

        return wrong

    monkeypatch.setattr(letter_plan.Plan, "glyph_ids", faulty)


def test_a_wrong_letter_stops_the_stamping_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [
        replace(one, salutation=f"{'张' if number == 6 else '王'}伟同志：", paragraphs=("见字如面。",))
        for number, one in enumerate(seeded_letters(7), 1)
    ]
    wrong_glyph(monkeypatch)
    made = press.letters(letters, "red_letter", STAMP)
    assert made.stamped == 0
    assert made.remark == "没有套印，改为逐封排版：编号 QLCS-2027-00006 的书信套印出来与排版不一致。"
    assert made.content == press.letters(letters, "red_letter", LAYOUT).content


def test_without_a_second_renderer_nothing_is_stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    made = press.letters(seeded_letters(3), "red_letter", STAMP)
    assert made.stamped == 0
    assert "poppler-utils" in made.remark


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (SALUTATION, "<p class='salutation sans'>", "没有在版面上找到"),
        (SALUTATION, "<p class='salutation'><b>{{ letter.salutation }}</b>", "没有说明的字体"),
        (SALUTATION, "<p class='salutation' style='overflow: hidden; border-radius: 2mm'>", "裁剪框"),
        ("{{ qr_image(letter.link) }}", "", "没有在版面上找到"),
    ],
)
def test_a_design_we_cannot_stamp_is_laid_out_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, old: str, new: str, why: str
) -> None:
    shutil.copytree(templates.TEMPLATES, tmp_path / "templates")
    page = tmp_path / "templates" / "letters" / "_parts.html"
    before = page.read_text("utf-8")
    assert old in before
    page.write_text(before.replace(old, new), "utf-8")
    monkeypatch.setattr(templates, "TEMPLATES", tmp_path / "templates")
    made = press.letters(seeded_letters(3), "red_letter", STAMP)
    assert made.stamped == 0
    assert why in made.remark


@pytest.mark.parametrize("pressing", [STAMP, LAYOUT])
def test_a_letter_of_a_large_run_is_refused_by_its_own_index(
    monkeypatch: pytest.MonkeyPatch, pressing: press.Pressing
) -> None:
    monkeypatch.setattr(letter_run, "AT_ONCE", 3)
    letters = seeded_letters(8)
    letters[7] = replace(letters[7], sender="很长的名称" * 9)
    with pytest.raises(DocumentError, match="发文单位名称太长") as caught:
        press.letters(letters, "red_letter", pressing)
    assert caught.value.ids["forms"] == [7]


def test_a_large_run_laid_out_whole_is_put_together_from_parts(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[press.Pdf], Any]
) -> None:
    letters = seeded_letters(5, odd=0.5)
    together = press.letters(letters)
    monkeypatch.setattr(letter_run, "AT_ONCE", 2)
    parts = press.letters(letters)
    assert parts.first_pages == together.first_pages
    assert same(parts, together, monkeypatch)
    info = read(parts).info()
    assert info["Title"] == "书信"


def test_the_check_looks_at_twenty_and_at_the_rarest_shapes() -> None:
    groups = [list(range(1000)), *([1000 + 2 * n, 1001 + 2 * n] for n in range(15))]
    chosen = release_check.sample(groups, seed=7)
    assert chosen == release_check.sample(groups, seed=7) != release_check.sample(groups, seed=8)
    assert 20 < len(chosen) <= 30
    assert sum(one >= 1000 for one in chosen) >= 10
    assert release_check.sample([[1, 2]], seed=7) == [1, 2]


def test_characters_that_may_take_each_others_place() -> None:
    ideographs = inert.ideographs()
    assert {"一", "张", "龘", "㛃", "䶮", "𠅤", "𰻞"} <= ideographs
    assert not set("〇々·，。：“—あㄅ가Aa1！") & ideographs
    assert not set("胶㬵") & ideographs  # one glyph for both
    assert "\uf900" not in ideographs  # for compatibility: its glyph is that of another character
    assert inert.half_widths() == frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def test_too_many_differences_are_not_stamped() -> None:
    letters = [replace(one, number="A" * 70 + one.number[-1]) for one in seeded_letters(2)]
    letters[1] = replace(letters[1], number="B" * 70 + "7")
    with pytest.raises(NotStampable, match="会变的字太多"):
        letter_run.press_stamped(letters, sort_out(letters), LetterDesign("red_letter"))
