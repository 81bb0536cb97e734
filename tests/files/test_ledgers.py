"""Workbooks as branches send them, each with the answer it must get. A case is a line; to add one, add a line."""

# ruff: noqa: E501 - a case is a line

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula
from sqlmodel import select

from models import Member, Residence
from qianli.ledger.testing import data_xml, package, row_xml, workbook
from qianli.stages.unit import reading

SHENZHEN, HANGZHOU = "广东省深圳市南山区科技园1号", "浙江省杭州市西湖区文三路2号"
GOOD = {
    "姓名": "张伟",
    "出生日期": "1985-03-12",
    "手机号": "13900001201",
    "现居住地址": SHENZHEN,
    "核实日期": "2026-10-01",
}
TITLES = [*GOOD]
BORN = date(1990, 11, 5)
SERIAL = (BORN - date(1899, 12, 30)).days
FAR = "2099-01-01"
LONG = "长" * 20_000
CARD = "52010319901105101X"  # with a wrong check digit
PEOPLE = [
    ["张伟", "1985-03-12", "13900001201", SHENZHEN, "2026-10-01"],
    ["李娜", "1990-11-05", "13900001202", HANGZHOU, "2026-10-02"],
    ["王强", "1979-01-16", "13900001203", SHENZHEN, "2026-10-03"],
]


@dataclass(frozen=True)
class Case:
    """A file, and what must come of it: how many go in, which rows go back, what is said, what is stored of 李娜."""

    content: Callable[[], bytes]
    added: int
    refused: dict[int, tuple[str, str]] = field(default_factory=dict)
    said: tuple[tuple[int, str], ...] = ()
    stored: dict[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()


def odd(
    added: int = 2,
    refused: tuple[str, str] | None = None,
    said: str = "",
    stored: dict[str, Any] | None = None,
    /,
    **cells: Any,
) -> Case:
    """A good row, and below it 李娜 with something odd in her cells."""
    person = {**GOOD, "姓名": "李娜", "出生日期": "1990-11-05", "手机号": "13900001202"} | cells
    titles = list(person)
    rows = [titles, [GOOD.get(title) for title in titles], list(person.values())]
    return Case(
        lambda: workbook({"名册": rows}),
        1 if refused else added,
        {3: refused} if refused else {},
        ((3, said),) if said else (),
        stored or {},
    )


CELLS = {
    "a phone as a float": odd(2, None, "", {"phone": "+8613900001202"}, 手机号=1.3900001202e10),
    "a phone that lost its digits": odd(2, None, "科学计数法", {"phone": None}, 手机号="1.39E+10"),
    "a number that lost its digits": odd(2, None, "科学计数法", {"phone": None}, 手机号=1.39e10),
    "a phone in full width": odd(2, None, "", {"phone": "+8613900001202"}, 手机号="１３９　００００　１２０２"),
    "a phone with invisible marks": odd(2, None, "", {"phone": "+8613900001202"}, 手机号="\u202d139\u200b00001202\u202c"),
    "two phones in a cell": odd(2, None, "", {"phone": "+8613900001202"}, 手机号="13900001202/13900001203"),
    "a phone with words": odd(2, None, "", {"phone": "+8613900001202"}, 手机号="手机：139-0000-1202（微信同号）"),
    "a phone one digit short": odd(2, None, "核对位数", {"phone": None}, 手机号="1390000120"),
    "a card number for a phone": odd(2, None, "身份证号", {"phone": None}, 手机号=CARD),
    "a date as a serial": odd(2, None, "", {"born_on": BORN}, 出生日期=SERIAL),
    "a serial as text": odd(2, None, "", {"born_on": BORN}, 出生日期=str(SERIAL)),
    "a date with a time": odd(2, None, "", {"born_on": BORN}, 出生日期=datetime(1990, 11, 5, 9, 30)),  # noqa: DTZ001
    "a date in full width": odd(2, None, "", {"born_on": BORN}, 出生日期="１９９０．１１．０５"),
    "a date in words": odd(2, None, "", {"born_on": BORN}, 出生日期="一九九〇年十一月五日"),
    "a date of eight digits": odd(2, None, "", {"born_on": BORN}, 出生日期=19901105),
    "a month as a number": odd(2, None, "", {"joined_on": date(2021, 7, 1)}, 入党日期=2021.7),
    "October or January": odd(0, ("入党日期", "1 月还是 10 月"), 入党日期=2021.1),
    "a month as text": odd(2, None, "", {"joined_on": date(2021, 10, 1)}, 入党日期="2021.10"),
    "the 30th of February": odd(0, ("出生日期", "没有这一天"), 出生日期="1990-02-30"),
    "the 13th month": odd(0, ("出生日期", "没有这一天"), 出生日期="1990/13/01"),
    "two digits for a year": odd(0, ("出生日期", "读不懂"), 出生日期="90.11.5"),
    "another century": odd(0, ("出生日期", "年份不对"), 出生日期="1790-11-05"),
    "born in the future": odd(0, ("出生日期", "今天之后"), 出生日期=FAR),
    "joined in the future": odd(0, ("入党日期", "今天之后"), 入党日期=FAR),
    "verified in the future": odd(2, None, "今天之后", {}, 核实日期=FAR),
    "away from the future on": odd(2, None, "今天之后", {"away_since": date(2099, 1, 1)}, 外出时间=FAR),
    "a verification nobody can read": odd(0, ("核实日期", "读不懂"), 核实日期="上个月"),
    "a time for a date": odd(2, None, "", {"born_on": None}, 出生日期=time(9, 30)),
    "an invisible mark in a name": odd(2, None, "", {"name": "李娜"}, 姓名="李\u200b娜\ufeff"),
    "a name from right to left": odd(2, None, "", {"name": "李娜"}, 姓名="\u202e李娜\u202c"),
    "a spaced name": odd(2, None, "", {"name": "李娜"}, 姓名="李　娜 "),
    "a name of radicals": odd(2, None, "", {"name": "李女"}, 姓名="李⼥"),
    "a dot of another kind": odd(2, None, "", {"name": "阿依古丽·买买提"}, 姓名="阿依古丽 • 买买提"),
    "a rare character": odd(2, None, "", {"name": "李𠅤"}, 姓名="李𠅤"),
    "an escaped control character": odd(2, None, "", {"name": "李娜"}, 姓名="李_x0000_娜_xD83D_"),
    "five people in a cell": odd(0, ("姓名", "一人一行"), 姓名="李娜、王强、赵敏、孙丽、周杰"),
    "five people on five lines": odd(0, ("姓名", "一人一行"), 姓名="李娜\n王强\n赵敏\n孙丽\n周杰"),
    "five people with spaces": odd(0, ("姓名", "一人一行"), 姓名="李娜 王强 赵敏 孙丽 周杰"),
    "a name with a remark": odd(0, ("姓名", "括号"), 姓名="李娜（预备党员）"),
    "a number for a name": odd(0, ("姓名", "不能用的字符"), 姓名=20261001),
    "a smile": odd(0, ("姓名", "不能用的字符"), 姓名="李娜😀"),
    "a tag": odd(0, ("姓名", "不能用的字符"), 姓名="<script>alert(1)</script>"),
    "a template": odd(0, ("姓名", "不能用的字符"), 姓名="{{ config }}"),
    "no name": odd(0, ("姓名", "没有姓名"), 姓名="\u200b \u3000"),
    "only a name": odd(0, ("姓名", "只有姓名"), 出生日期="", 手机号="无"),
    "a name of 20,000 characters": odd(0, ("姓名", "超过 50"), 姓名=LONG),
    "an address of 20,000 characters": odd(0, ("现居住地址", "太长"), 现居住地址=LONG),
    "an occupation of 20,000 characters": odd(2, None, "太长", {"occupation": None}, 职业=LONG),
    "a remark of 20,000 characters": odd(2, None, "没有保存", {"details": {}}, 备注=LONG),
    "a phone of 20,000 characters": odd(2, None, "核对位数", {"phone": None}, 手机号=LONG),
    "a lost character": odd(0, ("姓名", "编码坏了"), 姓名="李\ufffd"),
    "a formula": odd(0, ("手机号", "公式"), 手机号='="139"&"00001202"'),
    "a link as a formula": odd(0, ("现居住地址", "公式"), 现居住地址='=HYPERLINK("http://127.0.0.1:9/","这里")'),
    "an array formula": odd(0, ("职业", "公式"), 职业=ArrayFormula("F3", "=A3:A3")),
    "a formula that failed": odd(0, ("现居住地址", "公式出错"), 现居住地址="#REF!"),
    "text that looks like a formula": odd(2, None, "", {"occupation": "=1+1"}, 职业="'=1+1"),
    "yes and no": odd(2, None, "", {"details": {"floating": "是", "lost_contact": "否"}}, 是否为流动党员=True, 是否失联=False),
    "a tick": odd(2, None, "", {"details": {"has_certificate": "√"}}, 是否持有活动证="√"),
    "half an address": odd(2, None, "地址不完整", {}, 现居住地址="深圳"),
    "no address": odd(2, None, "没有地址", {}, 现居住地址="/"),
}  # fmt: skip


def of(
    rows: list[list[Any]],
    added: int,
    refused: dict[int, tuple[str, str]] | None = None,
    *said: tuple[int, str],
    change: Callable[[Any], object] | None = None,
    stored: dict[str, Any] | None = None,
) -> Case:
    """One sheet; `change` is made to it before it is saved."""
    return Case(
        lambda: workbook({"名册": rows}, (lambda book: change(book.worksheets[0])) if change else None),
        added, refused or {}, said, stored or {},
    )  # fmt: skip


def merged(*ranges: str) -> Callable[[Any], object]:
    return lambda sheet: [sheet.merge_cells(one) for one in ranges]


BRANCH_TITLES = [*TITLES, "所在党支部"]
TWO_LINES = [
    ["序号", "姓名", "出生日期", "外出情况", None, "现居住", None, "户籍", "流入党组织", None, None],
    [None, None, None, "时间", "地点", "地址", "核实日期", "地址", "名称", "联系人", "联系方式"],
    [1, "张伟", "1985-03-12", "2015-03", "深圳", SHENZHEN, "2026-10-01", "老家", "科技园支部", "刘洋", "13900009999"],
    [2, "李娜", "1990-11-05", "2018-02", "杭州", HANGZHOU, "2026-10-02", "老家", "西湖支部", "陈晨", "13900009998"],
]
AWAY = {
    "away_since": date(2018, 2, 1), "phone": None,
    "details": {"away_to": "杭州", "home_address": "老家", "inflow_organisation": "西湖支部", "inflow_contact": "陈晨", "inflow_phone": "13900009998"},
}  # fmt: skip
THRICE = [TITLES, *PEOPLE[:2], PEOPLE[1], PEOPLE[1]]
TABLES = {
    "a branch merged over its rows": of(
        [BRANCH_TITLES, [*PEOPLE[0], "第一支部"], [*PEOPLE[1], None], [*PEOPLE[2], "第二支部"]], 3,
        change=merged("F2:F3"), stored={"details": {"branch": "第一支部"}},
    ),
    "an address merged over a couple": of(
        [TITLES, PEOPLE[0], [*PEOPLE[1][:3], None, "2026-10-02"]], 2, change=merged("D2:D3"), stored={"written": SHENZHEN},
    ),
    "a person merged over two rows": of(
        [TITLES, PEOPLE[0], [None] * 5, PEOPLE[1]], 2, change=merged("A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3"),
    ),
    "a person with two addresses": of(
        [TITLES, PEOPLE[0], PEOPLE[1], [None, None, None, SHENZHEN, "2026-11-01"]], 1,
        {3: ("姓名", "内容不一样"), 4: ("姓名", "内容不一样")}, change=merged("A3:A4", "B3:B4", "C3:C4"),
    ),
    "merged titles and a merged footer": of(
        [["2026 年流动党员花名册"], ["填报单位：青石镇党委"], TITLES, *PEOPLE, ["填表人：王强   审核人：赵敏"]], 3,
        change=merged("A1:E1", "A2:E2", "A7:E7"),
    ),
    "a header in two lines, merged": of(
        TWO_LINES, 2, change=merged("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "I1:K1"), stored=AWAY,
    ),
    "a header in two lines, not merged": of(TWO_LINES, 2, stored=AWAY),
    "known titles below a common one": of(
        [["姓名", "出生日期", "外出情况", None, "联系"], [None, None, "外出时间", "外出地点", "手机号"],
         ["李娜", "1990-11-05", "2018-02", "杭州", "13900001202"]],
        1, None, (3, "没有地址"),
        stored={"away_since": date(2018, 2, 1), "phone": "+8613900001202", "details": {"away_to": "杭州"}},
    ),
    "hints below the header": of([TITLES, ["（必填）", "（如 1990-11-05）", "（11 位）"], *PEOPLE], 3),
    "an example below the header": of([["序号", *TITLES], ["示例", *PEOPLE[2]], ["1", *PEOPLE[0]]], 1),
    "the header on every page": of([TITLES, PEOPLE[0], TITLES, PEOPLE[1], [], TITLES, PEOPLE[2]], 3),
    "footers of every kind": of(
        [TITLES, *PEOPLE, ["合计", 3], ["共 3 人"], ["填表日期：2026年12月1日"], ["说明：空着的没有电话"], ["第 1 页 共 1 页"]], 3,
    ),
    "a header far down": of([*([["说明"]] * 29), TITLES, *PEOPLE], 3),
    "empty columns between": of([[None, "姓名", None, None, "手机号"], [None, "李娜", None, None, 13900001202]], 1, None, (2, "没有地址")),
    "a column twice": of([[*TITLES, "联系电话"], [*PEOPLE[1], "13900005555"]], 1, None, (1, "同类的列"), stored={"phone": "+8613900001202"}),
    "a column nobody knows": of([[*TITLES, "血型"], [*PEOPLE[1], "A"]], 1, None, (1, "这一列不认识")),
    "a formula in a column nobody reads": of([["序号", *TITLES], ["=ROW()-1", *PEOPLE[1]]], 1),
    "only a header": of([TITLES], 0, None, (0, "没有一行内容")),
    "the same person three times": of(THRICE, 2, None, (4, "只算一次"), (5, "只算一次")),
    "three rows that complete each other": of(
        [TITLES, ["李娜", "1990-11-05", "13900001202", "", ""], ["李娜", "1990-11-05", "", HANGZHOU, "2026-10-02"],
         ["李娜", "1990-11-05", "", "", ""]],
        1, None, (3, "合在一起"), (4, "合在一起"), stored={"phone": "+8613900001202", "written": HANGZHOU},
    ),
    "twice, and not the same": of(
        [TITLES, PEOPLE[0], PEOPLE[1], [*PEOPLE[1][:3], SHENZHEN, "2026-10-02"]], 1,
        {3: ("姓名", "内容不一样"), 4: ("姓名", "内容不一样")},
    ),
    "two of a name who may be one": of(
        [TITLES, PEOPLE[0], ["李娜", "1990-11-05", "", HANGZHOU, ""], ["李娜", "", "13900001202", HANGZHOU, ""]], 1,
        {3: ("姓名", "分不清"), 4: ("姓名", "分不清")},
    ),
    "two of a name who are two": of([TITLES, PEOPLE[0], ["张伟", "1995-12-02", "13900001206", HANGZHOU, ""]], 2),
    "identity-card numbers": of([[*TITLES, "公民身份证号"], [*PEOPLE[1], CARD]], 1, stored={"details": {}}),
    "a link on a cell": of([TITLES, *PEOPLE], 3, change=lambda sheet: setattr(sheet["A3"], "hyperlink", "http://127.0.0.1:9/")),
    "rows hidden by a filter": of([TITLES, *PEOPLE], 3, change=lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True)),
    "a comma far to the right": of([TITLES, *PEOPLE], 3, None, (0, "第 300 列以后"), change=lambda sheet: sheet.cell(3, 16_384, "x")),
    "a word far below": of([TITLES, *PEOPLE], 3, {150_000: ("姓名", "没有姓名")}, change=lambda sheet: sheet.cell(150_000, 4, "某地")),
}  # fmt: skip


def _branches() -> bytes:
    titles = ["姓名", "出生日期", "手机号", "现居住地址"]
    return workbook({
        "填表说明": [["请按月填报"]],
        "第一党支部": [titles, PEOPLE[0][:4]],
        "第二党支部": [["第二党支部流动党员"], titles, PEOPLE[1][:4], ["五人", "", "", ""], PEOPLE[2][:4]],
        "汇总": [["支部", "人数"], ["第一党支部", 1]],
    })  # fmt: skip


def _hidden(state: str) -> bytes:
    def hide(book: Workbook) -> None:
        book["旧名册"].sheet_state = state

    return workbook({"名册": [TITLES, *PEOPLE], "旧名册": [TITLES, ["赵敏", "1982-10-18", "", "", ""]]}, hide)


def _with_chart(book: Workbook) -> None:
    book.create_chartsheet("图")


def _epoch(book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904
    book["名册"]["B2"] = BORN


def _raw(*rows: str, after: str = "", more: tuple[str, ...] = (), **kept: Any) -> bytes:
    return package(data_xml(*rows) + after, *more, **kept)


HEAD = row_xml(1, *TITLES)
FIRST, SECOND = row_xml(2, *PEOPLE[0]), row_xml(3, *PEOPLE[1])
BAD_NUMBER = '<row r="3"><c t="inlineStr"><is><t>李娜</t></is></c><c><v>abc</v></c></row>'
BAD_STRING = '<row r="3"><c t="s"><v>99</v></c><c><v>33182</v></c></row>'
BAD_SHARED = '<row r="3"><c r="A3"><f t="shared" si="0">B1</f></c><c r="B3"><f t="shared" si="7"/></c></row>'
RICH = '<row r="3"><c t="inlineStr"><is><r><t>李</t></r><r><t>娜</t></r></is></c><c><v>33182</v></c></row>'
WORKBOOKS = {
    "a sheet for each branch": Case(
        _branches, 3, {4: ("姓名", "只有姓名")},
        ((0, "没有找到带“姓名”的表头"), (0, "没有找到带“姓名”的表头"), (0, "读了 2 张工作表")),
        {"details": {"branch": "第二党支部"}},
    ),
    "one sheet of several": Case(_branches, 1, stored={"name": None}, options=("--sheet", "第一党支部")),
    "a hidden sheet": Case(lambda: _hidden("hidden"), 3, {}, ((0, "隐藏"),)),
    "a sheet hidden from the menu too": Case(lambda: _hidden("veryHidden"), 3, {}, ((0, "隐藏"),)),
    "a hidden sheet that was asked for": Case(
        lambda: _hidden("hidden"), 1, {}, ((2, "没有地址"),), options=("--sheet", "旧名册")
    ),
    "a sheet that is a chart": Case(lambda: workbook({"名册": [TITLES, *PEOPLE]}, _with_chart), 3),
    "days counted from 1904": Case(
        lambda: workbook({"名册": [TITLES, ["李娜", None, "13900001202", HANGZHOU, ""]]}, _epoch), 1, stored={"born_on": BORN}
    ),
    "a sheet that is broken": Case(
        lambda: package(data_xml(HEAD, FIRST), "<sheetData><row", names=["名册", "坏了"]), 1, {}, ((0, "已经损坏"),)
    ),
    "a number that is none": Case(lambda: _raw(HEAD, FIRST, BAD_NUMBER), 1, {3: ("出生日期", "公式出错")}),
    "a string that is not there": Case(lambda: _raw(HEAD, FIRST, BAD_STRING), 1, {3: ("姓名", "公式出错")}),
    "half a shared formula": Case(lambda: _raw(HEAD, FIRST, BAD_SHARED), 1, {3: ("出生日期", "公式")}),
    "a name in two colours": Case(lambda: _raw(HEAD, FIRST, RICH), 2, {}, ((3, "没有地址"),), {"born_on": BORN}),
    "rows without numbers": Case(lambda: _raw(*(row_xml(None, *one) for one in [TITLES, *PEOPLE])), 3),
    "two rows of one number": Case(lambda: _raw(HEAD, FIRST, row_xml(2, *PEOPLE[1])), 2),
    "rows out of order": Case(lambda: _raw(SECOND, HEAD, FIRST), 2),
    "a wrong dimension": Case(lambda: package(f'<dimension ref="A1"/>{data_xml(HEAD, FIRST, SECOND)}'), 2),
    "the largest dimension": Case(lambda: package(f'<dimension ref="A1:XFD1048576"/>{data_xml(HEAD, FIRST)}'), 1),
    "merges that are nonsense": Case(
        lambda: _raw(HEAD, FIRST, SECOND, after='<mergeCells><mergeCell ref="?"/><mergeCell/><mergeCell ref="D2:D9"/></mergeCells>'), 2
    ),
    "two sheets of one name": Case(
        lambda: package(data_xml(HEAD, FIRST), data_xml(HEAD, row_xml(2, *PEOPLE[1])), names=["名册", "名册"]), 2, {}, ((0, "读了 2 张"),)
    ),
    "a sheet with a strange name": Case(
        lambda: package(data_xml(HEAD, FIRST, row_xml(3, "李娜")), names=["&#x202e;&quot;'[:*]\u200b/"]), 1, {3: ("姓名", "只有姓名")}
    ),
}  # fmt: skip
CASES = CELLS | TABLES | WORKBOOKS


def stored_of(name: str) -> dict[str, Any]:
    with reading() as session:
        found = session.exec(select(Member).where(Member.name == name)).first()
        if found is None:
            return {"name": None}
        home = session.exec(select(Residence).where(Residence.member_id == found.key)).first()
        return found.model_dump() | {"written": home.written if home else None}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_answer_of_a_workbook(clerk: Any, case: Case) -> None:
    content = case.content()
    said = clerk.take_in("名册.xlsx", content, *case.options)
    assert isinstance(said, dict), said
    assert said["added"] == case.added, said
    assert {one["row"]: one["column"] for one in said["rejected"]} == {row: one[0] for row, one in case.refused.items()}
    for one in said["rejected"]:
        assert case.refused[one["row"]][1] in one["reason"]
    assert sorted(one["row"] for one in said["notices"]) == sorted(row for row, _ in case.said), said["notices"]
    for row, words in case.said:
        assert any(words in one["reason"] for one in said["notices"] if one["row"] == row), said["notices"]
    name = case.stored.get("name") or "李娜"
    assert case.stored == {key: value for key, value in stored_of(name).items() if key in case.stored}
    again = clerk.take_in("名册.xlsx", content, *case.options)
    assert isinstance(again, dict)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, case.added)
    assert [again["rejected"], again["fix_file"]] == [said["rejected"], said["fix_file"]]
    assert bool(said["fix_file"]) == bool(case.refused)


def test_a_fix_it_file_is_a_good_workbook_even_of_a_sheet_with_a_strange_name(clerk: Any) -> None:
    said = clerk.take_in("名册.xlsx", WORKBOOKS["a sheet with a strange name"].content())
    assert io.BytesIO(Path(said["fix_file"]).read_bytes()).read(4) == b"PK\x03\x04"
