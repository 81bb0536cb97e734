"""Files and commands that people get wrong: a Chinese sentence, an exit code, and nothing half applied."""

import json
import zipfile
from io import BytesIO

import pytest

from qianli.ledger.out import write_xlsx
from tests.cli.office import LEDGER, ORGANISATION, Office

REFUSED, UNREADABLE = 1, 2
EVENTS_TITLES = "包裹编号,状态,时间\n"


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


TYPED = {
    "a command that is none": ("campaigns", "命令写法不对：没有 campaigns 这个命令，是不是 campaign。", UNREADABLE),
    "an option that is none": (
        "campaign list --all-of-them",
        "写法不对：没有 --all-of-them 这个选项。",
        UNREADABLE,
    ),
    "nothing after it": ("campaign status", "命令写法不对：少写了 CODE。", UNREADABLE),
    "one word too many": ("campaign status A B", "命令写法不对：后面多了“B”。", UNREADABLE),
    "an option without its word": ("letter preview a --member", "命令写法不对：--member 后面要写上内容。", UNREADABLE),
    "no such campaign": ("campaign status NOPE-2027", "没有代码为“NOPE-2027”的活动", UNREADABLE),
    "no such campaign to prepare": ("campaign prepare NOPE-2027 --inline", "没有代码为“NOPE-2027”的活动", UNREADABLE),
    "no such consignment": ("consignment cancel YJZX-2027-0099", "没有编号为“YJZX-2027-0099”的寄送", UNREADABLE),
    "no such parcel": ("parcel take-back 33-00099-X --put-back", "包裹编号", UNREADABLE),
    "no such manifest": ("manifest hand-over 33-J099 --count 1", "没有编号为“33-J099”的交接单", UNREADABLE),
    "no such case": ("case resolve 99 --outcome found", "没有编号为 99 的问题", UNREADABLE),
    "an outcome that is none": (
        "case resolve 99 --outcome lucky",
        "没有“lucky”这一项，可用的有",
        UNREADABLE,
    ),
    "no such item": ("item receive no-such-thing 5", "没有编号为“no-such-thing”的物品", UNREADABLE),
    "a negative quantity": ("item receive brief-history -- -5", "必须大于 0", UNREADABLE),
    "none at all": ("item receive brief-history 0", "必须大于 0", UNREADABLE),
    "half a book": ("item receive brief-history 0.5", "命令写法不对：N：要写整数。", UNREADABLE),
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
