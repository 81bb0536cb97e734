"""Dates as ledgers write them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.errors import BadInput
from qianli.ledger.cells import Cell
from qianli.ledger.dates import EXCEL_EPOCH, read_date, read_until

FIRST = date(2021, 7, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2021年7月1日", "2021年07月01号", "2021.7.1", "2021/7/1", "2021-07-01", "2021－07－01", "20210701", 20210701,
        44378, 44378.0, "44378", "2021-07-01 00:00:00", "２０２１年７月１日", "二〇二一年七月一日", FIRST,
        datetime(2021, 7, 1, 9, 30),  # noqa: DTZ001 - spreadsheets know no zones
        "2021年7月", "2021年7月份", "2021.07", "2021.7", "2021/7", 2021.07, 202107, "202107",
    ],
)  # fmt: skip
def test_one_day_in_many_styles(written: object) -> None:
    assert read_date(Cell(written)) == FIRST  # type: ignore[arg-type]  # any value a library hands us


@pytest.mark.parametrize("written", ["2021年", "2021", 2021])
def test_a_year_is_its_first_day(written: object) -> None:
    assert read_date(Cell(written)) == date(2021, 1, 1)  # type: ignore[arg-type]  # any value a library hands us


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2026年6月", "2026-06-30"), ("2026.02", "2026-02-28"), (date(2026, 6, 1), "2026-06-30"), (2024, "2024-12-31"),
        ("二〇二六年", "2026-12-31"), ("2026年1月", "2026-01-31"), ("2026-06-15", "2026-06-15"),
        ("202606", "2026-06-30"),
    ],
)  # fmt: skip
def test_paid_until_a_month_is_until_its_last_day(written: object, last: str) -> None:
    assert read_until(Cell(written)) == date.fromisoformat(last)  # type: ignore[arg-type]  # any value of a library


@pytest.mark.parametrize("written", [None, "", " ", "无", "/", "-", "不详"])
def test_nothing_is_none(written: str | None) -> None:
    assert read_date(Cell(written)) is None


@pytest.mark.parametrize(
    "written",
    ["去年", "2021年13月", "2021-02-30", "85.7.1", "2021.7.1.2", "1021-01-01", 99999999, 123456, 3.5, "至今", "七"],
)
def test_the_rest_is_refused(written: object) -> None:
    with pytest.raises(BadInput):
        read_date(Cell(written))  # type: ignore[arg-type]  # any value a library hands us


def test_a_number_that_lost_its_zero_is_refused() -> None:
    with pytest.raises(BadInput, match="1 月还是 10 月"):
        read_date(Cell(2021.1))


def test_chinese_tens() -> None:
    assert read_date(Cell("一九九八年十月二十三日")) == date(1998, 10, 23)
    assert read_date(Cell("二〇一〇年十二月三十日")) == date(2010, 12, 30)


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_every_day_in_every_style(day: date) -> None:
    styles: list[str | int | date] = [
        day, day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02d}.{day.day:02d}", f"{day:%Y%m%d}", (day - EXCEL_EPOCH).days,
    ]  # fmt: skip
    assert {read_date(Cell(style)) for style in styles} == {day}


@given(st.one_of(st.text(max_size=20), st.floats(allow_nan=True), st.integers()))
def test_anything_is_a_day_nothing_or_refused(value: str | float) -> None:
    try:
        day = read_date(Cell(value))
    except BadInput:
        return
    assert day is None or date(1900, 1, 1) <= day <= date(2100, 12, 31)
