import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.documents import press
from qianli.documents.forms import ManifestPaper, ManifestRow, PackingSlip, Sender
from qianli.documents.manifest_layout import END, FIRST, OTHER, paginate
from qianli.documents.words import count_in_words
from qianli.errors import DocumentError

LONG_NAME = "阿不都热西提·买买提依明江·图尔荪托合提"
LONG_ADDRESS = "新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县" + "喀热开其克乡科克铁热克村第三村民小组" * 4 + "78 号院"


def squeezed(text: str) -> str:
    return "".join(text.split())


def subtotals(pages: list[str]) -> list[tuple[int, int]]:
    found = [re.search(r"本页小计(\d+)件(\d+)", squeezed(page)) for page in pages]
    return [(int(one[1]), int(one[2])) for one in found if one]


@pytest.mark.parametrize("rows", [0, 1, 15, 16, 20, 21, 60, pytest.param(200, marks=pytest.mark.slow)])
def test_page_totals_add_up(read: Callable[[press.Pdf], Any], rows: int) -> None:
    form = ManifestPaper.sample(rows)
    seen = read(press.manifest(form))
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


@given(st.lists(st.sampled_from([1, 1, 1, 60, 120, 300]), max_size=300))
def test_every_row_stands_on_one_page_and_signatures_never_alone(lengths: list[int]) -> None:
    row = ManifestPaper.sample(1).rows[0]
    rows = tuple(replace(row, position=n, address="址" * length) for n, length in enumerate(lengths, start=1))
    pages = paginate(rows)
    assert [laid.row for page in pages for laid in page.rows] == list(rows)
    assert pages[-1].count or not rows
    for number, page in enumerate(pages):
        room = OTHER if number else FIRST
        assert page.units <= room - (END if number == len(pages) - 1 else 0)
