"""Any file whatever: a result in which every row is accounted for, or a sentence; never another exception."""

# ruff: noqa: DTZ001, E501 - spreadsheets know no zones; strategies read better on one line

import csv
import io
import os
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianli.campaigns.definition import read_campaign
from qianli.couriers.spreadsheet import read_events, read_waybills
from qianli.errors import BadInput
from qianli.kits.definition import read_kit
from qianli.ledger.members import read_ledger
from qianli.ledger.sheets import read_sheets
from qianli.ledger.testing import altered, data_xml, package, row_xml, workbook
from qianli.settings import ROOT
from qianli.stages.importing import import_members

TODAY = date(2027, 1, 4)
TITLES = ["序号", "姓名", "出生日期", "入党日期", "手机号", "现居住地址", "核实日期", "备注"]
EVENTS = ["包裹编号", "运单号", "状态", "时间", "描述", "地点"]
ODD = st.sampled_from([
    "张伟", "李娜、王强", "\u202e李\u200b娜", "１３９００００１２０１", "1.39E+10", "=A1", "'=1", "#REF!", "2021.7", "2021-02-30", "合计", "（必填）",
    "示例", "\ufffd", "T" * 300, "(" * 300, "广东省深圳市南山区科技园1号", "52010319850312101X", "_xD800_", "姓名", "\U000f0000", "\u2028", "无",
])  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FIT_FOR_XML = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([44378, 2021.7, 1.39e10]),
)
CELLS = st.one_of(
    st.none(), ODD, FIT_FOR_XML, NUMBERS, st.booleans(), st.dates(date(1900, 3, 1)), st.datetimes(datetime(1900, 3, 1))
)  # fmt: skip
#: More of them with FUZZ=1000, as tests/conftest.py says.
fuzz = settings(max_examples=int(os.environ.get("FUZZ", "30")), suppress_health_check=list(HealthCheck))


def table(cells: st.SearchStrategy[Any], width: int) -> st.SearchStrategy[list[list[Any]]]:
    return st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=5)


def as_csv(rows: list[list[Any]], delimiter: str = ",") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode()


def rows_of(content: bytes, name: str) -> set[int]:
    [sheet] = read_sheets(content, filename=name)
    return {number for number, row in enumerate(sheet.rows, start=1) if row}


def account_for(content: bytes, name: str, size: int) -> None:
    """Every row below the header goes in, goes back, or is a footer, a hint, a header or empty."""
    ledger = read_ledger(content, filename=name, today=TODAY)
    taken, refused = {row.row for row in ledger.rows}, {one.row for one in ledger.refused}
    [read] = ledger.tables.values()
    assert not taken & refused
    assert taken | refused == {number for number, _ in read.rows}
    assert taken | refused <= set(range(2, size + 2))


@fuzz
@given(table(CELLS, len(TITLES)))
def test_any_cells_of_a_workbook(rows: list[list[Any]]) -> None:
    account_for(workbook({"名册": [TITLES, *rows]}), "名册.xlsx", len(rows))


@fuzz
@given(table(st.one_of(ODD, TEXT), len(TITLES)), st.sampled_from(",;\t"))
def test_any_cells_of_a_csv(rows: list[list[Any]], delimiter: str) -> None:
    try:
        account_for(as_csv([TITLES, *rows], delimiter), "名册.csv", len(rows) * 40)
    except BadInput as error:
        assert "编码认不出来" in error.message  # noqa: PT017 - control characters by the dozen are no text


@fuzz
@given(table(CELLS, len(EVENTS)))
def test_any_cells_of_a_couriers_file(rows: list[list[Any]]) -> None:
    content = workbook({"轨迹": [EVENTS, *rows]})
    for read in (read_events, read_waybills):
        found = read(content, "轨迹.xlsx")
        accounted = {row.line.row for row in found.rows} | {one.problem.row for one in found.refused}
        accounted |= {one.row for one in found.notices}
        assert accounted <= rows_of(content, "轨迹.xlsx")


BOOK = workbook({"名册": [TITLES, [1, "张伟", date(1985, 3, 12), 44378, 13900001201, "广东省深圳市", "2026.10", "好"]]})
COURIER = workbook({"轨迹": [EVENTS, ["T-00001-X", "9812345678901", "已收寄", "2026-11-20 09:00", "", ""]]})
TABLE = as_csv([TITLES, ["1", "张伟", "1985-03-12", "", "13900001201", "广东省,深圳市", "", '说"好"']])
KIT = (ROOT / "examples/study-books/kit.yaml").read_bytes()
CAMPAIGN = (ROOT / "examples/study-books/campaign.yaml").read_bytes()
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["put", "cut", "double"]), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5
)  # fmt: skip


def mutated(content: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    for place, kind, bytes_ in changes:
        at = int(place * len(content))
        if kind == "put":
            content = content[:at] + bytes_ + content[at + len(bytes_) :]
        elif kind == "cut":
            content = content[:at] + content[at + len(bytes_) :]
        else:
            content = content[:at] + content[at : at + 40] + content[at:]
    return content


READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "a workbook": (lambda content: read_ledger(content, filename="a.xlsx", today=TODAY), BOOK),
    "a CSV": (lambda content: read_ledger(content, filename="a.csv", today=TODAY), TABLE),
    "a courier's workbook": (lambda content: read_events(content, "a.xlsx"), COURIER),
    "a kit": (read_kit, KIT),
    "a campaign": (read_campaign, CAMPAIGN),
}


@pytest.mark.parametrize(("read", "good"), READERS.values(), ids=READERS)
@fuzz
@given(changes=CHANGES)
def test_changed_bytes(read: Callable[[bytes], object], good: bytes, changes: list[tuple[float, str, bytes]]) -> None:
    try:
        read(mutated(good, changes))
    except BadInput as error:
        assert error.message  # noqa: PT017 - either a result or a sentence


PARTS = [name for name in zipfile.ZipFile(io.BytesIO(BOOK)).namelist() if name.endswith((".xml", ".rels"))]


@fuzz
@given(part=st.sampled_from(PARTS), changes=CHANGES)
def test_changed_parts_of_a_workbook(part: str, changes: list[tuple[float, str, bytes]]) -> None:
    content = altered(BOOK, {part: lambda xml: mutated(xml, changes)})
    try:
        read_ledger(content, filename="a.xlsx", today=TODAY)
    except BadInput as error:
        assert error.message  # noqa: PT017 - either a result or a sentence


@fuzz
@given(st.floats().map(lambda value: struct.unpack("<d", struct.pack("<d", value))[0]), st.integers(1, 6))
def test_any_number_xml_can_hold(value: float, column: int) -> None:
    """NaN, infinities and numbers beyond all dates, in every column."""
    cells = ["T-00001-X", "9812345678901", "已收寄", "2026-11-20", "", ""]
    cells[column - 1] = value  # type: ignore[call-overload]  # a number among strings
    read_events(package(data_xml(row_xml(1, *EVENTS), row_xml(2, *cells))), "a.xlsx")
    read_ledger(package(data_xml(row_xml(1, *TITLES), row_xml(2, 1, *cells))), filename="a.xlsx", today=TODAY)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.dates(), st.datetimes())


def holding(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.one_of(SCALARS, st.sampled_from(["items", "sku", "quantity", "default", "by_province", "yuan"]))
    return st.one_of(SCALARS, st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3))


TREES = holding(holding(holding(SCALARS)))
KEYS = [
    "code",
    "name",
    "items",
    "organisation",
    "kit",
    "postage",
    "courier",
    "sender",
    "letter_date",
    "audience",
    "letter",
]


@pytest.mark.parametrize("read", [read_kit, read_campaign])
@fuzz
@given(tree=st.dictionaries(st.sampled_from(KEYS), TREES))
def test_any_tree_in_yaml(read: Callable[[bytes], object], tree: dict[str, Any]) -> None:
    try:
        read(yaml.safe_dump(tree, allow_unicode=True).encode("utf-8", "replace"))
    except BadInput as error:
        assert error.message  # noqa: PT017 - either a result or a sentence


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(rows=table(CELLS, len(TITLES)), as_text=st.booleans())
def test_the_same_file_twice_changes_nothing(place: Any, rows: list[list[Any]], *, as_text: bool) -> None:
    """Into a database that fills up from example to example; what went in once is known the second time."""
    content = as_csv([TITLES, *rows]) if as_text else workbook({"名册": [TITLES, *rows]})
    name = "名册.csv" if as_text else "名册.xlsx"

    def take_in() -> Any:
        return import_members(content, filename=name, organisation="青石镇党委", by="user:test")

    try:
        first = take_in()
    except BadInput:
        return
    again = take_in()
    assert (again.added, again.changed) == (0, 0)
    assert again.unchanged == first.added + first.changed + first.unchanged
    assert again.rejected == first.rejected
