"""A ledger of members: bytes in, rows out, with every problem by sheet, row and column."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from qianli.errors import BadInput
from qianli.folding import fold_header
from qianli.ledger.cells import Cell, Sheet, text, unusable
from qianli.ledger.columns import DETAILS, HOME_TITLES, IGNORED, NAME, VARIANTS, corrected, is_identity_card
from qianli.ledger.dates import NOTHING, read_date, read_until
from qianli.ledger.formulas import restored
from qianli.ledger.member_row import MemberRow
from qianli.ledger.names import read_name
from qianli.ledger.phones import read_phone
from qianli.ledger.privacy import without_identity_numbers
from qianli.ledger.problems import RowProblem
from qianli.ledger.rowkeys import RowKey, read_key
from qianli.ledger.sheets import read_sheets
from qianli.ledger.tables import Table, find_table

LONGEST = {"address": 300, "occupation": 100, "postcode": 6, "certificate_number": 32}
LONGEST_DETAIL = 300
LONGEST_PHONE = 64
BRANCH = re.compile("支部|总支|党委|党组")
FUTURE = "日期在今天之后，请核对年份"


@dataclass
class Ledger:
    """What was read of a file: rows to go in, refusals, remarks, and the tables they come from."""

    rows: list[MemberRow] = field(default_factory=list)
    refused: list[RowProblem] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)
    variants: dict[str, list[str]] = field(default_factory=lambda: VARIANTS)

    def title(self, sheet: str, name: str) -> str:
        """A column's title as this sheet writes it; empty if it has none."""
        table = self.tables[sheet]
        return table.headers[table.columns[name]] if name in table.columns else ""

    def as_written(self, sheet: str, row: int) -> dict[str, str]:
        """A row by its titles, without identity-card numbers and what an earlier fix-it file added."""
        cells, found = self.tables[sheet].row(row), dict[str, str]()
        for index, title in self.tables[sheet].headers.items():
            if not is_identity_card(title) and fold_header(title) not in IGNORED["fixit"]:
                shown = title if title not in found else f"{title} {index + 1}"
                found[shown] = without_identity_numbers(text(cells[index])) if index < len(cells) else ""
        return found


def read_ledger(
    content: bytes,
    *,
    filename: str,
    today: date,
    only: str | None = None,
    extra: Mapping[str, list[str]] = MappingProxyType({}),
    titles: Mapping[str, str] = MappingProxyType({}),
    seen: Callable[[int], None] | None = None,
) -> Ledger:
    """Read every sheet with a header that names people; BadInput if there is none.

    `extra` are columns of a list that is more than a ledger: what stands there is kept with the row's details.
    `titles` is what a person said: title → the column it means, or "" for none.
    """
    ledger = Ledger(variants=corrected(VARIANTS | dict(extra), titles))
    sheets = read_sheets(content, filename=filename, only=only, seen=seen)
    for sheet in sheets:
        ledger.notices += [RowProblem(sheet.name, 0, "", remark) for remark in sheet.remarks]
        if sheet.hidden and only is None:
            ledger.notices.append(RowProblem(sheet.name, 0, "", "工作表是隐藏的，没有导入；需要时请用 --sheet 指明"))
        elif table := find_table(sheet, variants=ledger.variants | IGNORED, required={NAME}):
            _read_table(ledger, table, today)
        elif sheet.rows:
            ledger.notices.append(RowProblem(sheet.name, 0, "", "没有找到带“姓名”的表头，这张工作表没有导入"))
    if not ledger.tables:
        raise BadInput(
            "没有找到表头：至少要有一列叫“姓名”。如果文件看起来正常，可能是编码不对，请另存为 XLSX 再导入。",
            [f"工作表“{sheet.name}”的第一行：{_first_row(sheet)}" for sheet in sheets if sheet.rows],
        )
    if not ledger.rows and not ledger.refused:
        ledger.notices.append(RowProblem("", 0, "", "找到了表头，下面却没有一行内容，什么也没有导入"))
    if len(ledger.tables) > 1:
        said = f"读了 {len(ledger.tables)} 张工作表（{'、'.join(ledger.tables)}），都记在这一次指明的组织名下"
        ledger.notices.append(RowProblem("", 0, "", f"{said}；要分开记，请用 --sheet 逐张导入"))
    return ledger


def _first_row(sheet: Sheet) -> str:
    """Titles only help if they are titles; of a row of data nothing is shown."""
    row = next((row for row in sheet.rows if row), [])
    return "、".join(shown for cell in row[:8] if (shown := text(cell)) and not any(map(str.isdigit, shown)))[:80]


def _read_table(ledger: Ledger, found: Table, today: date) -> None:
    table = _with_home_address(found)
    ledger.tables[table.sheet] = table
    details = [name for name in ledger.variants if name in DETAILS or name not in VARIANTS]
    ledger.notices += _unread_columns(table, ledger.variants)
    for number, cells in table.rows:
        refused, notices, row = _RowReader(table, number, cells, today, details).read()
        ledger.refused += refused
        if not refused:
            ledger.notices += notices
            ledger.rows.append(row)


def _with_home_address(table: Table) -> Table:
    """Beside a better column for the current address, the home address is kept as what it is."""
    home = [index for index, title in table.headers.items() if fold_header(title) in HOME_TITLES]
    if not home or "home_address" in table.columns or home[0] == table.columns.get("address"):
        return table
    return replace(table, columns=table.columns | {"home_address": home[0]})


def _unread_columns(table: Table, variants: Mapping[str, list[str]]) -> Iterator[RowProblem]:
    known = {fold_header(title) for titles in variants.values() for title in titles}
    past = {fold_header(title) for titles in IGNORED.values() for title in titles}
    for index, title in table.headers.items():
        if index in table.columns.values() or is_identity_card(title) or fold_header(title) in past:
            continue
        reason = "同类的列已有一列，这一列没有导入" if fold_header(title) in known else "这一列不认识，没有导入"
        yield RowProblem(table.sheet, table.header_row, title, reason)


class _RowReader:
    """One row being read: its values so far, and what was found wrong with it."""

    def __init__(self, table: Table, number: int, cells: list[Cell], today: date, details: Sequence[str]) -> None:
        self.table, self.number, self.cells, self.today = table, number, cells, today
        self.details = details
        self.refused: list[RowProblem] = []
        self.notices: list[RowProblem] = []

    def read(self) -> tuple[list[RowProblem], list[RowProblem], MemberRow]:
        """Refusals, notices and the row."""
        if reasons := self._unusable():
            self.refused += reasons
            return self.refused, [], MemberRow(self.table.sheet, self.number)
        key = self._key()
        phone, phone_written, phone_problem = self._phone()
        row = MemberRow(
            sheet=self.table.sheet,
            row=self.number,
            key=key,
            name=self._name(known=key is not None),
            born_on=self._past("born_on", self.refused, self.refused),
            joined_on=self._past("joined_on", self.refused, self.refused),
            address_on=self._past("address_on", self.refused, self.notices),
            away_since=self._past("away_since", self.notices, self.notices),
            deceased_on=self._past("deceased_on", self.refused, self.refused),
            address=self._short_text("address"),
            occupation=self._short_text("occupation"),
            postcode=self._short_text("postcode"),
            dues_paid_until=self._date("dues_paid_until", self.notices),
            certificate_number=self._short_text("certificate_number"),
            certificate_issued_on=self._past("certificate_issued_on", self.notices, self.notices),
            certificate_checked_on=self._past("certificate_checked_on", self.notices, self.notices),
            phone=phone,
            phone_written=phone_written,
            phone_problem=phone_problem,
            details=dict(self._details()),
        )
        if not self.refused and not (key or row.born_on or row.joined_on or row.phone_key):
            self._note(self.refused, NAME, "只有姓名，认不出是谁：请补上出生日期、入党日期或手机号")
        return self.refused, self.notices, row

    def _note(self, where: list[RowProblem], name: str, reason: str) -> None:
        title = self.table.headers.get(self.table.columns.get(name, -1), "")
        where.append(RowProblem(self.table.sheet, self.number, title, reason))

    def _unusable(self) -> list[RowProblem]:
        """One reason a cell; of a torn line one in all."""
        found: list[RowProblem] = []
        for name in sorted(self.table.columns.keys() - IGNORED.keys(), key=self.table.columns.__getitem__):
            cell = self.table.cell(self.cells, name)
            if reason := unusable(cell):
                self._note(found, name, reason)
                if cell.torn:
                    break
        return found

    def _text(self, name: str) -> str:
        written = text(self.table.cell(self.cells, name))
        kept = without_identity_numbers(written)
        if kept != written:
            self._note(self.notices, name, "这一格里有身份证号，没有保存")
        return "" if kept in NOTHING else kept

    def _key(self) -> RowKey | None:
        written = text(self.table.cell(self.cells, "key"))
        try:
            return read_key(written) if written else None
        except BadInput as error:
            self._note(self.refused, "key", error.message)
            return None

    def _name(self, *, known: bool) -> str:
        value = self.table.cell(self.cells, NAME).value
        if known and not self._text(NAME):
            return ""
        try:
            return read_name(without_identity_numbers(restored(value) if isinstance(value, str) else self._text(NAME)))
        except BadInput as error:
            self._note(self.refused, NAME, error.message)
            return ""

    def _date(self, name: str, problems: list[RowProblem]) -> date | None:
        try:
            read = read_until if name.endswith("_until") else read_date
            return read(self.table.cell(self.cells, name))
        except BadInput as error:
            self._note(problems, name, error.message)
            return None

    def _past(self, name: str, unread: list[RowProblem], future: list[RowProblem]) -> date | None:
        """A date that cannot lie ahead; where it does, `future` is told."""
        day = self._date(name, unread)
        if day is not None and day > self.today:
            self._note(future, name, FUTURE if future is self.refused else f"{FUTURE}；已照录")
        return day

    def _short_text(self, name: str) -> str | None:
        written = self._text(name)
        if len(written) <= LONGEST[name]:
            return written or None
        problems = self.refused if name == "address" else self.notices
        self._note(problems, name, f"太长，最多 {LONGEST[name]} 个字符")
        return None

    def _phone(self) -> tuple[str | None, str | None, str | None]:
        """The number, or what stands in its place and why it is none. A landline counts if there is no mobile."""
        written = self._text("phone") or self._text("landline")
        if not written:
            return None, None, None
        try:
            return read_phone(written), None, None
        except BadInput as error:
            return None, written[:LONGEST_PHONE], error.message

    def _unread_dues(self) -> str:
        """What stands for a day up to which dues are paid and is none (已交清): kept as it is written."""
        cell = self.table.cell(self.cells, "dues_paid_until")
        try:
            read_until(cell)
        except BadInput:
            return self._text("dues_paid_until")[:LONGEST_DETAIL]
        return ""

    def _details(self) -> Iterator[tuple[str, str]]:
        if "branch" not in self.table.columns and BRANCH.search(self.table.sheet):
            yield "branch", self.table.sheet[:LONGEST_DETAIL]
        if dues := self._unread_dues():
            yield "dues_paid_to", dues
        for name in self.details:
            if name.endswith("_on"):
                if day := self._date(name, self.notices):
                    yield name, day.isoformat()
            elif (written := self._text(name)) and len(written) <= LONGEST_DETAIL:
                yield name, written
            elif written:
                self._note(self.notices, name, f"太长，最多 {LONGEST_DETAIL} 个字符，没有保存")
