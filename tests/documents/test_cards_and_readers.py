"""Contact cards and readers: on the right sheet, with the right name, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import press, release_check
from qianli.documents.forms import Contact, ContactCard, Copy, Reader
from qianli.documents.reader_text import blocks, read_text
from qianli.errors import BadInput, DocumentError

pytestmark = pytest.mark.slow

CARD = ContactCard.sample()
NAMES = ["张伟", "欧阳小芳", "阿依古丽·买买提", "John Smith", "阿不都热西提·买买提依明江·图尔荪托合提", "翼", "张𠅤"]
STAMP, LAYOUT = press.Pressing("stamp", seed=7, worth=1), press.Pressing("layout")


def cards(count: int) -> list[ContactCard]:
    return [replace(CARD, name=NAMES[n % len(NAMES)], number=f"QLCS-2027-{n + 1:04d}") for n in range(count)]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.usefixtures("one_checked")
def test_ten_cards_a_sheet_stamped_as_laid_out(read: Callable[[press.Pdf], Any]) -> None:
    forms = cards(12)
    made, plain = press.contact_cards(forms, STAMP), press.contact_cards(forms, LAYOUT)
    assert (made.remark, made.pages, made.first_pages) == ("", 2, (1,) * 10 + (2,) * 2)
    assert made.stamped > 0
    assert (
        release_check.first_difference(replace(made, first_pages=(1, 2)), (0, 1), replace(plain, first_pages=(1, 2)))
        is None
    )
    pages = [squeezed(page) for page in read(made).reading_order()]
    for form, page in zip(forms, made.first_pages, strict=True):
        assert squeezed(form.name) in pages[page - 1]
        assert form.number in pages[page - 1]
    assert pages[0].count(squeezed(CARD.phone)) == 10
    assert pages[1].count("驻村联络员") == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sender": "很长的单位" * 9}, "发文单位名称太长"),
        (
            {"contacts": (Contact("周敏", "负责联系外出党员的组织委员兼网格员、便民服务站站长", "139"),)},
            "联系人的姓名和职务太长",
        ),
        ({"contacts": (Contact("周敏", "委员", "0851-8765 4321 转 8001，0851-8765 4322"),)}, "联系人的电话太长"),
        ({"name": "很长的名字" * 7}, "姓名太长"),
    ],
)
def test_what_does_not_fit_a_card_is_refused_by_index(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(DocumentError, match=says) as caught:
        press.contact_cards([CARD, replace(CARD, **changes)])
    assert caught.value.ids["forms"] == [1]


def test_a_reader_has_a_title_page_a_copy_and_begins_on_a_front_side(read: Callable[[press.Pdf], Any]) -> None:
    reader = Reader.sample(3)
    long = replace(reader, text=reader.text + "## 附录\n" + "家乡的消息。\n" * 30)
    made = press.readers(long)
    assert made.first_pages == (1, 7, 13)
    pages = [squeezed(page) for page in read(made).reading_order()]
    for copy, first in zip(reader.copies, made.first_pages, strict=True):
        assert squeezed(f"赠{copy.name}同志{copy.number}") in pages[first - 1]
        assert reader.sender in pages[first - 1]
        assert "附录4" in pages[first].replace(".", "")
        assert "路灯一直亮到巷口" in pages[first + 1]
        assert all(f"—{number}—" in pages[first + number - 1] for number in range(1, 6))
    assert press.readers(long).content == made.content
    short = press.readers(replace(reader, text="# 小册子\n只有一句。", copies=(Copy("T-1", "张伟"),)))
    assert short.pages == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("正文", "第一行要写书名"),
        ("# 书\n# 又一本\n正文", "只写一次"),
        ("# 书\n## 栏目", "还没有正文"),
        ("# 书\n<b>正文</b>", "第 2 行里有网页标记"),
        ("# 书\n正文{姓名}", "第 2 行里有花括号"),
        ("# 书\n**正文", "没有成对"),
        ("# 书\n## **栏目**\n正文", "标题，不能用"),
        ("# " + "长" * 31 + "\n正文", "最多 30 个字"),
        ("# 书\n##\n正文", "标题是空的"),
        ("# 书\n正文\x07", "控制字符"),
        ("# 书\n" + "文\n" * 2001, "最多 2000 段"),
    ],
)
def test_a_reader_that_would_not_print_as_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_text(text.encode(), "读本.md")
    assert any(says in one for one in caught.value.problems)


def test_a_reader_is_read_in_pieces() -> None:
    text = read_text("\ufeff# 书\r\n##栏目\r\n### 条目\r\n- **一**点\r\n\r\n段".encode(), "读本.md")
    assert [one.part for one in blocks(text)] == ["heading", "column", "item", "point", "paragraph"]
    for raw, says in ((b"\xff", "UTF-8"), (b"x" * 500_000, "太大")):
        with pytest.raises(BadInput, match=says):
            read_text(raw, "读本.md")
