"""The table in a sheet."""

from qianli.ledger.cells import Cell, Sheet
from qianli.ledger.tables import Table, find_table

VARIANTS = {
    "name": ["姓名", "党员姓名"],
    "phone": ["手机号", "联系电话"],
    "address": ["现住址", "家庭住址"],
    "no": ["序号"],
}


def sheet(*rows: list[str]) -> Sheet:
    return Sheet("表", [[Cell(value or None) for value in row] for row in rows])


def found(*rows: list[str]) -> Table:
    table = find_table(sheet(*rows), variants=VARIANTS, required={"name"})
    assert table is not None
    return table


def test_the_header_is_found_below_title_rows() -> None:
    table = found(
        ["花名册"],
        [],
        ["填报单位：某支部", "", "姓名附后"],
        ["序号", " 姓 名*", "手机号（必填）"],
        ["1", "张伟", "139"],
    )
    assert (table.header_row, table.columns) == (4, {"no": 0, "name": 1, "phone": 2})
    assert [number for number, _ in table.rows] == [5]
    assert table.headers[2] == "手机号(必填)"


def test_a_header_in_two_rows() -> None:
    table = found(["序号", "姓名", "联系", ""], ["", "", "手机号", "现住址"], ["1", "张伟", "139", "某地"])
    assert table.columns == {"no": 0, "name": 1, "phone": 2, "address": 3}
    assert [number for number, _ in table.rows] == [3]


def test_the_better_title_wins_where_two_columns_are_of_one_kind() -> None:
    assert found(["姓名", "家庭住址", "现住址"], ["张伟", "甲", "乙"]).columns["address"] == 2


def test_footers_blank_rows_and_repeated_headers_are_dropped() -> None:
    table = found(
        ["序号", "姓名", "手机号"],
        ["1", "张伟", "139"],
        [],
        ["序号", "姓名", "手机号"],
        ["2", "李娜", ""],
        ["合计", "", "2"],
        ["填表人：王强   审核人：赵敏   填表日期：2026年12月1日"],
        ["说明：空着的没有电话"],
        ["共 2 人"],
        ["第 1 页 共 1 页"],
    )
    assert [number for number, _ in table.rows] == [2, 5]


def test_a_row_without_a_name_is_no_footer() -> None:
    assert [number for number, _ in found(["姓名", "手机号"], ["", "139"]).rows] == [2]


def test_without_the_required_column_there_is_no_table() -> None:
    assert find_table(sheet(["手机号", "现住址"]), variants=VARIANTS, required={"name"}) is None
    assert find_table(sheet(), variants=VARIANTS, required={"name"}) is None
