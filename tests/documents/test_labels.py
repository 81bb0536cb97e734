from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import press
from qianli.documents.forms import AddressLabel, PackingSlip, Sender
from qianli.errors import DocumentError

LABEL = AddressLabel.sample()
LONG_NAME = "阿不都热西提·买买提依明江·图尔荪托合提"
LONG_DETAIL = "喀热开其克乡科克铁热克村第三村民小组" * 5 + "七十八号院东侧第二排左门"
UGLY = [
    LABEL,
    replace(LABEL, waybill_number=None, postcode=None),
    replace(LABEL, name=LONG_NAME, region="新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县", detail=LONG_DETAIL),
    replace(LABEL, name="李", detail="1", region="上海市浦东新区", waybill_number="SF1234567890123"),
    replace(LABEL, name="<b>{{7*7}}</b>", detail="<img src=http://x>{% raw %}&amp;", waybill_number="JDVA12345678901"),
    replace(LABEL, sequence=99_999, content="图书、纪念品和学习用品", courier_name="中国邮政速递物流"),
    replace(LABEL, sender=Sender("便民服务中心" * 5, "0851-87654321", "贵州省贵阳市花溪区青石街道文昌路 18 号" * 3)),
    replace(LABEL, name="字" * 50, detail="址" * 300, content="图书、纪念品" * 7),
]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(("layout", "per_page"), [("roll_100x150", 1), ("a4_sheet", 4)])
def test_labels_say_exactly_their_forms(read: Callable[[press.Pdf], Any], layout: str, per_page: int) -> None:
    forms = [replace(form, reference=f"3K-{number:05d}-A") for number, form in enumerate(UGLY)]
    pdf = press.labels(forms, layout)
    assert pdf.first_pages == tuple(number // per_page + 1 for number in range(len(forms)))
    seen = read(pdf)
    pages = [squeezed(page) for page in seen.pages()]
    for form, page in zip(forms, pdf.first_pages, strict=True):
        wanted = (form.name, form.phone, form.region, form.detail, form.reference, form.content, form.courier_name)
        for text in (*wanted, form.waybill_number or "", form.sender.name, form.sender.phone, form.sender.address):
            assert squeezed(text) in pages[page - 1]
    for page in range(1, pdf.pages + 1):
        expected = [
            ("Code128", text)
            for form, first in zip(forms, pdf.first_pages, strict=True)
            if first == page
            for text in (form.reference, form.waybill_number)
            if text
        ]
        assert seen.codes(page) == sorted(expected)


def test_the_roll_is_100_by_150_mm(read: Callable[[press.Pdf], Any]) -> None:
    width, _, height, *_ = read(press.labels([LABEL], "roll_100x150")).info()["Page size"].split()
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (100, 150)


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
        ({"waybill_number": "单号1"}, "条形码不能用的字符"),
        ({"name": "张\ue000"}, "字库没有的字"),
    ],
)
def test_what_cannot_fit_is_refused(changes: dict[str, Any], what: str) -> None:
    with pytest.raises(DocumentError, match=what) as caught:
        press.labels([LABEL, replace(LABEL, **changes)], "roll_100x150")
    assert caught.value.ids.get("forms", [1]) == [1]
