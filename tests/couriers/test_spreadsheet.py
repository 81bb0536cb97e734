import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from models import DeliveredTo, Tracking
from qianli.couriers.spreadsheet import read_events, read_waybills
from qianli.errors import BadInput
from qianli.ledger.problems import RowProblem

EVENTS_CSV = """邮件轨迹查询结果,,,,
邮件号,参考号,状态,操作时间,轨迹描述,网点
9812345678901,3K-00001-X,已收寄,2027-01-10 09:00:00,【贵阳市】已收寄,贵阳揽投部
９８１２３４５６７８９０１,,本人签收,2027年1月12日 10:30,已签收，签收人本人,晋江投递部
"""


def book(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("reference", "number"), [("包裹编号", "运单号"), ("客户订单号", "快递单号"), ("参考号*", "邮件 号")]
)
def test_waybills_under_any_usual_title(reference: str, number: str) -> None:
    content = book(
        (
            "回单",
            [["1 月 9 日收寄清单"], ["序号", reference, "收件人", number], [1, "3K-00001-X", "张伟", 9812345678901]],
        )
    )
    found = read_waybills(content, "回单.xlsx")
    assert [(row.reference, row.waybill_number, row.line.sheet, row.line.row) for row in found.rows] == [
        ("3K-00001-X", "9812345678901", "回单", 3)
    ]
    assert found.rows[0].line.values == {
        "序号": "1", reference: "3K-00001-X", "收件人": "张伟", number: "9812345678901"
    }  # fmt: skip


def test_waybills_of_every_sheet_and_what_is_wrong_with_rows() -> None:
    head = ["包裹编号", "运单号"]
    content = book(
        ("甲", [head, ["3K-00001-X", "sf 1234567890123"], ["3K-00002-X", None], [None, "SF1234567890124"]]),
        ("乙", [head, ["3K-00003-X", "待出单"], ["3K-00004-X", '=A1&"1"'], ["3K-00005-X", 1234567890123456]]),
        ("说明", [["这一张没有表"]]),
    )
    found = read_waybills(content, "两张表.xlsx")
    assert [row.waybill_number for row in found.rows] == ["SF1234567890123"]
    assert found.notices == [
        RowProblem("说明", 0, "", "没有找到需要的表头，这张工作表没有导入。"),
        RowProblem("甲", 3, "运单号", "还没有运单号，这一行先不登记。"),
    ]
    assert [(one.problem.sheet, one.problem.row, one.problem.column) for one in found.refused] == [
        ("甲", 4, "包裹编号"), ("乙", 2, "运单号"), ("乙", 3, "运单号"), ("乙", 4, "运单号"),
    ]  # fmt: skip
    assert "公式" in found.refused[2].problem.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_events_of_a_csv(encoding: str) -> None:
    found = read_events(EVENTS_CSV.encode(encoding), "轨迹.csv")
    first, second = (row.said for row in found.rows)
    assert (first.waybill_number, first.reference, first.tracking) == ("9812345678901", "3K-00001-X", Tracking.accepted)
    # 09:00 in Guiyang is 01:00 in UTC, computed by hand.
    assert first.happened_at == datetime(2027, 1, 10, 1, 0, tzinfo=UTC)
    assert (first.text, first.place) == ("【贵阳市】已收寄", "贵阳揽投部")
    assert (second.waybill_number, second.delivered_to) == ("9812345678901", DeliveredTo.member)
    assert second.happened_at == datetime(2027, 1, 12, 2, 30, tzinfo=UTC)
    assert second.raw == {
        "number": "9812345678901", "status": "本人签收", "time": "2027年1月12日 10:30", "text": "已签收,签收人本人",
        "place": "晋江投递部",
    }  # fmt: skip


def test_one_bad_event_does_not_lose_the_others() -> None:
    rows = [
        ["运单号", "包裹编号", "物流状态", "时间"],
        [None, None, "已收寄", "2027-01-10"],
        ["9812345678901", None, None, "2027-01-10"],
        ["9812345678901", None, "已收寄", "昨天"],
        ["查询无结果", None, "已收寄", "2027-01-10"],
        ["9812345678901", None, "飞走了", datetime(2027, 1, 10, 9, 0)],  # noqa: DTZ001 - as Excel has it
        ["9812345678901", None, "撤销签收", datetime(2027, 1, 11, 9, 0)],  # noqa: DTZ001 - as Excel has it
    ]
    found = read_events(book(("轨迹", rows)), "轨迹.xlsx")
    assert [(row.line.row, row.said.tracking, row.said.cancels) for row in found.rows] == [
        (6, Tracking.unknown, False),
        (7, Tracking.unknown, True),
    ]
    assert found.notices == [RowProblem("轨迹", 6, "物流状态", "不认识这个状态，已原样保存，按“未知”处理。")]
    assert [(one.problem.row, one.problem.column) for one in found.refused] == [
        (2, "运单号"), (3, "物流状态"), (4, "时间"), (5, "运单号"),
    ]  # fmt: skip


@pytest.mark.parametrize("reader", [read_waybills, read_events])
def test_a_file_without_our_columns_says_which_are_needed(reader: Any) -> None:
    with pytest.raises(BadInput, match=r"至少要有.*“运单号”") as caught:
        reader("姓名,电话\n张伟,1\n".encode(), "错了.csv")
    assert any("快递单号" in problem for problem in caught.value.problems)


def test_events_need_a_column_that_names_the_parcel() -> None:
    with pytest.raises(BadInput, match="找不到表头"):
        read_events("状态,时间\n已收寄,2027-01-10\n".encode(), "轨迹.csv")
