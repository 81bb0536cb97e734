"""What people get wrong, typed as they would type it: a Chinese sentence, an exit code, and nothing half applied."""

import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from qianli.cli.main import execute
from qianli.ledger.out import write_xlsx
from qianli.settings import ROOT
from qianli.testing import workspace

ORGANISATION = "临溪镇石门村党支部"
REFUSED, UNREADABLE = 1, 2
CHINESE = re.compile("[\u4e00-\u9fff]")
EXAMPLE = ROOT / "examples/study-books"
LEDGER = """姓名,手机号,入党时间,现居住地址,核实日期,外出时间
彭大勇,13900003401,2007-07-01,福建省泉州市晋江市陈埭镇鞋都路158号3栋402室,2026-10-18,2012-03
覃丽君,13900003404,2012-06-01,福建省泉州市石狮市湖滨街道八七路1099号503室,2026-11-02,2014-09
"""
EVENTS_TITLES = "包裹编号,状态,时间\n"


@dataclass
class Office:
    """A table with files on it, and the command line beside it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    database: Path

    def write(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def altered(self, name: str, old: str, new: str) -> str:
        """An example file with one thing changed."""
        text = (EXAMPLE / name).read_text("utf-8")
        assert old in text
        return self.write(name, text.replace(old, new))

    def type(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a command."""
        self.capsys.readouterr()
        code = execute(list(words))
        said = self.capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "没有预料到" not in said.err
        return code, said.out, said.err

    def dump(self) -> str:
        """Every row of every table, and every file that was published. That a flow was asked for may be noted."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = "\n".join(row for row in connection.iterdump() if "_campaign asked'" not in row)
        files = sorted(str(path) for path in (self.database.parent / "documents").rglob("*"))
        return "\n".join([rows, *files])

    def is_refused(self, code: int, sentence: str, *words: str) -> None:
        """The command ends with this code and sentence, and nothing whatever has changed."""
        before = self.dump()
        got, _, err = self.type(*words)
        assert got == code, err
        assert sentence in err
        assert CHINESE.search(err)
        assert self.dump() == before


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two members, a kit and a campaign."""
    root = tmp_path_factory.mktemp("furnished")
    ledger, copy = root / "名册.csv", root / "copy.db"
    ledger.write_text(LEDGER, encoding="utf-8")
    with workspace(root):
        assert execute(["member", "import", str(ledger), "--organisation", ORGANISATION]) == 0
        assert execute(["kit", "add", str(EXAMPLE / "kit.yaml")]) == 0
        assert execute(["campaign", "new", str(EXAMPLE / "campaign.yaml")]) == 0
        with closing(sqlite3.connect(root / "qianli.db")) as made, closing(sqlite3.connect(copy)) as target:
            made.backup(target)
    return copy


@pytest.fixture
def office(furnished: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """A desk with a letter on it, and a furnished database of its own."""
    shutil.copy(furnished, place / "qianli.db")
    desk = Office(tmp_path / "desk", capsys, place / "qianli.db")
    desk.folder.mkdir()
    desk.write("letter.txt", (EXAMPLE / "letter.txt").read_bytes())
    return desk


def _zip_without_sheets() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("readme.txt", "hello")
    return packed.getvalue()


FILES = {
    "broken": ("花名册.xlsx", b"PK\x03\x04broken", "打不开"),
    "cut off": ("花名册.xlsx", write_xlsx([("名册", ["姓名"], [["张伟"]])])[:-400], "打不开"),
    "another archive": ("花名册.xlsx", _zip_without_sheets(), "不是 Excel 表格"),
    "only called so": ("花名册.xlsx", LEDGER.encode(), "内容却不是 Excel"),
    "old or locked": ("花名册.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版"),
    "a web page": ("花名册.xls", b"<html><table></table></html>", "网页"),
    "wrong encoding": ("花名册.csv", LEDGER.encode("shift_jis", "replace") + b"\xff\xff", "编码"),
    "nothing in it": ("花名册.csv", b" \r\n", "空的"),
}
IMPORTS = {
    "members": ("member", "import", "{file}", "--organisation", ORGANISATION),
    "waybills": ("parcel", "waybills", "{file}"),
    "events": ("parcel", "events", "{file}"),
}


@pytest.mark.parametrize("command", IMPORTS.values(), ids=IMPORTS)
@pytest.mark.parametrize(("name", "content", "sentence"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read(
    office: Office, command: tuple[str, ...], name: str, content: bytes, sentence: str
) -> None:
    file = office.write(name, content)
    office.is_refused(UNREADABLE, sentence, *(word.format(file=file) for word in command))


@pytest.mark.parametrize("command", IMPORTS.values(), ids=IMPORTS)
def test_a_file_that_is_not_what_was_meant(office: Office, command: tuple[str, ...]) -> None:
    def words(file: str) -> list[str]:
        return [word.format(file=file) for word in command]

    office.is_refused(UNREADABLE, "表头", *words(office.write("别的.csv", "甲,乙\n1,2\n")))
    office.is_refused(UNREADABLE, "找不到文件", *words(str(office.folder / "没有.xlsx")))
    office.is_refused(UNREADABLE, "打不开", *words(str(office.folder)))


def test_a_sheet_that_is_not_there(office: Office) -> None:
    file = office.write("花名册.xlsx", write_xlsx([("名册", ["姓名"], [["张伟"]])]))
    words = ("member", "import", file, "--organisation", ORGANISATION, "--sheet", "二月")
    office.is_refused(UNREADABLE, "没有名为“二月”的工作表", *words)


BAD_ROWS = {
    "a formula": ("=A1&B1", "公式"),
    "HTML": ("<b>张伟</b>", "不能用的字符"),
    "Jinja": ("{{ 7 * 7 }}", "不能用的字符"),
    "a placeholder": ("{姓名}", "不能用的字符"),
    "two persons": ("王强、李明", "一人一行"),
    "nobody": ("　", "没有姓名"),
    "far too long": ("张" * 51, "超过 50"),
}


@pytest.mark.parametrize(("name", "reason"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_does_not_take_the_good_one_down(office: Office, name: str, reason: str) -> None:
    rows = f'"{name}",13900005501,2011-07-01,,,\n瞿建平,13900003405,2004-11-01,,,\n'
    file = office.write("增补.csv", LEDGER.splitlines()[0] + "\n" + rows)
    code, out, err = office.type("member", "import", file, "--organisation", ORGANISATION, "--json")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert (said["added"], said["changed"], said["unchanged"]) == (1, 0, 0)
    assert {one["row"] for one in said["rejected"]} == {2}
    assert any(reason in one["reason"] for one in said["rejected"])
    assert said["fix_file"]
    listed = json.loads(office.type("member", "list", "--json")[1])
    assert [one["name"] for one in listed] == ["彭大勇", "覃丽君", "瞿建平"]
    again = json.loads(office.type("member", "import", file, "--organisation", ORGANISATION, "--json")[1])
    assert (again["added"], again["changed"], again["unchanged"], again["fix_file"]) == (0, 0, 1, said["fix_file"])


KIT = "code: new-kit\nname: 新资料包\nitems:\n  - {sku: new-book, name: 新书, quantity: 1, weight_g: 100}\n"
KITS = {
    "a key nobody knows": (KIT + "colour: red\n", "colour：没有这一项"),
    "a key twice": (KIT + "code: other\n", "“code”写了两次"),
    "an alias": (KIT.replace("新资料包", "&name 新书").replace("name: 新书", "name: *name"), "引用"),
    "a tab": (KIT.replace("  - {", "\t- {"), "制表符"),
    "a negative quantity": (KIT.replace("quantity: 1", "quantity: -1"), "必须大于 0"),
    "a negative weight": (KIT.replace("weight_g: 100", "weight_g: -1"), "不能小于 0"),
    "half a book": (KIT.replace("quantity: 1", "quantity: 0.5"), "应当是整数"),
    "a price in words": (KIT.replace("weight_g: 100", "weight_g: 100, unit_cost: 贵"), "应当是金额"),
    "an item twice": (KIT + KIT.splitlines()[-1] + "\n", "写了两次"),
    "nothing in it": (KIT.split("items:", maxsplit=1)[0] + "items: []\n", "至少要有 1 项"),
    "something to run": (KIT.replace("新资料包", '!!python/object/apply:os.getcwd ""'), "不是正确的 YAML"),
    "a list": ("- 新书\n", "清单"),
    "another encoding": (KIT.encode("gb18030"), "UTF-8"),
    "an empty box": (KIT.replace("新书", "新书\U000f0000"), "字库没有的字"),
}


@pytest.mark.parametrize(("content", "sentence"), KITS.values(), ids=KITS)
def test_a_kit_that_cannot_be(office: Office, content: str | bytes, sentence: str) -> None:
    office.is_refused(UNREADABLE, sentence, "kit", "add", office.write("资料包.yaml", content))


def test_an_item_that_is_registered_otherwise(office: Office) -> None:
    file = office.altered("kit.yaml", "weight_g: 640", "weight_g: 641")
    office.is_refused(REFUSED, "brief-history", "kit", "add", file)


CAMPAIGNS = {
    "a key nobody knows": ("kit:", "kitt:", "kitt：没有这一项"),
    "no such kit": ("study-books-kit", "no-such-kit", "没有代码为“no-such-kit”的资料包"),
    "no such organisation": (ORGANISATION, "没有这个支部", "没有名为“没有这个支部”的组织"),
    "no such courier": ("china_post", "dhl", "没有代码为“dhl”的快递公司"),
    "no such letter": ("letter: letter.txt", "letter: 没有.txt", "找不到文件"),
    "no such design": ("letter: letter.txt", "letter: letter.txt\ndesign: nowhere", "没有名为“nowhere”的书信版式"),
    "a design elsewhere": ("letter: letter.txt", "letter: letter.txt\ndesign: ../../etc/passwd", "design：写法不对"),
    "the 30th of February": ("planned_delivery: 2027-01-20", "planned_delivery: 2027-02-30", "应当是日期"),
    "negative postage": ("yuan: 11.00", "yuan: -11.00", "不能小于 0"),
    "an outside that tells": ("name: 石门村便民服务站", "name: 石门村党支部", "中性的写法"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_campaign_that_cannot_be(office: Office, old: str, new: str, sentence: str) -> None:
    office.altered("campaign.yaml", "code: YJZX-2027", "code: OTHER-2027")
    text = (office.folder / "campaign.yaml").read_text("utf-8")
    file = office.write("campaign.yaml", text.replace(old, new))
    office.is_refused(UNREADABLE, sentence, "campaign", "new", file)


def test_a_code_that_is_taken(office: Office) -> None:
    file = office.altered("campaign.yaml", "name: 邮寄助学", "name: 另一次邮寄助学")
    office.is_refused(REFUSED, "已经用过", "campaign", "new", file)


LETTERS = {
    "an expression": ("{{ 7 * 7 }}", "模板写法"),
    "an include": ('{% include "/etc/passwd" %}', "模板写法"),
    "a way into an object": ("{姓名.__class__}", "不认识"),
    "a placeholder nobody knows": ("{身份证号}", "占位符“{身份证号}”不认识"),
    "a file": ('<img src="file:///etc/passwd">', "网页标记"),
    "an address": ('<link rel="stylesheet" href="http://127.0.0.1:9/x.css">', "网页标记"),
    "half a placeholder": ("{姓名", "没有成对"),
    "an empty box": ("\U000f0000", "字库没有的字"),
    "too many words": ("说来话长。" * 700, "正文太长"),
}


@pytest.mark.parametrize(("words", "sentence"), LETTERS.values(), ids=LETTERS)
def test_a_letter_that_cannot_be_printed_as_meant(office: Office, words: str, sentence: str) -> None:
    office.altered("letter.txt", "您好！", f"您好！{words}")
    file = office.altered("campaign.yaml", "code: YJZX-2027", "code: OTHER-2027")
    office.is_refused(UNREADABLE, sentence, "campaign", "new", file)


def test_a_letter_in_another_encoding(office: Office) -> None:
    office.write("letter.txt", (EXAMPLE / "letter.txt").read_text("utf-8").encode("gb18030"))
    file = office.altered("campaign.yaml", "code: YJZX-2027", "code: OTHER-2027")
    office.is_refused(UNREADABLE, "UTF-8", "campaign", "new", file)


TYPED = {
    "a command that is none": ("campaigns", "命令写法不对", UNREADABLE),
    "an option that is none": ("campaign list --all-of-them", "命令写法不对", UNREADABLE),
    "nothing after it": ("campaign status", "命令写法不对", UNREADABLE),
    "no such campaign": ("campaign status NOPE-2027", "没有代码为“NOPE-2027”的活动", UNREADABLE),
    "no such campaign to prepare": ("campaign prepare NOPE-2027 --inline", "没有代码为“NOPE-2027”的活动", UNREADABLE),
    "no such consignment": ("consignment cancel YJZX-2027-0099", "没有编号为“YJZX-2027-0099”的寄送", UNREADABLE),
    "no such parcel": ("parcel take-back 33-00099-X --put-back", "包裹编号", UNREADABLE),
    "no such manifest": ("manifest hand-over 33-J099 --count 1", "没有编号为“33-J099”的交接单", UNREADABLE),
    "no such case": ("case resolve 99 --outcome found", "没有编号为 99 的问题", UNREADABLE),
    "an outcome that is none": ("case resolve 99 --outcome lucky", "命令写法不对", UNREADABLE),
    "no such item": ("item receive no-such-thing 5", "没有编号为“no-such-thing”的物品", UNREADABLE),
    "a negative quantity": ("item receive brief-history -- -5", "必须大于 0", UNREADABLE),
    "none at all": ("item receive brief-history 0", "必须大于 0", UNREADABLE),
    "half a book": ("item receive brief-history 0.5", "命令写法不对", UNREADABLE),
    "what the press makes": ("item receive study-letter 5", "不记库存", REFUSED),
    "a price in words": ("campaign approve YJZX-2027 --yuan 很多", "金额", UNREADABLE),
    "approved before prepared": ("campaign approve YJZX-2027", "campaign prepare", REFUSED),
    "rehearsed before prepared": ("campaign rehearse YJZX-2027", "campaign prepare", REFUSED),
    "fulfilled before approved": ("campaign fulfil YJZX-2027 --inline", "campaign approve", REFUSED),
    "packed before fulfilled": ("parcel pack --all YJZX-2027", "campaign fulfil", REFUSED),
    "sealed before packed": ("manifest seal YJZX-2027", "parcel pack", REFUSED),
    "closed before begun": ("campaign close YJZX-2027", "不能办结", REFUSED),
    "both or neither": ("parcel take-back 33-00001-8", "选一个", UNREADABLE),
}


@pytest.mark.parametrize(("line", "sentence", "code"), TYPED.values(), ids=TYPED)
def test_a_command_that_cannot_be_obeyed(office: Office, line: str, sentence: str, code: int) -> None:
    office.is_refused(code, sentence, *line.split())


def test_no_stock_holds_everybody_and_prints_nothing(office: Office) -> None:
    """Not a refusal of the command: each of them is held, with the reason and the next step."""
    for line in (
        "campaign prepare YJZX-2027 --inline",
        "campaign approve YJZX-2027",
        "campaign fulfil YJZX-2027 --inline",
    ):
        code, _, err = office.type(*line.split())
        assert (code, err) == (0, "")
    said = json.loads(office.type("campaign", "status", "YJZX-2027", "--json")[1])
    assert (said["consignments"], said["parcels"]) == ({"held": 2}, {})
    assert {one["reason"] for one in said["held"]} == {"out_of_stock"}
    assert all("库存不够" in one["sentence"] and "item receive" in one["next_step"] for one in said["held"])
    assert json.loads(office.type("campaign", "documents", "YJZX-2027", "--json")[1]) == []


def _sent(office: Office) -> list[str]:
    """The references of two parcels that are printed."""
    for sku in ("study-constitution", "brief-history", "on-history", "study-handbook", "revitalisation-reader"):
        assert office.type("item", "receive", sku, "5")[0] == 0
    for line in (
        "campaign prepare YJZX-2027 --inline",
        "campaign approve YJZX-2027",
        "campaign fulfil YJZX-2027 --inline",
    ):
        assert office.type(*line.split())[0] == 0
    return [one["reference"] for one in json.loads(office.type("parcel", "list", "YJZX-2027", "--json")[1])]


def _waybills(office: Office) -> list[str | None]:
    return [one["waybill"] for one in json.loads(office.type("parcel", "list", "YJZX-2027", "--json")[1])]


def test_numbers_and_events_that_fit_no_parcel(office: Office) -> None:
    first, second = _sent(office)
    twice = f"包裹编号,运单号\n{first},9810000000001\n{second},9810000000001\n"
    said = json.loads(office.type("parcel", "waybills", office.write("一.csv", twice), "--json")[1])
    assert (said["accepted"], [one["row"] for one in said["rejected"]]) == (0, [2, 3])
    assert _waybills(office) == [None, None]

    some = f"包裹编号,运单号\n{first},9810000000001\n33-00099-X,9810000000099\n{second},=1+1\n"
    said = json.loads(office.type("parcel", "waybills", office.write("二.csv", some), "--json")[1])
    assert (said["accepted"], [one["row"] for one in said["rejected"]]) == (1, [3, 4])
    assert _waybills(office) == ["9810000000001", None]

    taken = f"包裹编号,运单号\n{second},9810000000001\n"
    said = json.loads(office.type("parcel", "waybills", office.write("三.csv", taken), "--json")[1])
    assert (said["accepted"], [one["row"] for one in said["rejected"]]) == (0, [2])
    assert first in said["rejected"][0]["reason"]

    events = (
        EVENTS_TITLES + f"{first},已收寄,2026-11-20 10:00\n{second},已收寄,某日\n33-00099-X,已收寄,2026-11-20 10:00\n"
    )
    said = json.loads(office.type("parcel", "events", office.write("四.csv", events), "--json")[1])
    assert (said["accepted"], [one["row"] for one in said["rejected"]]) == (1, [3, 4])
    listed = json.loads(office.type("parcel", "list", "YJZX-2027", "--json")[1])
    assert [one["tracking"] for one in listed] == ["accepted", "unknown"]


def test_counts_and_answers_that_do_not_fit(office: Office) -> None:
    first, second = _sent(office)
    code, _, err = office.type("parcel", "pack", first, "33-00099-X")
    assert (code, "33-00099-X" in err) == (REFUSED, True)
    assert office.type("parcel", "pack", second)[0] == 0
    (sealed,) = json.loads(office.type("manifest", "seal", "YJZX-2027", "--json")[1])
    number = sealed["number"]
    office.is_refused(REFUSED, "少 1 件", "manifest", "hand-over", number, "--count", "1")
    office.is_refused(REFUSED, "没有这些包裹", "manifest", "hand-over", number, "--count", "1", "--left", "33-00099-X")
    office.is_refused(UNREADABLE, "不能是负数", "manifest", "hand-over", number, "--count", "-1")
    record = ("receipt", "record", "--campaign", "YJZX-2027", "--member")
    office.is_refused(REFUSED, "还没有寄出", *record, "1", "--said", "all_here")
    assert office.type("manifest", "hand-over", number, "--count", "2")[0] == 0
    office.is_refused(REFUSED, "已经交给快递公司", "consignment", "cancel", "YJZX-2027-0001")
    office.is_refused(UNREADABLE, "没有编号为 99 的党员", *record, "99", "--said", "all_here")
    office.is_refused(UNREADABLE, "少了哪一样", *record, "1", "--said", "something_missing")
    wrong = ("--said", "something_missing", "--missing", "no-such-thing")
    office.is_refused(UNREADABLE, "没有这些物品", *record, "1", *wrong)
    office.is_refused(UNREADABLE, "资料包里没有", "parcel", "replace", "YJZX-2027-0001", "--sku", "no-such-thing")
    office.is_refused(REFUSED, "还不能办结", "campaign", "close", "YJZX-2027")
