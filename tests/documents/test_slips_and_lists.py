from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import press, release_check
from qianli.documents.forms import ItemLine, PackingSlip, PickList, SlipMember

SLIP = PackingSlip.sample()
PICKS = PickList.sample()
STAMP, LAYOUT = press.Pressing("stamp", 7, worth=1), press.Pressing("layout")


def squeezed(text: str) -> str:
    return "".join(text.split())


def crowd(count: int) -> tuple[SlipMember, ...]:
    return tuple(SlipMember(f"党员{n}", f"T-{n:04d}", SLIP.members[0].items) for n in range(count))


def test_slips_say_exactly_their_forms(read: Callable[[press.Pdf], Any]) -> None:
    forms = [
        SLIP,
        replace(SLIP, reference="3K-00002-A", sequence=2, members=SLIP.members[:1], replacement=True),
        replace(SLIP, reference="3K-00003-B", sequence=3, members=crowd(12)),
        replace(SLIP, reference="3K-00004-C", sequence=4, members=(SlipMember("<b>{{7*7}}</b>", "T-1", SLIP.totals),)),
    ]
    pdf = press.packing_slips(forms)
    seen = read(pdf)
    pages = [squeezed(page) for page in seen.pages()]
    ends = [*pdf.first_pages[1:], pdf.pages + 1]
    assert ends[0] - pdf.first_pages[0] == 1
    assert ends[2] - pdf.first_pages[2] > 1
    for form, first, end in zip(forms, pdf.first_pages, ends, strict=True):
        text = "".join(pages[first - 1 : end - 1])
        for member in form.members:
            assert squeezed(member.name) in text
            assert member.number in text
            assert text.count(member.items[1].name) >= len(form.members)
        assert ("装箱单补寄" in pages[first - 1]) == form.replacement
        assert all(form.reference in page for page in pages[first - 1 : end - 1])
        assert f"第{end - first}页，共{end - first}页" in pages[end - 2]
        assert seen.codes(first) == [("Code128", form.reference)]
    assert "全箱3人，共15件：党徽×3" in pages[0]


def test_three_members_with_six_things_each_fit_one_page() -> None:
    items = (*SLIP.members[0].items, ItemLine("《乡村振兴知识读本》", 1))
    members = tuple(replace(member, items=items) for member in SLIP.members)
    assert press.packing_slips([replace(SLIP, members=members)]).pages == 1


@pytest.mark.parametrize("rounds", [1, 12])
def test_the_pick_list_adds_up(read: Callable[[press.Pdf], Any], rounds: int) -> None:
    parcels = tuple(
        replace(parcel, sequence=n, reference=f"3K-{n:05d}-A")
        for n, parcel in enumerate(PICKS.parcels * rounds, start=1)
    )
    form = replace(PICKS, parcels=parcels)
    seen = read(press.pick_list(form))
    text = seen.text()
    assert f"包裹{6 * rounds}件，收件党员{6 * rounds}人，物品{30 * rounds}件" in text
    for item in form.totals:
        assert item.quantity == 6 * rounds
        assert f"{item.name}{item.quantity}" in text
    assert [text.index(parcel.reference) for parcel in parcels] == sorted(
        text.index(parcel.reference) for parcel in parcels
    )
    pages = seen.pages()
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页，共{len(pages)}页" in squeezed(page)
        assert "包裹编号" in page


def test_an_item_of_the_pick_list_keeps_together_with_its_number(read: Callable[[press.Pdf], Any]) -> None:
    names = ("党徽", "《中国共产党章程》", "《共产党精神谱系精选》", "《图说党史百年历程》", "红色家书", "便民联系卡")
    wide = ItemLine(f"《{'长' * 40}》", 2)
    items = (wide, *(ItemLine(name, 1) for name in names))
    text = read(press.pick_list(replace(PICKS, parcels=(replace(PICKS.parcels[0], items=items),)))).text()
    lines = [squeezed(line) for line in text.splitlines()]
    assert all(any(f"{name}×1" in line for line in lines) for name in names)
    assert squeezed(text).count("长") == 80  # the wide one is broken, and whole


def same(stamped: press.Pdf, plain: press.Pdf) -> bool:
    """Whether every page of two files looks alike."""
    pages = tuple(range(1, plain.pages + 1))
    one, other = replace(stamped, first_pages=pages), replace(plain, first_pages=pages)
    return release_check.first_difference(one, range(plain.pages), other) is None


PAIR = SLIP.members[0].items[:2]


@pytest.mark.usefixtures("one_checked")
def test_stamped_slips_look_like_laid_out_ones(read: Callable[[press.Pdf], Any]) -> None:
    names = ("张伟", "欧阳小芳", "阿不都热西提·买买提依明江·图尔荪托合提", "é", "李")
    forms = [
        replace(
            SLIP, reference=f"3K-{number:05d}-A", sequence=number, replacement=number % 5 == 4,
            members=tuple(SlipMember(names[(number + n) % 5], f"T-{n:04d}", PAIR) for n in range(number % 3 + 1)),
        )
        for number in range(1, 10)
    ]  # fmt: skip
    stamped, plain = press.packing_slips(forms, STAMP), press.packing_slips(forms, LAYOUT)
    assert (stamped.remark, stamped.first_pages, plain.stamped) == ("", plain.first_pages, 0)
    assert stamped.stamped > 20
    assert same(stamped, plain)
    seen = read(stamped)
    assert seen.codes(stamped.first_pages[-1]) == [("Code128", forms[-1].reference)]


@pytest.mark.usefixtures("one_checked")
def test_a_stamped_pick_list_looks_like_a_laid_out_one() -> None:
    names = ("张伟", "欧阳小芳", "阿不都热西提·买买提依明江·图尔荪托合提", "é", "李")
    parcels = tuple(
        replace(
            PICKS.parcels[0], sequence=n, reference=f"3K-{n:05d}-A", consignee=names[n % 5], members=1 + n % 3,
            items=tuple(replace(item, quantity=1 + n % 3) for item in PICKS.totals),
        )
        for n in range(1, 26)
    )  # fmt: skip
    form = replace(PICKS, parcels=parcels)
    stamped, plain = press.pick_list(form, STAMP), press.pick_list(form, LAYOUT)
    assert (stamped.remark, stamped.pages, plain.stamped) == ("", plain.pages, 0)
    assert stamped.stamped > 20
    assert same(stamped, plain)
