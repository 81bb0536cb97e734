"""A large ledger (XLSX): importing it, importing it again, and python-calamine's bare read of the same file."""

from collections.abc import Callable
from pathlib import Path

from qianli.cli.demo_files import PROVINCE, write_files
from qianli.settings import settings
from qianli.stages import importing
from qianli.store import schema

TITLE = "导入台账，旁边是 calamine 只读同一个文件"
SIZES = (10_000, 100_000)
SEED, BY, NAME = 7, "user:bench", "ledger-01.xlsx"


def setup(folder: Path, size: int) -> None:
    """An empty database, and a ledger of so many rows."""
    schema.upgrade(settings().database_url)
    write_files(folder, members=size, seed=SEED, rows_a_ledger=size)


def bare_read(folder: Path, size: int) -> None:
    """Every cell of the file, and nothing done with them."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - of the extra `bench`

    rows = CalamineWorkbook.from_path(str(folder / NAME)).get_sheet_by_index(0).to_python()
    assert len(rows) >= size


def take_in(folder: Path, size: int) -> None:
    """The ledger as the command takes it in; nobody looks at the progress."""
    content = (folder / NAME).read_bytes()
    done = importing.import_members(content, filename=NAME, organisation=PROVINCE, by=BY)
    assert done.added + done.unchanged > size * 0.95


STEPS: dict[str, Callable[[Path, int], None]] = {
    "setup": setup,
    "calamine reads": bare_read,
    "import": take_in,
    "import again": take_in,
}
UNMEASURED = {"setup"}
ONLY_AT: dict[str, int] = {}
