"""CSV → one sheet: whatever the delimiter, the encoding, and the flaws of single lines."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice

from qianli.errors import BadInput
from qianli.ledger.cells import Cell, Rows, Sheet
from qianli.ledger.encodings import decode
from qianli.ledger.limits import MAX_COLUMNS, TOO_WIDE, Counted

DELIMITERS = ",\t;|"
FULL_WIDTH = "，"
LOOKED_AT = 20
HEAD = 100_000  # characters in which those first lines are looked for: a quoted cell may be of many lines
#: A cell in quotes: what stands in it separates nothing. A torn quote is none, it would swallow what comes below.
QUOTED = re.compile(r'(?:\A|(?<=[,\t;|，\r\n]))"(?:[^"]|"")*+"(?=[,\t;|，\r\n]|\Z)')
MENDED = 50  # lines with torn quotes that are put right; each costs another reading
HOPELESS = "CSV 文件读不下去：引号或换行不完整。请用 Excel 或 WPS 打开，另存为 XLSX 后再导入。"


def read_csv(content: bytes, name: str, seen: Callable[[int], None] | None = None) -> Sheet:
    """The table in a CSV file; BadInput if its bytes are no text, or too many of its quotes are torn."""
    text = decode(content)
    lines = list(io.StringIO(text, newline=""))
    counted, rows, filled, wide = Counted(seen), Rows(), 0, False
    for torn, fields in _records(lines, _delimiter(text[:HEAD])):
        wide = wide or any(fields[MAX_COLUMNS:])
        kept = fields[:MAX_COLUMNS]
        while kept and not kept[-1]:
            kept.pop()
        row = [_cell(field, torn=torn) for field in kept]
        while row and (row[-1].value if isinstance(row[-1], Cell) else row[-1]) is None:
            row.pop()
        rows.append(row)
        if row:
            counted.add(row)
            filled = len(rows)
    rows.cut(filled)
    return Sheet(name, rows, remarks=(TOO_WIDE,) if wide else ())


def _delimiter(head: str) -> str:
    """What stands in most of the first lines: an address may hold commas, a title line holds nothing.

    A comma in full width is one only where there is no other, and in most lines: sentences have them as well.
    """
    bare = [line for line in QUOTED.sub("", head).splitlines() if line.strip(" ")][:LOOKED_AT]
    found = max(DELIMITERS, key=lambda one: (sum(one in line for line in bare), sum(line.count(one) for line in bare)))
    if not any(found in line for line in bare) and 2 * sum(FULL_WIDTH in line for line in bare) > len(bare):
        return FULL_WIDTH
    return found


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[bool, list[str]]]:
    """Each record with whether it is torn. A torn quote would swallow the lines below it: it is read as one line."""
    start, mended = 0, 0
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=delimiter, strict=True)
        begun = 0
        try:
            for fields in reader:
                begun = reader.line_num
                yield False, fields
        except csv.Error as error:
            mended += 1
            if mended > MENDED:
                raise BadInput(HOPELESS) from error
            yield True, lines[start + begun].rstrip("\r\n").split(delimiter)
            start += begun + 1
        else:
            return


def _cell(value: str, *, torn: bool) -> str | Cell | None:
    """What stands in a field: of most its text alone, a cell where there is more to say."""
    if not value:
        return None
    if not torn and not value.startswith("="):
        return value
    if kept_as_text := re.fullmatch(r'="([^"]*)"', value):  # how exporters keep leading zeros
        return Cell(kept_as_text[1] or None, torn=torn)
    return Cell(value, formula=value.startswith("=") and value != "=", torn=torn)
