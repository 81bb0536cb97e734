import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import press, release_check
from qianli.documents.forms import AddressLabel, PackingSlip, Sender
from qianli.errors import DocumentError

LABEL = AddressLabel.sample()
LONG_NAME = "阿不都热西提·买买提依明江·图尔荪托合提"
LONG_DETAIL = "喀热开其克乡科克铁热克村第三村民小组" * 5 + "七十八号院东侧第二排左门"
UGLY = [
    LABEL,
    replace(LABEL, waybill_number=None, postcode=None, route_code=None),
    replace(LABEL, name=LONG_NAME, region="新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县", detail=LONG_DETAIL),
    replace(LABEL, name="李", detail="1", region="上海市浦东新区", waybill_number="SF1234567890123", route_code=None),
    replace(
        LABEL,
        name="<b>{{7*7}}</b>",
        detail="<img src=http://x>{% raw %}&amp;",
        waybill_number="JDVA12345678901",
        route_code="1",
    ),
    replace(
        LABEL, sequence=99_999, content="图书、纪念品和学习用品", courier_name="中国邮政速递物流", route_code="523"
    ),
    replace(LABEL, sender=Sender("便民服务中心" * 5, "0851-87654321", "贵州省贵阳市花溪区青石街道文昌路 18 号" * 3)),
    replace(LABEL, name="字" * 50, detail="址" * 300, content="图书、纪念品" * 7),
]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("layout", "per_page", "from_label"),
    [
        ("roll_100x150", 1, 1),
        ("a4_sheet", 4, 3),
        pytest.param("roll_76x130", 1, 1, marks=pytest.mark.slow),
        pytest.param("roll_100x180", 1, 1, marks=pytest.mark.slow),
        pytest.param("a4_sheet", 4, 1, marks=pytest.mark.slow),
    ],
)
def test_labels_say_exactly_their_forms(
    read: Callable[[press.Pdf], Any], layout: str, per_page: int, from_label: int
) -> None:
    some = UGLY[:6] if layout == "roll_76x130" else UGLY
    forms = [replace(form, reference=f"3K-{number:05d}-A") for number, form in enumerate(some)]
    pdf = press.labels(forms, layout, from_label=from_label)
    assert pdf.first_pages == tuple((number + from_label - 1) // per_page + 1 for number in range(len(forms)))
    seen = read(pdf)
    pages = [squeezed(page) for page in seen.pages()]
    for form, page in zip(forms, pdf.first_pages, strict=True):
        wanted = (form.name, form.phone, form.region, form.detail, form.reference, form.content, form.courier_name)
        numbers = (form.waybill_number or "", form.route_code or "")
        for text in (*wanted, *numbers, form.sender.name, form.sender.phone, form.sender.address):
            assert squeezed(text) in pages[page - 1]
    assert seen.codes_from(1, pdf.pages, 203) == [codes_on(page, forms, pdf) for page in range(1, pdf.pages + 1)]


def codes_on(page: int, forms: list[AddressLabel], pdf: press.Pdf) -> list[tuple[str, str]]:
    """What a page's codes say."""
    here = [form for form, first in zip(forms, pdf.first_pages, strict=True) if first == page]
    texts = [text for form in here for text in (form.reference, form.waybill_number) if text]
    return sorted(("Code128", text) for text in texts)


def seeded_labels(count: int) -> list[AddressLabel]:
    """Labels of one campaign, with what real ones differ in; every seventh is laid out by itself."""
    chance = random.Random(count)  # noqa: S311 - seeded samples
    made = []
    for number in range(count):
        name = "".join(chance.choices("王李张欧阳小芳伟秀英古丽·", k=chance.randint(2, 9))).strip("·")
        room = "".join(chance.choices("0123456789-AB栋单元室号东（门）路园，", k=chance.randint(0, 40)))
        form = replace(LABEL, name=name, detail=f"青阳街道崇德路 {number} 号{room}", sequence=number + 1)
        form = replace(form, reference=f"3K-{number:05d}-A", waybill_number=f"98{number:011d}" if number % 5 else None)
        form = replace(form, route_code=f"{number % 4 + 520}-A1-{number:02d} 03" if number % 5 else None)
        made.append(replace(form, name=f"{name}/é" if number % 7 == 3 else name))
    return made


@pytest.mark.usefixtures("one_checked")
@pytest.mark.parametrize("layout", ["roll_100x150", pytest.param("a4_sheet", marks=pytest.mark.slow)])
def test_stamped_labels_look_like_laid_out_ones(read: Callable[[press.Pdf], Any], layout: str) -> None:
    forms = seeded_labels(24)
    stamped = press.labels(forms, layout, press.Pressing("stamp", 7, worth=1), from_label=2)
    plain = press.labels(forms, layout, press.Pressing("layout"), from_label=2)
    assert (stamped.remark, plain.stamped) == ("", 0)
    assert stamped.stamped > 18
    assert stamped.first_pages == plain.first_pages
    assert release_check.first_difference(every_page(stamped), range(stamped.pages), every_page(plain)) is None
    its = [squeezed(page) for page in read(plain).reading_order()]
    seen = read(stamped)
    assert [squeezed(page) for page in seen.reading_order()] == its
    for page in range(1, stamped.pages + 1, 9):
        assert seen.codes(page) == codes_on(page, forms, stamped)


def every_page(pdf: press.Pdf) -> press.Pdf:
    """The same file, each page for itself."""
    return replace(pdf, first_pages=tuple(range(1, pdf.pages + 1)))


@pytest.mark.parametrize(
    ("layout", "size"), [("roll_76x130", (76, 130)), ("roll_100x150", (100, 150)), ("roll_100x180", (100, 180))]
)
def test_rolls_are_as_large_as_they_are_called(
    read: Callable[[press.Pdf], Any], layout: str, size: tuple[int, int]
) -> None:
    width, _, height, *_ = read(press.labels([LABEL], layout)).info()["Page size"].split()
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == size


def test_the_outside_tells_nothing(read: Callable[[press.Pdf], Any]) -> None:
    slip = PackingSlip.sample()
    seen = read(press.labels([LABEL], "roll_100x150"))
    revealing = {slip.campaign_name, slip.sender, "党", "支部", "家书", *(item.name for item in slip.totals)}
    assert not [word for word in revealing if word in seen.text() + str(seen.info())]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"detail": "很长的地址" * 90}, "收件地址太长"),
        ({"name": "字" * 120}, "收件人姓名太长"),
        ({"sender": Sender("字" * 200, "1", "字" * 200)}, "寄件人太长"),
        ({"content": "图书、纪念品" * 20}, "内件品名太长"),
        ({"waybill_number": "ABCDEFGHIJ" * 5}, "条形码排不下"),
        ({"route_code": "755WE-571A3" * 4}, "分拣码太长"),
        ({"waybill_number": "单号1"}, "条形码不能用的字符"),
        ({"name": "张\ue000"}, "字库没有的字"),
    ],
)
def test_what_cannot_fit_is_refused(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(DocumentError, match=what) as caught:
        press.labels([LABEL, replace(LABEL, **changes)], "roll_100x150")
    assert caught.value.ids.get("forms", [1]) == [1]
