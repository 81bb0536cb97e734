"""The table in a sheet: its header below the title rows, its columns by name, its rows without the footer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from qianli.folding import fold_header
from qianli.ledger.cells import Cell, Sheet, text

HEADER_WITHIN = 40
FOOTER = re.compile(
    r"(合计|总计|共计|小计|累计|总数)|共\s*\d+\s*[人名条件行户]|第\s*\d+\s*页|"
    r"(填表|制表|填报|统计|报表|审核|复核|经办|负责|联系|录入|签字|签名|单位|党支部书记|书记)\S{0,12}\s*:|"
    r"(填表|制表|填报|统计|填写|打印)\S{0,3}(日期|时间)|(说明|备注|注意|注)\s*\d*\s*[:.]|注\s*\d"
)
FOOTER_CELLS = 4
HINT = re.compile(r"[(\[【].*[)\]】]")  # (必填), (11 位数字): what forms write under their titles
EXAMPLE = re.compile(r"(填写)?(示例|样例|范例|例)(如|行)?:?")


@dataclass(frozen=True)
class Table:
    """Columns by name, titles by index; rows with the numbers the spreadsheet shows, made as they are gone through."""

    sheet: str
    header_row: int
    columns: dict[str, int]
    rows: Iterable[tuple[int, list[Cell]]]
    headers: dict[int, str] = field(default_factory=dict)
    whole: Sequence[list[Cell]] = ()

    def row(self, number: int) -> list[Cell]:
        """The row that the spreadsheet shows under this number."""
        return self.whole[number - 1]

    def cell(self, row: list[Cell], name: str) -> Cell:
        """What a row has in the column called `name`; an empty cell where there is none."""
        index = self.columns.get(name)
        return row[index] if index is not None and index < len(row) else Cell(None)


def find_table(sheet: Sheet, *, variants: dict[str, list[str]], required: set[str]) -> Table | None:
    """The table under the row that names most known columns, `required` among them; None if there is no such row.

    `variants` lists the titles of each column, the best first: where two columns carry titles of one name,
    the better title wins. A header may take two rows: 外出情况 over 时间 and 地点 is 外出时间 and 外出地点 where
    those are titles. Repeated headers, hints below the header, blank rows and footers are dropped.
    """
    known = {fold_header(title): (name, rank) for name, titles in variants.items() for rank, title in enumerate(titles)}
    best: tuple[int, int, dict[str, int], dict[int, str]] | None = None
    for height in (1, 2):
        for index in range(min(len(sheet.rows), HEADER_WITHIN)):
            titles = _titles(sheet.rows[index : index + height], known)
            columns = _columns(titles, known)
            if required <= columns.keys() and (best is None or len(columns) > len(best[2])):
                best = (index, height, columns, titles)
    if best is None:
        return None
    index, height, columns, titles = best
    first = index + height
    while first < len(sheet.rows) and _is_hint(sheet.rows[first]):
        first += 1
    rows = _Below(sheet.rows, first, columns, required, known)
    return Table(sheet.name, index + 1, columns, rows, titles, sheet.rows)


@dataclass(frozen=True)
class _Below:
    """The rows of data from `first` (counted from 0) on, with their numbers; gone through as often as one likes."""

    rows: Sequence[list[Cell]]
    first: int
    columns: dict[str, int]
    required: set[str]
    known: dict[str, tuple[str, int]]

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        for index in range(self.first, len(self.rows)):
            row = self.rows[index]
            if row and _is_data(row, self.columns, self.required, self.known):
                yield index + 1, row


def _titles(rows: Sequence[list[Cell]], known: dict[str, tuple[str, int]]) -> dict[int, str]:
    """Titles by column; of a header in two rows both together, the lower or the upper: whichever is a known title."""
    own, *rest = [{index: title for index, cell in enumerate(row) if (title := text(cell))} for row in rows]
    below = rest[0] if rest else {}
    found, above = dict(own), ""
    for index in sorted(own.keys() | below.keys()):
        above = own.get(index, above)  # one title over several columns stands in the first of them
        if index in below:
            wanted = [*_together(above, below[index]), below[index], own.get(index, "")]
            found[index] = next((one for one in wanted if fold_header(one) in known), below[index])
    return found


def _together(above: str, below: str) -> tuple[str, str]:
    """外出情况 over 时间 is 外出情况时间, or rather 外出时间."""
    upper = fold_header(above)
    return f"{upper}{below}", f"{re.sub('(情况|信息|基本)+$', '', upper)}{below}"


def _is_hint(row: list[Cell]) -> bool:
    """Whether a row right below the header only says how to fill the form in."""
    said = [written for cell in row if (written := text(cell))]
    return bool(said) and (all(map(HINT.fullmatch, said)) or bool(EXAMPLE.fullmatch(said[0])))


def _columns(titles: dict[int, str], known: dict[str, tuple[str, int]]) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for index, title in titles.items():
        if hit := known.get(fold_header(title)):
            name, rank = hit
            best[name] = min(best.get(name, (rank, index)), (rank, index))
    return {name: index for name, (_, index) in best.items()}


def _is_data(row: list[Cell], columns: dict[str, int], required: set[str], known: dict[str, tuple[str, int]]) -> bool:
    filled = {index: written for index, cell in enumerate(row) if (written := text(cell))}
    if not filled:
        return False
    titles = {name for name, index in columns.items() if _name(filled.get(index, ""), known) == name}
    if len(titles) * 2 > len(columns):
        return False  # the header again, at the top of a printed page
    first = min(filled)
    lacking = any(columns[name] == first or columns[name] not in filled for name in required)
    return not (lacking and len(filled) <= FOOTER_CELLS and FOOTER.match(filled[first]))


def _name(title: str, known: dict[str, tuple[str, int]]) -> str | None:
    hit = known.get(fold_header(title))
    return hit[0] if hit else None
