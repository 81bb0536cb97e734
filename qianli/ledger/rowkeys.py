"""The key of a row that goes out and comes back: which member, at which version, and a check character.

`M12-3-X` is member 12 as it was at version 3. It begins with a letter, so no spreadsheet makes a date of it.
"""

import re
from dataclasses import dataclass

from qianli.errors import BadInput
from qianli.folding import fold
from qianli.receipts.codes import check_character

TITLE = "行标识"
WRITTEN = re.compile(r"M([1-9]\d{0,17})-([1-9]\d{0,8})-([0-9A-Z])")
MISTYPED = "行标识写错了：请从导出的表里原样复制这一格；找不到的，把这一格清空，系统按姓名和出生日期、入党日期认人"


@dataclass(frozen=True)
class RowKey:
    """A member's id, and the version the row was written from."""

    member_id: int
    version: int

    def __str__(self) -> str:
        body = f"M{self.member_id}-{self.version}"
        return f"{body}-{_check(body)}"


def read_key(written: str) -> RowKey:
    """The key in a cell; BadInput if a character is wrong."""
    found = WRITTEN.fullmatch(re.sub(r"\s", "", fold(written)).upper())
    if found is None or _check(f"M{found[1]}-{found[2]}") != found[3]:
        raise BadInput(MISTYPED)
    return RowKey(int(found[1]), int(found[2]))


def _check(body: str) -> str:
    """Over the body with its dash as a letter: M1-23 and M12-3 must differ."""
    return check_character(body.replace("-", "V"))
