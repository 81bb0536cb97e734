"""Files of couriers as they come back, each with the answer it must get."""

# ruff: noqa: E501 - a case is a line

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from qianli.ledger.testing import data_xml, package, row_xml, workbook
from qianli.stages.unit import writing
from qianli.testing import make_world

TITLES = ["包裹编号", "运单号", "状态", "时间", "描述", "地点"]
GOOD = ["T-00001-X", "9812345678901", "已收寄", "2026-11-20 09:00", "已收寄", "贵阳"]
ODD = ["T-00002-X", "9812345678902", "运输中", "2026-11-21 09:00", "在路上", "长沙"]


@dataclass(frozen=True)
class Case:
    """A command, a file, how many rows it takes, which go back, and what is said."""

    command: str
    content: Callable[[], bytes]
    accepted: int
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)
    said: tuple[tuple[int, str], ...] = ()


def event(refused: tuple[str, str] | None = None, said: str = "", **cells: Any) -> Case:
    row = dict(zip(TITLES, ODD, strict=True)) | cells
    return Case(
        "events", lambda: workbook({"轨迹": [TITLES, GOOD, list(row.values())]}), 1 if refused else 2,
        {3: refused} if refused else {}, ((3, said),) if said else (),
    )  # fmt: skip


def waybill(refused: tuple[str, str] | None = None, said: str = "", accepted: int = 2, **cells: Any) -> Case:
    row = dict(zip(TITLES, ODD, strict=True)) | cells
    return Case(
        "waybills", lambda: workbook({"回单": [TITLES[:2], GOOD[:2], list(row.values())[:2]]}), 1 if refused else accepted,
        {3: refused} if refused else {}, ((3, said),) if said else (),
    )  # fmt: skip


def _hidden(book: Any) -> None:
    book["旧的"].sheet_state = "hidden"


LONG = "长" * 20_000
CASES = {
    "a moment as a serial": event(时间=46347.375),
    "a moment of Excel": event(时间=datetime(2026, 11, 21, 9, 0)),  # noqa: DTZ001 - as Excel has it
    "a moment in full width": event(时间="２０２６－１１－２１　０９：００"),
    "a moment that is none": event(("时间", "时间读不懂"), 时间="昨天上午"),
    "the 30th of February": event(("时间", "时间读不懂"), 时间="2026-02-30 09:00"),
    "the 25th hour": event(("时间", "时间读不懂"), 时间="2026-11-21 25:00"),
    "a decimal for a month": event(("时间", "时间读不懂"), 时间=2026.7),
    "a far future": event(("时间", "一年以后"), 时间="2099-01-01 09:00"),
    "no moment": event(("时间", "时间读不懂"), 时间=None),
    "no state": event(("状态", "没有写状态"), 状态="\u200b"),
    "a state nobody knows": event(said="不认识这个状态", 状态="飞走了"),
    "a state of 20,000 characters": event(said="不认识这个状态", 状态=LONG),
    "a place of 20,000 characters": event(地点=LONG, 描述=LONG),
    "invisible marks in a reference": event(包裹编号="\u202eT-00002-X\u202c\u200b"),
    "a reference of nobody": event(("包裹编号", "包裹编号"), 包裹编号="T-00099-X", 运单号=None),
    "no parcel at all": event(("运单号", "都没有写"), 包裹编号=None, 运单号=None),
    "a formula for a state": event(("状态", "公式"), 状态='="已签收"'),
    "a damaged character": event(("描述", "编码坏了"), 描述="在\ufffd上"),
    "a number for a number": waybill(运单号=9812345678902),
    "a number Excel has rounded": waybill(("运单号", "不是完整的运单号"), 运单号=9.8123456789012345e17),
    "a number that lost its digits": waybill(("运单号", "不是完整的运单号"), 运单号="9.81E+12"),
    "a number in full width": waybill(运单号="９８１２３４５６７８９０２"),
    "no number yet": waybill(said="还没有运单号", accepted=1, 运单号=None),
    "a number in words": waybill(("运单号", "不是完整的运单号"), 运单号="待出单"),
    "a number of 20,000 digits": waybill(("运单号", "不是完整的运单号"), 运单号="9" * 20_000),
    "a formula for a number": waybill(("运单号", "公式"), 运单号="=9812345678902"),
    "the number of another parcel": Case(
        "waybills", lambda: workbook({"回单": [TITLES[:2], GOOD[:2], ["T-00002-X", GOOD[1]], ["T-00003-X", "9812345678903"]]}), 1,
        {2: ("运单号", "几个不同的包裹"), 3: ("运单号", "几个不同的包裹")},
    ),
    "a hidden sheet and a note": Case(
        "waybills", lambda: workbook({"回单": [TITLES[:2], GOOD[:2]], "旧的": [TITLES[:2], ODD[:2]], "说明": [["请核对"]]}, _hidden), 1,
        {}, ((0, "隐藏"), (0, "没有找到需要的表头")),
    ),
    "a cell that is broken": Case(
        "events",
        lambda: package(data_xml(row_xml(1, *TITLES), row_xml(2, *GOOD), row_xml(3, *ODD[:3]).replace("</row>", "<c><v>x</v></c></row>"))),
        1, {3: ("时间", "公式出错")},
    ),
    "a torn quote": Case(
        "events", lambda: "\n".join([",".join(TITLES), ",".join(ODD).replace("在路上", '"在路上'), ",".join(GOOD)]).encode(), 1,
        {2: ("包裹编号", "引号不成对")},
    ),
    "two encodings": Case(
        "events", lambda: "\n".join([",".join(TITLES), ",".join(GOOD)]).encode() + b"\n" + ",".join(ODD).encode("gb18030"), 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_answer_of_a_couriers_file(clerk: Any, case: Case) -> None:
    with writing("system") as session:
        make_world(session)
    content = case.content()
    file = clerk.write("快递.xlsx" if content.startswith(b"PK") else "快递.csv", content)
    code, out, err = clerk.type("parcel", case.command, file, "--json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["accepted"] == case.accepted, said
    assert {one["row"]: one["column"] for one in said["rejected"]} == {row: one[0] for row, one in case.refused.items()}
    assert all(case.refused[one["row"]][1] in one["reason"] for one in said["rejected"])
    assert [one["row"] for one in said["notices"]] == [row for row, _ in case.said], said["notices"]
    assert all(words in one["reason"] for one, (_, words) in zip(said["notices"], case.said, strict=True))
    again = json.loads(clerk.type("parcel", case.command, file, "--json")[1])
    assert (again["accepted"], again["unchanged"]) == (0, case.accepted)
    assert again["rejected"] == said["rejected"]
