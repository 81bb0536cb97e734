"""Kits and campaigns written in odd YAML: a sentence for each, and nothing registered."""

# ruff: noqa: E501 - a case is a line

from typing import Any

import pytest

from qianli.campaigns.definition import read_campaign
from qianli.cli.main import execute
from qianli.kits.definition import read_kit
from qianli.settings import ROOT
from qianli.stages.kits import stock_levels

KIT = "code: new-kit\nname: 新资料包\nitems:\n  - {sku: new-book, name: 新书, quantity: 1, weight_g: 100, unit_cost: 3.50}\n"
CAMPAIGN = (ROOT / "examples/study-books/campaign.yaml").read_text("utf-8")


def kit(old: str, new: str) -> bytes:
    assert old in KIT
    return KIT.replace(old, new).encode()


def bombs(levels: int) -> str:
    return "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels))


KITS = {
    "an anchor and its alias": (
        kit("新资料包", "&name 新书").replace("name: 新书,".encode(), b"name: *name,"),
        "YAML 引用",
    ),
    "an anchor nobody uses": (kit("code: new-kit", "code: &code new-kit"), "YAML 引用"),
    "a billion aliases": (f"a0: &a0 [x]\n{bombs(10)}\n".encode(), "YAML 引用"),
    "a kit that holds itself": (b"code: k\nname: n\nitems: &items\n  - *items\n", "YAML 引用"),
    "a merge": (kit("name: 新资料包", "<<: {name: 新资料包}"), "<<"),
    "a key twice": (KIT.encode() + b"code: other\n", "“code”写了两次"),
    "a key twice, deeper": (kit("quantity: 1", "quantity: 1, quantity: 2"), "“quantity”写了两次"),
    "a list for a key": (b"? [a, b]\n: c\n? [a, b]\n: d\n", "不是文字"),
    "an empty list for a key, twice": (b"? []\n: 1\n? []\n: 2\n", "不是文字"),
    "4,000 keys": ("\n".join(f"k{n}:" for n in range(4_000)).encode(), "没有这一项"),
    "a key 8,000 times": (b"k:\n" * 8_000, "“k”写了两次"),
    "a tab": (kit("  - {", "\t- {"), "制表符"),
    "something to run": (kit("新资料包", '!!python/object/apply:os.system ["true"]'), "不是正确的 YAML"),
    "a time that is none": (kit("新资料包", "!!timestamp nonsense"), "类型标记"),
    "a number that is none": (kit("quantity: 1", 'quantity: !!int ""'), "类型标记"),
    "a truth that is none": (kit("quantity: 1", "quantity: !!bool maybe"), "类型标记"),
    "bytes": (kit("新资料包", "!!binary aGVsbG8="), "类型标记"),
    "two documents": (KIT.encode() + b"---\n" + KIT.encode(), "不是正确的 YAML"),
    "a list": (b"- 1\n", "清单"),
    "a word": ("新书".encode(), "清单"),
    "nothing": (b"", "清单"),
    "only remarks": ("# 还没有写\n".encode(), "清单"),
    "brackets without an end": (b"code: " + b"[" * 5_000, "太多层"),
    "a control character": (KIT.encode() + b"\x07", "控制字符"),
    "a NUL in quotes": (kit("新资料包", '"新\\0资料包"'), "看不见的控制字符"),
    "half a character in quotes": (kit("新资料包", '"新\\ud800"'), "不能用的字符"),
    "half a character in a key": (kit("code: new-kit", '"\\ud800": 1\ncode: new-kit'), "不能用的字符"),
    "another encoding": (KIT.encode("gb18030"), "UTF-8"),
    "UTF-16": (KIT.encode("utf-16"), "UTF-8"),
    "a megabyte": (b"# " + b"x" * 1_000_000, "定义文件太大"),
    "sixty for a minute": (kit("quantity: 1", "quantity: 1:30"), "应当是整数"),
    "yes for one": (kit("quantity: 1", "quantity: true"), "应当是数字"),
    "no for a name": (kit("name: 新书", "name: false"), "应当是文字"),
    "a number of 5,000 digits": (kit("quantity: 1", "quantity: " + "9" * 5000), "数字太大"),
    "infinity": (kit("unit_cost: 3.50", "unit_cost: .inf"), "应当是金额"),
    "not a number": (kit("unit_cost: 3.50", "unit_cost: NaN"), "应当是数字"),
    "nonsense for items": (kit("{sku: new-book", "{items: [{items: [{items: []}]}], sku: new-book"), "没有这一项"),
    "a thousand items": (
        KIT.encode() + b"".join(b"  - {sku: i%d, name: n, quantity: 1, weight_g: 1}\n" % n for n in range(1000)),
        "最多 100 项",
    ),
    "an item of another kind": (kit("weight_g: 100", "weight_g: 100, kind: gift"), "只能是"),
    "a name of 20,000 characters": (kit("新资料包", "长" * 20_000), "太长，最多 100 个字"),
}


@pytest.mark.parametrize(("content", "sentence"), KITS.values(), ids=KITS)
def test_a_kit_that_is_refused(clerk: Any, content: bytes, sentence: str) -> None:
    code, out, err = clerk.type("kit", "add", clerk.write("资料包.yaml", content), cpu_s=20)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err) < 5000
    assert stock_levels() == []


def test_text_that_yaml_would_turn_into_something_else_stays_text() -> None:
    read = read_kit(
        kit("新资料包", "0755").replace(b"code: new-kit", b"code: no").replace("name: 新书".encode(), b"name: 12:30")
    )
    assert (read.code, read.name, read.items[0].name) == ("no", "0755", "12:30")


CAMPAIGNS = {
    "a day as a number": ("letter_date: 2027-01-08", "letter_date: 20270108", "letter_date：应当是日期"),
    "a day as seconds since 1970": ("letter_date: 2027-01-08", "letter_date: 1799366400", "letter_date：应当是日期"),
    "a day as seconds in quotes": ("letter_date: 2027-01-08", 'letter_date: "1799366400"', "letter_date：应当是日期"),
    "a day with a time": ("letter_date: 2027-01-08", "letter_date: 2027-01-08 10:30:00", "letter_date：应当是日期"),
    "a day without its zeros": ("letter_date: 2027-01-08", "letter_date: 2027-1-8", "letter_date：应当是日期"),
    "the 30th of February": ("planned_delivery: 2027-01-20", "planned_delivery: 2027-02-30", "应当是日期"),
    "the beginning of time": ("planned_delivery: 2027-01-20", "planned_delivery: 0001-01-01", "应当是日期"),
    "the end of time": ("planned_delivery: 2027-01-20", "planned_delivery: 9999-12-31", "应当是日期"),
    "full width": ("planned_delivery: 2027-01-20", "planned_delivery: ２０２７-01-20", "应当是日期"),
    "no day at all": ("planned_delivery: 2027-01-20", "planned_delivery:", "应当是日期"),
    "a province that is none": ("courier:", "courier:\n  by_province: {东海省: china_post}", "东海省"),
    "one character for a province": ("courier:", "courier:\n  by_province: {四: china_post}", "没有名为“四”的省份"),
    "a city for a province": ("courier:", "courier:\n  by_province: {深圳: china_post}", "可以写：北京市"),
    "a province twice": ("courier:", "courier:\n  by_province: {福建: china_post, 福建省: sf}", "福建省”写了两次"),
    "a courier that is none": ("courier:", "courier:\n  by_province: {福建: dhl}", "没有代码为“dhl”的快递公司"),
    "a step twice": ("{up_to_g: 6000,", "{up_to_g: 2000,", "每一档一次"),
    "steps that fall": ("{up_to_g: 2000,", "{up_to_g: 9000,", "从轻到重"),
    "a cheaper step": ("yuan: 19.00", "yuan: 1.90", "反而更便宜"),
    "a letter elsewhere": ("letter: letter.txt", "letter: ../letter.txt", "letter：写法不对"),
    "a letter that is a folder": ("letter: letter.txt", "letter: ..", "打不开"),
    "a letter of a very long name": ("letter: letter.txt", f"letter: {'长' * 100}", "打不开"),
    "a letter with a NUL": ("letter: letter.txt", 'letter: "a\\0b"', "letter：写法不对"),
    "a network address for a letter": ("letter: letter.txt", "letter: http://127.0.0.1:9/a", "letter：写法不对"),
    "a telephone as a number": ("sender:\n", "audience: {organisations: [13900001201]}\nsender:\n", "应当是文字"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_campaign_that_is_refused(clerk: Any, old: str, new: str, sentence: str) -> None:
    assert old in CAMPAIGN
    clerk.write("letter.txt", (ROOT / "examples/study-books/letter.txt").read_bytes())
    text = CAMPAIGN.replace(old, new, 1)
    if "by_province" in new:
        text = text.replace(CAMPAIGN[CAMPAIGN.index("  default") :].splitlines()[0] + "\n", "  default: sf\n")
    code, out, err = clerk.type("campaign", "new", clerk.write("campaign.yaml", text))
    assert (code, out) == (2, "")
    assert sentence in err
    assert execute(["campaign", "status", "YJZX-2027"]) == 2


def test_provinces_by_their_full_and_short_names() -> None:
    text = CAMPAIGN.replace("courier:", "courier:\n  by_province: {内蒙古: sf, 福建省: jd}", 1)
    assert read_campaign(text.encode()).courier.by_province == {"内蒙古": "sf", "福建省": "jd"}
