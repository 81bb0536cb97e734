"""Dates as ledgers write them."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from qianli.errors import BadInput
from qianli.ledger.cells import Cell, text

EXCEL_EPOCH = date(1899, 12, 30)
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
SERIALS = range((date(1920, 1, 1) - EXCEL_EPOCH).days, (LATEST - EXCEL_EPOCH).days + 1)
NOTHING = {"", "无", "暂无", "没有", "不详", "未知", "-", "--", "—", "——", "/", "\\", "0", "N/A", "#N/A"}
HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
HAN_TENS = re.compile(r"([1-9]?)十([1-9]?)")
UNREADABLE = "日期读不懂，请写成 2021-07-01 或 2021年7月1日 这样"
WRITTEN = (
    re.compile(r"(?P<year>\d{4})年(?:(?P<month>\d{1,2})月?(?:份|(?P<day>\d{1,2})[日号]?)?)?"),
    re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?:(?P=mark)(?P<day>\d{1,2})[日号.]?)?"),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})?"),
    re.compile(r"(?P<year>(?:19|20)\d{2})"),
)
TIME_OF_DAY = re.compile(r"[ T]*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
TWO_DECIMALS = 2
LONGEST = 60


def read_date(cell: Cell) -> date | None:
    """The day a cell names; the first of the month or year where it names no day; None if it says nothing.

    Reads dates, Excel's serial numbers, 2021年7月1日, 2021.07, 2021/7/1, 20210701, 二〇二一年七月; BadInput for others.
    """
    value = cell.value
    if isinstance(value, date):
        return _within(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, float) and not value.is_integer() and value < SERIALS.start:
        return _decimal(value)
    said = text(cell)
    if len(said) > LONGEST:
        raise BadInput(UNREADABLE)
    written = TIME_OF_DAY.sub("", said).replace(" ", "")
    if written in NOTHING:
        return None
    serial = re.fullmatch(r"(\d{5})(\.\d+)?", written)
    if serial and int(serial[1]) in SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(serial[1]))
    return _written(written)


def _decimal(value: float) -> date:
    """2021.07 or 2021.7 typed as a number; 2021.1 may be January or October, and is refused."""
    year, _, month = f"{value:.10g}".partition(".")
    if month == "1":
        raise BadInput("日期被存成了小数，分不清是 1 月还是 10 月，请写成 2021年10月 这样")
    if len(month) > TWO_DECIMALS or not f"{year}{month}".isdecimal():
        raise BadInput(UNREADABLE)
    return _day(int(year), int(month), 1)


def _written(written: str) -> date:
    plain = _han_digits(written) if re.search("[一二三四五六七八九十]", written) else written
    for pattern in WRITTEN:
        if found := pattern.fullmatch(plain):
            parts = found.groupdict()
            return _day(int(parts["year"]), int(parts.get("month") or 1), int(parts.get("day") or 1))
    raise BadInput(UNREADABLE)


def _han_digits(written: str) -> str:
    digits = written.translate(HAN_DIGITS)
    return HAN_TENS.sub(lambda found: (found[1] or "1") + (found[2] or "0"), digits)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _within(date(year, month, day))
    except ValueError as error:
        raise BadInput("没有这一天，请核对年月日") from error


def read_until(cell: Cell) -> date | None:
    """The last day a cell speaks of, of what is paid up to then: of a month or year alone its last day.

    A month that a spreadsheet keeps as its first day is that month.
    """
    day = read_date(cell)
    if day is None or day.day != 1:
        return day
    said = re.sub(r"\s", "", TIME_OF_DAY.sub("", text(cell)))
    if re.fullmatch(r"[\d〇○零一二三四五六七八九]{4}年?", said):
        return day.replace(month=12, day=31)
    return day.replace(day=monthrange(day.year, day.month)[1])


def _within(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise BadInput("日期的年份不对，请核对")
    return day
