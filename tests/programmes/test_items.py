from datetime import date

import pytest

from qianli.errors import BadInput
from qianli.ledger.testing import workbook
from qianli.programmes.items import read_items

COLUMNS = ["百年党史天天读", "聆听党史故事"]
HEAD = ["栏目", "标题", "正文", "链接", "音频", "计划日期"]
MARKDOWN = """# 十二月

## 百年党史天天读
### 一二·九运动
日期：2026年12月9日
链接：https://study.example/129

1935 年 12 月 9 日，北平学生走上街头：要求抗日。

**停止内战**，一致对外。
### 没有内容的
## 没有的栏目
### 标题
正文
"""


def test_a_spreadsheet_row_by_row() -> None:
    rows = [
        ["十二月学习内容"],
        HEAD,
        ["百年党史天天读", "一二·九运动", "第一段，\n\n第二段。", "", "", date(2026, 12, 9)],
        ["百年党史天天读", "一二·九运动", "又一篇", "", "", ""],
        ["党史", "甲", "正文", "", "", ""],
        ["聆听党史故事", "", "正文", "javascript:alert(1)", "", "2026-02-30"],
        ["聆听党史故事", "乙", "", "", "https://u:p@audio.example/1", ""],
        ["聆听党史故事", "丙", "", "", "https://audio.example/1.mp3", ""],
    ]
    found = read_items(workbook({"内容": rows}), filename="内容.xlsx", columns=COLUMNS)
    assert [(one.row, one.title, one.planned_on) for one in found.rows] == [
        (3, "一二·九运动", date(2026, 12, 9)), (8, "丙", None),
    ]  # fmt: skip
    assert found.rows[0].text == "第一段，\n第二段。"
    assert [(one.row, one.column) for one in found.refused] == [
        (4, "标题"), (5, "栏目"), (6, "标题"), (6, "链接"), (6, "计划日期"), (7, "音频"),
    ]  # fmt: skip
    assert found.written["内容", 5]["标题"] == "甲"


def test_markdown() -> None:
    found = read_items(MARKDOWN.encode(), filename="十二月.md", columns=COLUMNS)
    (item,) = found.rows
    assert (item.row, item.planned_on, item.link) == (4, date(2026, 12, 9), "https://study.example/129")
    assert item.text == "1935 年 12 月 9 日，北平学生走上街头：要求抗日。\n**停止内战**，一致对外。"
    assert [(one.row, one.column) for one in found.refused] == [(11, "正文"), (13, "栏目")]


@pytest.mark.parametrize("content", [workbook({"内容": [["姓名"], ["张伟"]]}), workbook({"内容": [HEAD]})])
def test_a_file_without_items_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_items(content, filename="内容.xlsx", columns=COLUMNS)


@pytest.mark.parametrize("text", ["{姓名}", "# 标题", "**不成对", "长" * 5001])
def test_texts_that_cannot_be_printed(text: str) -> None:
    found = read_items(workbook({"a": [HEAD, [COLUMNS[0], "题", text]]}), filename="a.xlsx", columns=COLUMNS)
    assert [one.column for one in found.refused] == ["正文"]
