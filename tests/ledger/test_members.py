"""A ledger: rows out of bytes, with every problem by sheet, row and column."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.errors import BadInput
from qianli.ledger.columns import IDENTITY_CARD, VARIANTS
from qianli.ledger.members import Ledger, read_ledger
from qianli.ledger.out import write_xlsx

TODAY = date(2027, 1, 4)
NUMBER = "52010319850312101X"


def ledger(titles: list[str], *rows: list[str | int | float | date | None]) -> Ledger:
    return read_ledger(write_xlsx([("名册", titles, list(rows))]), filename="名册.xlsx", today=TODAY)


def test_the_official_columns_are_known() -> None:
    official = (
        "姓名 所在党支部 性别 民族 出生日期 学历 人员类别 加入党组织日期 转为正式党员日期 工作岗位 手机号 固定电话 "
        "家庭住址 党籍状态 是否为失联党员 失去联系日期 是否为流动党员 外出流向"
    )
    titles = {title for variants in VARIANTS.values() for title in variants}
    assert set(official.split()) <= titles


def test_no_title_stands_for_two_columns() -> None:
    titles = [title for variants in VARIANTS.values() for title in variants]
    assert len(titles) == len(set(titles))
    assert not any(word in title for word in IDENTITY_CARD for title in titles)


def test_a_row_becomes_a_member() -> None:
    said: dict[str, str | int | float | date | None] = {
        "姓名": "张 伟",
        "出生年月": "1985.03",
        "入党时间": "2008年6月20日",
        "联系电话": 13900001201,
        "现住址": "广东省深圳市南山区科技园1号",
        "核实日期": "2026-10-12",
        "外出时间": "2015年",
        "职业": "工人",
        "民族": "汉族",
        "党费交至": "2026年12月",
        "转正日期": "2009.06",
    }
    [row] = ledger(list(said), list(said.values())).rows
    assert (row.sheet, row.row, row.name, row.phone) == ("名册", 2, "张伟", "+8613900001201")
    assert (row.born_on, row.joined_on, row.address_on) == (date(1985, 3, 1), date(2008, 6, 20), date(2026, 10, 12))
    assert (row.away_since, row.occupation, row.address) == (date(2015, 1, 1), "工人", "广东省深圳市南山区科技园1号")
    assert row.dues_paid_until == date(2026, 12, 31)
    assert row.details == {"ethnicity": "汉族", "full_member_on": "2009-06-01"}


def test_dues_and_the_certificate() -> None:
    titles = ["姓名", "出生日期", "党费缴至", "活动证号", "发证时间", "查验日期"]
    read = ledger(
        titles,
        ["张伟", "1985-03-12", date(2026, 6, 1), 520103001, "2024年5月", "2026-10-08"],
        ["李娜", "1990-01-02", "已交清", "无", "", "2029-10-08"],
    )
    paid, unclear = read.rows
    assert (paid.dues_paid_until, paid.certificate_number) == (date(2026, 6, 30), "520103001")
    assert (paid.certificate_issued_on, paid.certificate_checked_on) == (date(2024, 5, 1), date(2026, 10, 8))
    assert (unclear.dues_paid_until, unclear.certificate_number) == (None, None)
    assert unclear.details == {"dues_paid_to": "已交清"}
    assert [(one.row, one.column) for one in read.notices] == [(3, "党费缴至"), (3, "查验日期")]


def test_a_landline_serves_where_there_is_no_mobile() -> None:
    [row] = ledger(["姓名", "手机号", "固定电话"], ["张伟", "/", "0851-85551234"]).rows
    assert row.phone == "+8685185551234"
    assert row.details == {"landline": "0851-85551234"}


def test_an_impossible_phone_goes_in_as_it_is_written() -> None:
    [row] = ledger(["姓名", "出生日期", "手机号"], ["张伟", "1985-03-12", "1390000"]).rows
    assert (row.phone, row.phone_written) == (None, "1390000")
    assert "核对位数" in (row.phone_problem or "")


def test_beside_a_current_address_the_home_address_is_a_detail() -> None:
    [row] = ledger(["姓名", "出生日期", "家庭住址", "现居住地址"], ["张伟", "1985-03-12", "老家1号", ""]).rows
    assert (row.address, row.details) == (None, {"home_address": "老家1号"})


@pytest.mark.parametrize(
    ("values", "column", "reason"),
    [
        ({"姓名": ""}, "姓名", "没有姓名"),
        ({"姓名": "张伟、李娜"}, "姓名", "几个人"),
        ({"姓名": "<i>张伟</i>"}, "姓名", "不能用的字符"),
        ({"出生日期": "八十年代"}, "出生日期", "日期读不懂"),
        ({"入党日期": "2021-02-30"}, "入党日期", "没有这一天"),
        ({"更新日期": "上月"}, "更新日期", "日期读不懂"),
        ({"现住址": "长" * 301}, "现住址", "太长"),
        ({"出生日期": "", "入党日期": "", "手机号": ""}, "姓名", "认不出是谁"),
    ],
)
def test_rows_that_go_back(values: dict[str, str], column: str, reason: str) -> None:
    good = {"姓名": "张伟", "出生日期": "1985-03-12", "入党日期": "2008-06-20", "手机号": "13900001201"}
    cells = good | {"更新日期": "", "现住址": ""} | values
    read = ledger(list(cells), list(cells.values()))
    assert read.rows == []
    assert [(one.sheet, one.row, one.column) for one in read.refused] == [("名册", 2, column)]
    assert reason in read.refused[0].reason


def test_a_formula_goes_back_where_it_would_be_read() -> None:
    content = b"\xef\xbb\xbf" + "序号,姓名,出生日期,手机号,年龄\r\n=ROW(),张伟,1985-03-12,=A1,=B1\r\n".encode()
    read = read_ledger(content, filename="a.csv", today=TODAY)
    assert [(one.column, one.reason[:6]) for one in read.refused] == [("手机号", "这一格是公式")]


def test_a_date_that_decides_nothing_is_only_remarked_on() -> None:
    read = ledger(["姓名", "出生日期", "外出时间", "失联日期"], ["张伟", "1985-03-12", "很久以前", "?"])
    assert len(read.rows) == 1
    assert [one.column for one in read.notices] == ["外出时间", "失联日期"]


def test_identity_card_numbers_are_dropped_wherever_they_stand() -> None:
    read = ledger(
        ["姓名", "身份证号码", "出生日期", "手机号", "备注", "现住址"],
        ["张伟", NUMBER, "1985-03-12", NUMBER, f"证号{NUMBER}", f"某地 {NUMBER}"],
        [f"李娜{NUMBER}", NUMBER, "没有", NUMBER, NUMBER, "某地"],
    )
    kept = f"{read.rows}{read.refused}{read.notices}{read.as_written('名册', 3)}"
    assert NUMBER not in kept
    assert NUMBER[:17] not in kept
    assert "身份证号码" not in read.as_written("名册", 3)


def test_unknown_columns_and_sheets_are_named() -> None:
    content = write_xlsx(
        [("说明", ["请按月填报"], []), ("名册", ["姓名", "出生日期", "血型"], [["张伟", "1985-03-12", "A"]])]
    )
    read = read_ledger(content, filename="a.xlsx", today=TODAY)
    assert [(one.sheet, one.column) for one in read.notices] == [("说明", ""), ("名册", "血型")]


def test_a_file_without_a_header_is_refused_without_showing_data() -> None:
    with pytest.raises(BadInput, match="没有找到表头") as refused:
        ledger(["张伟", "13900001201", "现住址"], ["李娜", "13900001202", ""])
    assert "13900001201" not in str(refused.value.problems)


CELLS = st.one_of(st.text(max_size=25), st.integers(-10, 10**12), st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=4))
def test_any_row_goes_in_or_back(rows: list[list[str | int | float | date | None]]) -> None:
    read = ledger(["姓名", "出生日期", "入党日期", "手机号", "现住址", "更新日期"], *rows)
    accounted = {row.row for row in read.rows} | {one.row for one in read.refused}
    assert not {row.row for row in read.rows} & {one.row for one in read.refused}
    assert accounted <= set(range(2, len(rows) + 2))
