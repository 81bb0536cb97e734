"""Files that are honest in form and huge in size: the kernel stops whoever takes more than so many seconds and bytes.

What runs into a limit of ours is larger than that limit. Of what is let in, a part shows as well as the largest what a
cell, a row or a character takes; its bounds are as much lower.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from qianli.ledger.testing import data_xml, package, row_xml

HEAD = row_xml(1, "姓名", "出生日期", "手机号", "现居住地址", "备注")
GOOD = row_xml(2, "张伟", "1985-03-12", "13900001201", "广东省深圳市南山区科技园1号")
LAST = row_xml(1_000_000, "李娜", "1990-11-05", "13900001202", "浙江省杭州市西湖区文三路2号")
NOISE = {"xl/media/image1.jpeg": random.Random(7).randbytes(600_000)}  # noqa: S311 - to be packed badly
CSV_HEAD = "姓名,出生日期,手机号\n张伟,1985-03-12,13900001201\n"
MB = 1_000_000
slow = pytest.mark.slow


@dataclass(frozen=True)
class Case:
    """A file, what it must come to (so many added, or a sentence), and what it may take."""

    make: Callable[[], bytes]
    answer: int | str
    cpu_s: int = 60
    memory: int = 1000 * MB
    name: str = "名册.xlsx"


def _empty_rows() -> bytes:
    between = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(3, 1_000_000))
    return package(data_xml(HEAD, GOOD, between, LAST), **NOISE)


def _styled(rows: int, cells: int) -> str:
    return "".join(f'<row r="{n}">{"<c/>" * cells}</row>' for n in range(3, rows + 3))


def _long_cells(rows: int) -> bytes:
    dice = random.Random(7)  # noqa: S311 - the same text each time
    words = ["".join(chr(dice.randrange(0x4E00, 0x9000)) for _ in range(2000)) for _ in range(40)]
    people = (
        row_xml(n, f"李{chr(0x4E00 + n)}", "1985-03-12", "", "", "".join(dice.sample(words, 10)))
        for n in range(3, rows + 3)
    )
    return package(data_xml(HEAD, GOOD, *people), **NOISE)


def _slow_to_search(rows: int) -> bytes:
    long = [
        row_xml(n, "(" * 20_000, "T" * 20_000, "1 " * 10_000, "【" * 20_000, "[" * 20_000) for n in range(3, rows + 3)
    ]
    return package(data_xml(HEAD, GOOD, *long), **{"xl/media/image1.jpeg": NOISE["xl/media/image1.jpeg"]})


def _merged() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="KN{n}"><v>1</v></c></row>' for n in range(3, 20_000))
    first = row_xml(2, "张伟", "1985-03-12", "13900001201", *["x"] * 290)
    merges = "".join(f'<mergeCell ref="{column}2:{column}20000"/>' for column in _columns(293))
    return package(data_xml(HEAD, first, rows) + f"<mergeCells>{merges}</mergeCells>", **NOISE)


def _columns(count: int) -> list[str]:
    letters = [chr(65 + n) for n in range(26)]
    return [*letters, *(first + second for first in letters for second in letters)][:count]


def _csv(line: str, times: int) -> bytes:
    return CSV_HEAD.encode() + line.encode() * times


CASES = {
    "text that is slow to search": Case(lambda: _slow_to_search(20), 1),
    "300,000 rows": Case(lambda: _csv("某人,,\n", 300_000), "表格太大", name="名册.csv"),
    "quotes without an end": Case(lambda: _csv('"a","b\n', 1 * MB), "引号", name="名册.csv"),
}
SLOW = {
    "a row of millions of cells": Case(lambda: package(data_xml(HEAD, GOOD, _styled(1, 2_100_000)), **NOISE), "打不开"),
    "a million empty rows": Case(_empty_rows, 2),
    "rows of 16,384 empty cells": Case(
        lambda: package(data_xml(HEAD, GOOD, _styled(12, 16_384)), **NOISE), 1, 25, 400 * MB
    ),
    "elements in elements in elements": Case(
        lambda: package(data_xml(HEAD, GOOD) + "<a>" * 2_700_000, **NOISE), "打不开"
    ),
    "one value merged over millions of cells": Case(_merged, "表格太大"),
    "fifteen million cells": Case(lambda: _csv("1," * 290 + "\n", 50_000), "表格太大", name="名册.csv"),
    "twelve million empty cells": Case(lambda: _csv("," * 290 + "\n", 40_000), 1, 25, 400 * MB, name="名册.csv"),
    "a line of 12 MB": Case(lambda: _csv("x", 12 * MB), 1, 25, 400 * MB, name="名册.csv"),
    "200,000 strings": Case(
        lambda: package(data_xml(HEAD, GOOD), strings="<si><t>ab</t></si>" * 200_000, **NOISE), 1, 25, 400 * MB
    ),
    "hundreds of cells of 20,000 characters": Case(lambda: _long_cells(160), 161, 25, 400 * MB),
    "rows and rows of styled cells": Case(
        lambda: package(data_xml(HEAD, GOOD, _styled(1_600, 300)), **NOISE), 1, 50, 400 * MB
    ),
}


@pytest.mark.parametrize(
    "case", [*CASES.values(), *(pytest.param(one, marks=slow) for one in SLOW.values())], ids=CASES | SLOW
)
def test_bounded_time_and_memory(clerk: Any, case: Case) -> None:
    said = clerk.take_in(case.name, case.make(), cpu_s=case.cpu_s)
    if isinstance(case.answer, str):
        assert case.answer in str(said)
        assert isinstance(said, str)
    else:
        assert isinstance(said, dict), said
        assert said["added"] == case.answer
    assert clerk.grown_bytes() < case.memory
