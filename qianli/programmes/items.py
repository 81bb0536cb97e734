"""Items of a programme, as a spreadsheet or a Markdown text has them; what is wrong is said row by row."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from urllib.parse import urlsplit

from qianli.errors import BadInput
from qianli.folding import fold, visible
from qianli.ledger.cells import Cell, text, unusable
from qianli.ledger.dates import read_date
from qianli.ledger.problems import RowProblem
from qianli.ledger.sheets import find_table, read_sheets
from qianli.programmes.markdown import read_markdown

#: Column → the titles it may have, the best first.
COLUMNS: dict[str, list[str]] = {
    "column": ["栏目", "栏目名称", "所属栏目"],
    "title": ["标题", "题目", "题名", "文章标题"],
    "text": ["正文", "内容", "文字", "文章内容"],
    "link": ["链接", "网址", "链接地址", "原文链接"],
    "picture": ["图片", "配图", "图片链接", "图片地址"],
    "audio": ["音频", "录音", "音频链接", "音频地址"],
    "planned_on": ["计划日期", "计划发布日期", "发布日期", "推送日期", "日期"],
}
LONGEST_TITLE, LONGEST_TEXT, LONGEST_LINK = 30, 5000, 300
LINKS = ("link", "picture", "audio")
PICTURES, LONGEST_NAME = (".jpg", ".jpeg", ".png", ".webp"), 100
NO_PICTURE = "请写和这份表放在一起的图片文件名（如 红军桥.jpg），或者以 https:// 开头的网址"


@dataclass(frozen=True)
class ItemRow:
    """A good row."""

    sheet: str
    row: int
    column: str
    title: str
    text: str
    link: str | None
    picture: str | None
    audio: str | None
    planned_on: date | None


@dataclass(frozen=True)
class Raw:
    """A row as it is written; `cells` by our names, `values` by the titles of the file."""

    sheet: str
    row: int
    cells: Mapping[str, Cell]
    titles: Mapping[str, str]
    values: Mapping[str, str]

    def problem(self, column: str, reason: str) -> RowProblem:
        """What is wrong with one cell."""
        return RowProblem(self.sheet, self.row, self.titles.get(column, COLUMNS[column][0]), reason)


@dataclass
class Items:
    """What was read of a file: good rows, problems, and every row as it was written."""

    rows: list[ItemRow] = field(default_factory=list)
    refused: list[RowProblem] = field(default_factory=list)
    written: dict[tuple[str, int], Mapping[str, str]] = field(default_factory=dict)


def read_items(content: bytes, *, filename: str, columns: Collection[str]) -> Items:
    """The items of a file for a programme with these columns; BadInput if there is nothing like a list in it."""
    is_text = PurePath(filename).suffix.lower() in {".md", ".markdown", ".txt"}
    found, names = Items(), {fold(name): name for name in columns}
    seen: dict[tuple[str, str], int] = {}
    for raw in _of_markdown(content, filename) if is_text else _of_table(content, filename):
        found.written[raw.sheet, raw.row] = raw.values
        problems = list(_problems(raw, names))
        if not problems:
            item = _item(raw, names)
            first = seen.setdefault((item.column, item.title), raw.row)
            if first == raw.row:
                found.rows.append(item)
                continue
            problems = [raw.problem("title", f"同一栏目里与第 {first} 行的标题相同，请改一个标题或删去一行")]
        found.refused += problems
    if not found.written:
        raise BadInput("文件里没有一篇内容，请核对是否选错了文件。")
    return found


def _of_table(content: bytes, filename: str) -> Iterator[Raw]:
    is_found = False
    for sheet in read_sheets(content, filename=filename):
        table = None if sheet.hidden else find_table(sheet, variants=COLUMNS, required={"column", "title"})
        if table is None:
            continue
        is_found = True
        titles = {name: table.headers[index] for name, index in table.columns.items()}
        for number, row in table.rows:
            values = {title: _lines(row[index]) for index, title in table.headers.items() if index < len(row)}
            yield Raw(table.sheet, number, {name: table.cell(row, name) for name in COLUMNS}, titles, values)
    if not is_found:
        wanted = [f"“{titles[0]}”可以写作：{'、'.join(titles)}" for titles in COLUMNS.values()]
        raise BadInput("文件里找不到表头，至少要有“栏目”“标题”这两列。", wanted)


def _of_markdown(content: bytes, filename: str) -> Iterator[Raw]:
    titles = {name: some[0] for name, some in COLUMNS.items()}
    for one in read_markdown(content, {title: name for name, some in COLUMNS.items() for title in some}):
        values = {titles[name]: written for name, written in one.said.items()}
        cells = {name: Cell(one.said.get(name)) for name in COLUMNS}
        yield Raw(visible(PurePath(filename).name), one.line, cells, titles, values)


def _lines(cell: Cell) -> str:
    """A cell with its lines, each as it is written but without what cannot be seen."""
    if not isinstance(cell.value, str):
        return text(cell)
    lines = map(visible, cell.value.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


def _problems(raw: Raw, names: Mapping[str, str]) -> Iterator[RowProblem]:
    if torn := [(name, reason) for name, cell in raw.cells.items() if (reason := unusable(cell))]:
        yield from (raw.problem(name, reason) for name, reason in torn)
        return
    if fold(text(raw.cells["column"])) not in names:
        yield raw.problem("column", f"没有这个栏目，请写其中之一：{'、'.join(names.values())}")
    if not 0 < len(_lines(raw.cells["title"])) <= LONGEST_TITLE or "\n" in _lines(raw.cells["title"]):
        yield raw.problem("title", f"请写一行标题，不超过 {LONGEST_TITLE} 个字")
    yield from (raw.problem("text", reason) for reason in text_problems(_lines(raw.cells["text"])))
    yield from (
        raw.problem(name, NO_PICTURE if name == "picture" else "不是网址，请写完整，以 https:// 开头")
        for name in LINKS
        if (written := _lines(raw.cells[name]))
        and not (is_link(written) or (name == "picture" and is_picture(written)))
    )
    if not any(_lines(raw.cells[name]) for name in ("text", "link", "audio")):
        yield raw.problem("text", "正文、链接、音频都是空的，至少要有一样")
    try:
        read_date(raw.cells["planned_on"])
    except BadInput as error:
        yield raw.problem("planned_on", error.message)


def text_problems(written: str) -> Iterator[str]:
    """Why a text can stand neither on a page nor in a reader."""
    if len(written) > LONGEST_TEXT:
        yield f"太长，最多 {LONGEST_TEXT} 个字"
    if "{" in written or "}" in written:
        yield "有花括号，请改用别的括号"
    lines = written.split("\n")
    if any(line.startswith("#") for line in lines):
        yield "有以“#”开头的行，正文里不能再分标题"
    if any(line.count("**") % 2 for line in lines):
        yield "“**”要成对，而且在同一行里"


def is_link(written: str) -> bool:
    """Whether a text is the whole address of a page."""
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    fits = len(written) <= LONGEST_LINK and not re.search(r"[\s<>\"'\\]", written)
    return fits and parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc


def is_picture(written: str) -> bool:
    """Whether a text is the name of a picture's file, in no folder."""
    return len(written) <= LONGEST_NAME and not set(written) & set("/\\:") and written.lower().endswith(PICTURES)


def _item(raw: Raw, names: Mapping[str, str]) -> ItemRow:
    return ItemRow(
        sheet=raw.sheet,
        row=raw.row,
        column=names[fold(text(raw.cells["column"]))],
        title=_lines(raw.cells["title"]),
        text=_lines(raw.cells["text"]),
        link=_lines(raw.cells["link"]) or None,
        picture=_lines(raw.cells["picture"]) or None,
        audio=_lines(raw.cells["audio"]) or None,
        planned_on=read_date(raw.cells["planned_on"]),
    )
