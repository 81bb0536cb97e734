"""What every command shares: who acts, how things are said, progress."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from qianli.errors import BadInput
from qianli.ledger.cells import Cell
from qianli.ledger.dates import read_date

MOST_READ = 32_000_000  # more than any reader takes; the reader says so
console = Console()
errors = Console(stderr=True)

JsonOption = Annotated[bool, typer.Option("--json", help="以 JSON 输出，供程序读取。")]
InlineOption = Annotated[bool, typer.Option("--inline", help="不经 Prefect，直接在本进程里完成。")]
FromLabelOption = Annotated[
    int | None, typer.Option("--from-label", help="A4 标签纸的头一页已经用掉几张：从第几张开始印。", metavar="N")
]
SpreadsheetOption = Annotated[
    Path | None, typer.Option("--xlsx", help="另存为表格，文件名以 .xlsx 或 .csv 结尾。", metavar="FILE")
]


@dataclass
class Context:
    """What the global options said."""

    name: str = ""

    def by(self) -> str:
        """The actor of this command, as it stands in the journal."""
        return f"user:{self.name or getuser()}"


context = Context()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, StrEnum | date | datetime | Path):
        return str(value)
    raise TypeError(type(value).__name__)


def emit(data: Any, *, as_json: bool, show: Callable[[], None]) -> None:
    """Print `data` as JSON, or call `show` for people."""
    if as_json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=_plain) + "\n")
    else:
        show()


def say(text: str) -> None:
    """One sentence for people, without markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; empty tables say so."""
    made = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else _escape(str(cell)) for cell in row))
    if made.row_count:
        console.print(made)
    else:
        say(f"{title or '没有内容'}：无")


def _escape(text: str) -> str:
    return text.replace("[", "\\[")


def day(written: str) -> date:
    """A day as people type it; BadInput if it is none."""
    try:
        found = read_date(Cell(written))
    except BadInput as error:
        raise BadInput(f"日期“{written}”看不懂，请写成 2027-01-20 这样。") from error
    if found is None:
        raise BadInput("请写明日期，如 2027-01-20。")
    return found


def read_file(path: Path) -> bytes:
    """The bytes of a file a person named, up to what no reader takes; BadInput if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_READ)
    except FileNotFoundError as error:
        raise BadInput(f"找不到文件：{path}") from error
    except OSError as error:
        raise BadInput(f"文件打不开：{path}（{error.strerror}）") from error


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on standard error; call the yielded function with the number done so far."""
    with stages_of(label, total) as told:
        yield lambda count: told(label, count, total)


@contextmanager
def stages_of(label: str, total: int | None) -> Iterator[Callable[[str, int, int | None], None]]:
    """The same for work in several stages: call the yielded function with what is done now, how many, of how many."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(label, total=total)

        def told(now: str, count: int, of: int | None) -> None:
            bar.update(task, description=now, completed=count, total=of)

        yield told
