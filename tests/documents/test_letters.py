import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import press
from qianli.documents.forms import ItemLine, Letter
from qianli.documents.letter_layout import letter_layout
from qianli.documents.measure import lines_needed
from qianli.errors import BadInput, DocumentError
from qianli.receipts.codes import display, make_code

LETTER = Letter.sample()
LONG_NAME = "阿不都热西提·买买提依明江·图尔荪托合提"


def squeezed(text: str) -> str:
    return "".join(text.split())


def letter(number: int, **changes: Any) -> Letter:
    name = changes.pop("name", f"张{number}")
    return replace(
        LETTER,
        number=f"T-{number:04d}",
        name=name,
        salutation=f"{name}同志：",
        code=make_code(b"k", number, 1),
        **changes,
    )


def test_a_run_of_letters(read: Callable[[press.Pdf], Any]) -> None:
    forms = [
        letter(1),
        letter(2, paragraphs=LETTER.paragraphs * 3),
        letter(3, name=LONG_NAME),
        letter(4, paragraphs=("短。",)),
    ]
    pdf = press.letters(forms)
    assert pdf.first_pages == (1, 2, 4, 5)
    pages = [squeezed(page) for page in read(pdf).pages()]
    letters = [pages[0], pages[1] + pages[2], pages[3], pages[4]]
    for form, text in zip(forms, letters, strict=True):
        for wanted in (
            form.salutation,
            form.number,
            form.sender,
            "2027年1月8日",
            form.phone,
            form.typed_code,
            form.typed_url,
        ):
            assert squeezed(wanted or "?") in text
        for item in form.items:
            assert f"{item.name}×{item.quantity}" in text
        body = "".join(form.paragraphs)
        assert all(character in text for character in body)
    for form, page in zip([forms[0], *forms[2:]], [pages[0], *pages[3:]], strict=True):
        assert squeezed("".join(form.paragraphs)) in page
    assert "—2—" in pages[2]
    assert "T-0002" in pages[2]


def test_every_code_is_read_back(read: Callable[[press.Pdf], Any]) -> None:
    forms = [letter(number) for number in range(1, 4)]
    seen = read(press.letters(forms))
    for page, form in enumerate(forms, start=1):
        assert seen.codes(page) == [("QRCode", f"https://qianli.example/r/{form.code}")]
        assert display(form.code or "") in seen.text()


def test_the_second_page_carries_the_confirmation(read: Callable[[press.Pdf], Any]) -> None:
    seen = read(press.letters([letter(1, paragraphs=LETTER.paragraphs * 3)]))
    assert seen.codes(1) == []
    assert len(seen.codes(2)) == 1


@pytest.mark.parametrize(
    "changes", [{"confirm_url": None}, {"code": None}, {"confirm_url": None, "code": None, "reply_address": ""}]
)
def test_without_a_public_address_a_slip_takes_the_place_of_the_code(
    read: Callable[[press.Pdf], Any], changes: dict[str, Any]
) -> None:
    form = replace(LETTER, **changes)
    seen = read(press.letters([form]))
    assert seen.codes(1) == []
    for wanted in ("回执", form.phone, form.number, form.name, "全部收到", form.reply_address):
        assert squeezed(wanted) in seen.text()
    assert "http" not in seen.text()
    assert "qianli.example" not in seen.text()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "<b>{{7*7}}</b>", "salutation": "<b>{{7*7}}</b>同志："},
        {"paragraphs": ("<script>x</script>", "{{ 7*7 }}{% raw %}", "&lt;&amp;<style>*{color:red}</style>")},
        {"salutation": f"{LONG_NAME}同志：", "name": LONG_NAME},
        {"sender": "党委", "phone": "1"},
        {"sender": "中共贵州省贵阳市花溪区青石街道文昌社区流动委员会"},
        {"items": tuple(ItemLine(f"《一本名字相当长的学习读物·第{n}卷》", n) for n in range(1, 31))},
        {"items": ()},
        {"paragraphs": ("字" * 2900,)},
        {"paragraphs": tuple("段。" for _ in range(60))},
        {"paragraphs": ("W" * 300, "https://example.com/" + "a" * 200, "……" * 40, "，。" * 40)},
        {"confirm_url": "https://a-rather-long-name-of-a-server.some-district.gov.cn/members/r"},
    ],
)
def test_ugly_letters(read: Callable[[press.Pdf], Any], changes: dict[str, Any]) -> None:
    form = replace(LETTER, **changes)
    text = read(press.letters([form])).text()
    for wanted in (form.salutation, form.sender, form.phone):
        assert squeezed(wanted) in text
    if "paragraphs" in changes and len(form.paragraphs) < 5:
        assert all(squeezed(paragraph) in text or len(paragraph) > 1000 for paragraph in form.paragraphs)


def test_a_normal_letter_takes_one_page_and_is_set_as_wide_as_it_can_be() -> None:
    paragraph = "山高路远，老邻居们常常问起您，社区党委也一直把您记在心里。"
    widths = []
    for sentences in (1, 8, 11, 13, 15, 16, 17):
        form = replace(LETTER, paragraphs=(paragraph * sentences,))
        layout = letter_layout(form)
        assert press.letters([form]).pages == (2 if layout.long else 1)
        widths.append(layout.pitch_pt)
        if sentences * len(paragraph) <= 450:
            assert not layout.long
    assert widths[0] == 28


def test_a_run_of_one_makes_the_same_letter() -> None:
    assert letter_layout(letter(1)) == letter_layout(letter(1))
    assert press.letters([letter(1)]).content == press.letters([letter(1)]).content


@pytest.mark.slow
def test_the_same_letters_are_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from qianli.documents import press; from qianli.documents.forms import Letter;"
        "print(hashlib.sha256(press.letters([Letter.sample()]).content).hexdigest())"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]


def test_a_letterhead_that_cannot_fit_is_refused_by_index() -> None:
    with pytest.raises(DocumentError, match="发文单位名称太长") as caught:
        press.letters([LETTER, replace(LETTER, sender="很长的名称" * 9)])
    assert caught.value.ids["forms"] == [1]


def test_a_character_without_a_glyph_is_refused_by_index() -> None:
    with pytest.raises(DocumentError, match="字库没有的字") as caught:
        press.letters(
            [LETTER, replace(LETTER, salutation="张\ue000同志："), replace(LETTER, items=(ItemLine("😀", 1),))]
        )
    assert caught.value.ids["forms"] == [1, 2]
    assert "\ue000" not in str(caught.value)


def test_an_unknown_design_is_refused() -> None:
    for design in ("blue", "../red_letter", "_red_letter", ""):
        with pytest.raises(BadInput, match=r"可以用的有：.*red_letter"):
            press.letters([LETTER], design)


def test_lines_are_never_underestimated() -> None:
    assert lines_needed("字" * 28, 28) == 1
    assert lines_needed("字" * 29, 28) == 2
    assert lines_needed("字" * 28 + "。", 28) == 2
    assert lines_needed("W" * 200, 28) >= 7
    assert lines_needed("", 28) == 1


def test_the_widest_code_stays_in_its_box(read: Callable[[press.Pdf], Any]) -> None:
    widest = ("WWWWWWWWWW", "MQMQMQMQMQ", "22222AAAAA")
    text = read(press.letters([replace(Letter.sample(), code=code) for code in widest])).pages()
    for page, code in zip(text, widest, strict=True):
        assert display(code) in page
