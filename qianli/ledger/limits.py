"""How large a table may be. What is larger is refused in a sentence instead of eating the machine's memory."""

from collections.abc import Callable, Sequence

from qianli.errors import BadInput
from qianli.ledger.cells import Cell, Value

MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_CELLS = 3_000_000
TELL_EVERY = 1_000  # rows
TOO_WIDE = f"这张工作表第 {MAX_COLUMNS} 列以后还有内容，那些列没有导入"


class Counted:
    """Filled rows and cells of a file so far."""

    def __init__(self, seen: Callable[[int], None] | None = None) -> None:
        self.rows = self.cells = 0
        self.seen = seen

    def add(self, row: Sequence[Value | Cell]) -> None:
        """Count a filled row; BadInput beyond what one file may hold."""
        self.rows += 1
        self.more(len(row))
        if self.seen and self.rows % TELL_EVERY == 0:
            self.seen(self.rows)
        if self.rows > MAX_ROWS:
            raise BadInput(f"表格太大：最多 {MAX_ROWS} 行。请拆成几个文件后再导入。")

    def more(self, cells: int) -> None:
        """Count cells of rows that are counted already."""
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise BadInput(f"表格太大：最多 {MAX_CELLS // 10_000} 万格。请拆成几个文件后再导入。")
