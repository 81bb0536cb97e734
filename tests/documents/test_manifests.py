import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.documents import press, release_check
from qianli.documents.forms import ManifestPaper, ManifestRow, PackingSlip, Sender
from qianli.documents.manifest_layout import BOTTOM, HEAD, SIGNATURES, SUM, TITLES, TOTAL, paginate
from qianli.documents.words import count_in_words
from qianli.errors import DocumentError

LONG_NAME = "阿不都热西提·买买提依明江·图尔荪托合提"
LONG_ADDRESS = "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县" + "喀热开其克乡科克铁热克村第三村民小组" * 4 + "78 号院"


def squeezed(text: str) -> str:
    return "".join(text.split())


def subtotals(pages: list[str]) -> list[tuple[int, int]]:
    found = [re.search(r"本页小计(\d+)件(\d+)", squeezed(page)) for page in pages]
    return [(int(one[1]), int(one[2])) for one in found if one]


@pytest.mark.parametrize("rows", [0, 1, 13, 14, 18, 40, pytest.param(200, marks=pytest.mark.slow)])
def test_page_totals_add_up(read: Callable[[press.Pdf], Any], rows: int) -> None:
    form = ManifestPaper.sample(rows)
    seen = read(press.manifest(form, press.Pressing("layout")))
    pages = seen.pages()
    totals = subtotals(pages)
    assert len(totals) == len(pages)
    assert sum(count for count, _ in totals) == rows
    assert sum(weight for _, weight in totals) == form.weight_g
    last = squeezed(pages[-1])
    assert f"总计{rows}件（{count_in_words(rows)}件）{form.weight_g}" in last
    assert "承运单位揽收人" in last
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页，共{len(pages)}页" in squeezed(page)
        assert form.number in page
        own = [row for row in form.rows if row.reference in page]
        assert (len(own), sum(row.weight_g for row in own)) == totals[number - 1]
    for row in form.rows:
        for wanted in (f"{row.position}{row.reference}{row.waybill_number}{row.name}", row.address):
            assert squeezed(wanted) in seen.text()


def test_ugly_rows_keep_their_height(read: Callable[[press.Pdf], Any]) -> None:
    names = [LONG_NAME, "<b>{{7*7}}</b>", "李", "字" * 40]
    addresses = [LONG_ADDRESS, "1", "<img src=http://x>{% raw %}", "W" * 60]
    rows = tuple(
        ManifestRow(
            n, f"3K-{n:05d}-A", None if n % 3 else f"JDVA{n:011d}", names[n % 4], addresses[n // 2 % 4], 10**n % 30_000
        )
        for n in range(1, 61)
    )
    form = replace(ManifestPaper.sample(0), rows=rows)
    pdf = press.manifest(form)
    assert pdf.pages == len(paginate(rows))
    text = read(pdf).text()
    for row in rows:
        assert squeezed(row.name) in text
        assert squeezed(row.address) in text


def test_a_draft_says_so_on_every_page(read: Callable[[press.Pdf], Any]) -> None:
    form = replace(ManifestPaper.sample(24), draft=True, made_on=None)
    assert all("草稿" in squeezed(page) for page in read(press.manifest(form)).pages())
    assert "草稿" not in read(press.manifest(replace(form, draft=False, made_on=ManifestPaper.sample().made_on))).text()


def test_the_outside_tells_nothing(read: Callable[[press.Pdf], Any]) -> None:
    slip = PackingSlip.sample()
    seen = read(press.manifest(ManifestPaper.sample()))
    revealing = {slip.campaign_name, slip.sender, "党", "支部", "家书", *(item.name for item in slip.totals)}
    assert not [word for word in revealing if word in seen.text() + str(seen.info())]


@pytest.mark.parametrize("changes", [{"name": "字" * 200}, {"address": "很长的地址" * 90}])
def test_a_row_that_cannot_fit_is_refused(changes: dict[str, str]) -> None:
    form = ManifestPaper.sample(2)
    with pytest.raises(DocumentError, match="交接单排不下") as caught:
        press.manifest(replace(form, rows=(form.rows[0], replace(form.rows[1], **changes))))
    assert caught.value.ids["position"] == 2


def test_a_head_that_is_too_tall_is_refused() -> None:
    with pytest.raises(DocumentError):
        press.manifest(replace(ManifestPaper.sample(20), sender=Sender("名" * 100, "1" * 60, "址" * 200)))


@settings(max_examples=40)
@given(st.lists(st.sampled_from([1, 1, 1, 60, 120, 300]), max_size=300))
def test_every_row_stands_on_one_page_and_signatures_never_alone(lengths: list[int]) -> None:
    row = ManifestPaper.sample(1).rows[0]
    rows = tuple(replace(row, position=n, address="址" * length) for n, length in enumerate(lengths, start=1))
    pages = paginate(rows)
    assert [block.fields["position"].text for page in pages for block in page.rows] == [
        str(one.position) for one in rows
    ]
    assert pages[-1].count or not rows
    for number, page in enumerate(pages):
        room = BOTTOM - TITLES - SUM - (0 if number else HEAD)
        assert page.high <= room - (TOTAL + SIGNATURES if number == len(pages) - 1 else 0)


def seeded_manifest(rows: int) -> ManifestPaper:
    """Rows of many heights; every seventh name has a character that is laid out by itself."""
    chance = random.Random(rows)  # noqa: S311 - seeded samples
    made = []
    for one in ManifestPaper.sample(rows).rows:
        name = "".join(chance.choices("王李张欧阳小芳伟秀英古丽·", k=chance.randint(2, 20))).strip("·")
        address = one.address + "".join(
            chance.choices("0123456789-AB栋单元室号东（门）路园，", k=chance.randint(0, 90))
        )
        number = one.waybill_number if chance.random() < 0.8 else None
        name = f"{name}é" if one.position % 7 == 3 else name
        grams = chance.choice([8, 890, 12_345])
        made.append(replace(one, name=name, address=address, waybill_number=number, weight_g=grams))
    return replace(ManifestPaper.sample(0), rows=tuple(made))


def test_a_stamped_manifest_looks_like_a_laid_out_one(read: Callable[[press.Pdf], Any]) -> None:
    form = seeded_manifest(30)
    stamped = press.manifest(form, press.Pressing("stamp", 7, worth=1))
    plain = press.manifest(form, press.Pressing("layout"))
    assert (stamped.remark, stamped.pages, plain.stamped) == ("", plain.pages, 0)
    assert stamped.stamped > 25
    pages = tuple(range(1, plain.pages + 1))
    one, other = replace(stamped, first_pages=pages), replace(plain, first_pages=pages)
    assert release_check.first_difference(one, range(plain.pages), other) is None
    its = [squeezed(page) for page in read(plain).reading_order()]
    assert [squeezed(page) for page in read(stamped).reading_order()] == its
