"""CSV files as they come, each with the answer it must get."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from qianli.stages.members import list_members

HEAD = "姓名,出生日期,手机号,现居住地址,备注\r\n"
ZHANG = "张伟,1985-03-12,13900001201,广东省深圳市南山区科技园1号,\r\n"
LI = "李娜,1990-11-05,13900001202,浙江省杭州市西湖区文三路2号,\r\n"
WANG = "王强,1979-01-16,13900001203,上海市浦东新区世纪大道3号,\r\n"
ALL = HEAD + ZHANG + LI + WANG
THREE = ["张伟", "李娜", "王强"]
TWO = ["张伟", "王强"]
TORN = {3: "引号不成对"}


@dataclass(frozen=True)
class Case:
    """Bytes, who goes in, which rows go back and why, and what else is said."""

    content: bytes
    names: list[str] = field(default_factory=lambda: THREE)
    refused: dict[int, str] = field(default_factory=dict)
    said: str = ""


CASES = {
    "UTF-8": Case(ALL.encode()),
    "UTF-8 with a mark": Case(ALL.encode("utf-8-sig")),
    "GB18030": Case(ALL.encode("gb18030")),
    "Unicode text of Excel": Case(ALL.replace(",", "\t").encode("utf-16")),
    "UTF-16, the other way round": Case(b"\xfe\xff" + ALL.encode("utf-16-be")),
    "tabs": Case(ALL.replace(",", "\t").encode()),
    "semicolons": Case(ALL.replace(",", ";").encode()),
    "semicolons, and commas in addresses": Case(ALL.replace(",", ";").replace("市", "市,").encode()),
    "bars": Case(ALL.replace(",", "|").encode()),
    "commas in full width": Case(ALL.replace(",", "，").encode()),
    "a line that names the delimiter": Case(("sep=;\r\n" + ALL.replace(",", ";")).encode()),
    "a title above": Case(("2026年流动党员花名册,,,,\r\n\r\n" + ALL).encode()),
    "line ends of old machines": Case(ALL.replace("\r\n", "\r").encode()),
    "line ends of all kinds": Case((HEAD + ZHANG[:-2] + "\n" + LI[:-2] + "\r" + WANG).encode()),
    "blank lines": Case((HEAD + "\r\n" + ZHANG + "\r\n,,,,\r\n" + LI + WANG + "\r\n\r\n").encode()),
    "no line end at the end": Case(ALL.rstrip().encode()),
    "rows of different length": Case((HEAD + ZHANG[:-3] + "\r\n" + LI[:-2] + ",,,\r\n" + WANG).encode()),
    "commas in quotes": Case(
        (HEAD + ZHANG + LI.replace("浙江省杭州市", '"浙江省,杭州市').replace("2号", '2号"') + WANG).encode()
    ),
    "line ends in quotes": Case(
        (HEAD + ZHANG + LI.replace("浙江省杭州市", '"浙江省\r\n杭州市').replace("2号", '2号"') + WANG).encode()
    ),
    "quotes in quotes": Case((HEAD + ZHANG + LI.replace(",\r\n", ',"人称""小李"""\r\n') + WANG).encode()),
    "quotes within a cell": Case((HEAD + ZHANG + LI.replace(",\r\n", ',人称"小李"\r\n') + WANG).encode()),
    "numbers kept as text": Case(ALL.replace("13900001202", '="13900001202"').encode()),
    "a quote that is never closed": Case((HEAD + ZHANG + LI.replace("浙江", '"浙江') + WANG).encode(), TWO, TORN),
    "a quote closed in another row": Case(
        (HEAD + ZHANG + LI.replace("浙江", '"浙江') + WANG.replace("上海", '"上海').replace("3号", '3号"')).encode(),
        TWO,
        TORN,
    ),
    "words behind a quote": Case(
        (HEAD + ZHANG + LI.replace("浙江省杭州市", '"浙江省"杭州市') + WANG).encode(), TWO, TORN
    ),
    "a torn last row": Case((HEAD + ZHANG + WANG + LI.replace("浙江", '"浙江')).encode(), TWO, {4: "引号不成对"}),
    "a cell larger than CSV allows": Case(
        (HEAD + ZHANG + LI.replace(",\r\n", f',"{"长" * 140_000}"\r\n') + WANG).encode(), TWO, {3: "内容过长"}
    ),
    "a formula": Case(ALL.replace("13900001202", "=A1&B1").encode(), TWO, {3: "公式"}),
    "a NUL in a name": Case(ALL.replace("李娜", "李\0娜").encode()),
    "invisible and bidi characters": Case(ALL.replace("李娜", "\u202e李\u200d娜\u2069").encode()),
    "rows of two encodings": Case((HEAD + ZHANG).encode() + LI.encode("gb18030") + WANG.encode()),
    "half of it another encoding": Case((HEAD + ZHANG).encode("gb18030") + (LI + WANG).encode()),
    "a damaged character": Case(ALL.encode().replace("娜".encode(), "娜".encode()[:2]), TWO, {3: "编码坏了"}),
    "a damaged character in GB18030": Case(
        (ALL + ZHANG * 9).encode("gb18030").replace("李娜".encode("gb18030"), b"\xc0\xee\xff\xff"),
        TWO,
        {3: "编码坏了"},
        "只算一次",
    ),
    "far too many columns": Case((HEAD[:-2] + "," * 400 + "x\r\n" + ZHANG + LI + WANG).encode(), said="第 300 列以后"),
    "only a header": Case(HEAD.encode(), [], said="没有一行内容"),
}
REFUSED = {
    "nothing": (b"", "空的"),
    "only a mark": (b"\xef\xbb\xbf", "没有找到表头"),
    "only blanks": (b" \r\n\t\r\n", "空的"),
    "NULs everywhere": (b"\0" * 3000, "编码认不出来"),
    "noise": (bytes(range(256)) * 20, "编码认不出来"),
    "UTF-16 without a mark": (ALL.encode("utf-16-le"), "编码认不出来"),
    "no header": ((ZHANG + LI + WANG).encode(), "没有找到表头"),
    "quotes torn everywhere": (HEAD.encode() + LI.replace("浙江", '"浙江').encode() * 101, "引号或换行不完整"),
    "a web page": ("\ufeff<table><tr><td>姓名</td></tr></table>".encode(), "其实是网页"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_answer_of_a_csv(clerk: Any, case: Case) -> None:
    said = clerk.take_in("名册.csv", case.content)
    assert isinstance(said, dict), said
    assert (said["added"], [one.name for one in list_members()]) == (len(case.names), case.names)
    assert {one["row"] for one in said["rejected"]} == case.refused.keys()
    assert all(case.refused[one["row"]] in one["reason"] for one in said["rejected"])
    assert all(case.said and case.said in one["reason"] for one in said["notices"])
    assert bool(said["notices"]) == bool(case.said)
    again = clerk.take_in("名册.csv", case.content)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, len(case.names))


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_refused_in_a_sentence(clerk: Any, content: bytes, sentence: str) -> None:
    said = clerk.take_in("名册.csv", content)
    assert isinstance(said, str), said
    assert sentence in said
    assert list_members() == []
