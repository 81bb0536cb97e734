import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.documents import press, release_check
from qianli.documents.forms import ManifestKind, ManifestMark, ManifestPaper, ManifestRow, PackingSlip, Sender
from qianli.documents.manifest_layout import DESIGNS, paginate
from qianli.documents.manifest_pages import BOTTOM, Sum
from qianli.documents.words import amount, count_in_words, money_in_words
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


def test_a_bulk_list_carries_its_sums_from_page_to_page(read: Callable[[press.Pdf], Any]) -> None:
    form = seeded_manifest(40, ManifestKind.bulk_post)
    texts = [squeezed(page) for page in read(press.manifest(form, press.Pressing("layout"))).pages()]
    so_far = Sum()
    for text, page in zip(texts, paginate(form.rows, form.kind), strict=True):
        so_far += page.sum
        assert f"本页小计{said(page.sum)}累计{said(so_far)}" in text
    assert (so_far.count, so_far.weight_g, so_far.postage_fen) == (40, form.weight_g, form.postage_fen)
    assert f"总计肆拾件{said(so_far)}总资费（大写）{money_in_words(form.postage_fen)}" in texts[-1]
    for wanted in ("交寄人（签字、盖章）", "收寄人（签字）", "收寄日戳", "台席", "以收寄局核定为准"):
        assert wanted in texts[-1]
    for wanted in ("大宗邮件交寄清单", "用户名称", "单位地址", "用户编号", "业务产品", "付费方式"):
        assert wanted in texts[0]
    for row in form.rows:
        line = f"{row.position}{row.reference}{row.waybill_number or '—'}{squeezed(row.office + row.name)}"
        assert f"{line}1{row.weight_g}{amount(row.postage_fen)}" in "".join(texts)
        assert squeezed(row.address) not in "".join(texts)


def said(sums: Sum) -> str:
    return f"{sums.count}{sums.weight_g}{amount(sums.postage_fen)}"


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (5, "伍分"), (50, "伍角整"), (1205, "壹拾贰元零伍分"), (71_130, "柒佰壹拾壹元叁角整"),
        (10_001_999, "壹拾万零壹拾玖元玖角玖分"),
    ],
)  # fmt: skip
def test_money_in_words_that_no_stroke_can_alter(fen: int, words: str) -> None:
    assert money_in_words(fen) == words


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
    assert pdf.pages == len(paginate(rows, form.kind))
    text = read(pdf).text()
    for row in rows:
        assert squeezed(row.name) in text
        assert squeezed(row.address) in text


def test_a_draft_says_so_on_every_page(read: Callable[[press.Pdf], Any]) -> None:
    form = replace(ManifestPaper.sample(24), mark=ManifestMark.draft, made_on=None)
    assert all("草稿" in squeezed(page) for page in read(press.manifest(form)).pages())
    assert "草稿" not in read(press.manifest(replace(ManifestPaper.sample(), mark=None))).text()


def test_the_outside_tells_nothing(read: Callable[[press.Pdf], Any]) -> None:
    slip = PackingSlip.sample()
    some = [press.manifest(ManifestPaper.sample(kind=kind)) for kind in ManifestKind]
    revealing = {slip.campaign_name, slip.sender, "党", "支部", "家书", *(item.name for item in slip.totals)}
    for seen in map(read, some):
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
@given(st.lists(st.sampled_from([1, 1, 1, 60, 120, 300]), max_size=300), st.sampled_from(ManifestKind))
def test_every_row_stands_on_one_page_and_signatures_never_alone(lengths: list[int], kind: ManifestKind) -> None:
    row, design = ManifestPaper.sample(1).rows[0], DESIGNS[kind]
    rows = tuple(
        replace(row, position=n, address="址" * length, name="名" * (length // 3))
        for n, length in enumerate(lengths, start=1)
    )
    pages = paginate(rows, kind)
    assert [block.fields["position"].text for page in pages for block in page.rows] == [
        str(one.position) for one in rows
    ]
    assert sum((page.sum for page in pages), Sum()) == sum((Sum.of(one) for one in rows), Sum())
    assert pages[-1].rows or not rows
    for number, page in enumerate(pages):
        room = BOTTOM - design.titles - design.sum - (0 if number else design.head)
        assert page.high <= room - (design.total + design.signatures if number == len(pages) - 1 else 0)


def seeded_manifest(rows: int, kind: ManifestKind) -> ManifestPaper:
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
        fen = chance.choice([5, 1_200, 123_456])
        made.append(replace(one, name=name, address=address, waybill_number=number, weight_g=grams, postage_fen=fen))
    return replace(ManifestPaper.sample(0, kind), rows=tuple(made))


@pytest.mark.usefixtures("one_checked")
@pytest.mark.parametrize("kind", ManifestKind)
def test_a_stamped_manifest_looks_like_a_laid_out_one(read: Callable[[press.Pdf], Any], kind: ManifestKind) -> None:
    form = seeded_manifest(30, kind)
    stamped = press.manifest(form, press.Pressing("stamp", 7, worth=1))
    plain = press.manifest(form, press.Pressing("layout"))
    assert (stamped.remark, stamped.pages, plain.stamped) == ("", plain.pages, 0)
    assert stamped.stamped > 25
    pages = tuple(range(1, plain.pages + 1))
    one, other = replace(stamped, first_pages=pages), replace(plain, first_pages=pages)
    assert release_check.first_difference(one, range(plain.pages), other) is None
    its = [squeezed(page) for page in read(plain).reading_order()]
    assert [squeezed(page) for page in read(stamped).reading_order()] == its
