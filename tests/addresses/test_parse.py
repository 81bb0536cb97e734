"""The cases, the built set, pasted text and what must hold for any text."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from models import AddressStatus
from qianli.addresses.data.index import index
from qianli.addresses.divisions import DATA, tables
from qianli.addresses.parse import Address, read_address, read_pasted
from qianli.addresses.status import Status
from qianli.cli import main
from qianli.settings import ROOT
from tests.bench.address_set import Case, cases, whole_set

LEAST = 500
SET = whole_set()


def told(read: Address) -> tuple[str | None, str | None, str | None, str]:
    return read.province, read.city, read.district, str(read.status)


@pytest.mark.parametrize("case", cases("cases.csv"), ids=lambda case: case.text)
def test_the_worked_cases(case: Case) -> None:
    [read] = read_pasted(case.text)
    assert told(read) == (*case.place, case.status)
    assert told(read_address(case.text)) == told(read)


def test_the_built_set() -> None:
    assert len(SET) >= LEAST
    wrong = [case.text for case in SET if [told(one) for one in read_pasted(case.text)] != [(*case.place, case.status)]]
    assert len(wrong) <= len(SET) * 0.02, wrong


def test_order_and_memory_change_nothing() -> None:
    """What was read before must not change what is read later."""
    first = [read_address(case.text) for case in SET]
    assert [read_address(case.text) for case in reversed(SET)] == first[::-1]


@pytest.mark.parametrize(
    ("written", "was", "township"),
    [
        ("杭州江干区九堡街道九环路31号", "江干区", "九堡街道"),
        ("巢湖市居巢区半汤镇1号", "巢湖市居巢区", "半汤镇"),
        ("六安市寿县寿春镇1号", "六安市", "寿春镇"),
        ("毕节地区大方县红旗街道1号", "毕节地区", "红旗街道"),
        ("深圳市南山区粤海街道1号", None, "粤海街道"),
    ],
)
def test_what_stood_there_is_kept(written: str, was: str | None, township: str) -> None:
    read = read_address(written)
    assert (read.was, read.township) == (was, township)


def test_candidates_are_named_and_the_likely_one_stands_first() -> None:
    assert read_address("朝阳区望京街道1号").candidates == ("北京市朝阳区", "吉林省长春市朝阳区")
    split = read_address("浙江省杭州市江干区钱江路1号")
    assert (split.province, split.city, split.candidates) == (
        "浙江省",
        "杭州市",
        ("浙江省杭州市上城区", "浙江省杭州市钱塘区"),
    )
    assert split.line() == "浙江省杭州市江干区钱江路1号"
    assert read_address("北京海淀中关村大街1号").candidates == ("北京市海淀区",)


@pytest.mark.parametrize(
    ("written", "outside"),
    [("日本东京都新宿区1号", "日本"), ("台湾台北市中正区1号楼", "台湾"), ("1 Orchard Road, Singapore", "新加坡"),
     ("香港路5号", None)],
)  # fmt: skip
def test_what_lies_elsewhere_is_said(written: str, outside: str | None) -> None:
    assert read_address(written).outside == outside


PERSON = ("罗小明", "13912345678", "广东省深圳市南山区科技园1号", Status.exact)
PASTED = {
    "罗小明 13912345678 广东省深圳市南山区科技园1号": None,
    "罗小明13912345678广东省深圳市南山区科技园1号": None,
    "广东省深圳市南山区科技园1号罗小明13912345678": None,
    "广东省深圳市南山区科技园1号，罗小明收，+86 139-1234-5678": None,
    "收货人：罗小明 手机号码：13912345678 地址：广东省深圳市南山区科技园1号": None,
    "地址：广东省深圳市南山区科技园1号\n电话：13912345678\n收件人：罗小明": None,
    "收货人: 罗小明\n手机号码: 13912345678\n所在地区: 广东省深圳市南山区\n详细地址: 科技园1号": None,
    "麻烦寄到广东省深圳市南山区科技园1号，罗小明，13912345678": None,
}


@pytest.mark.parametrize("text", PASTED)
def test_a_person_in_any_order(text: str) -> None:
    [read] = read_pasted(text)
    assert (read.name, read.phone, read.line(), read.status) == PERSON


def test_names_numbers_and_postcodes() -> None:
    [army] = read_pasted(
        "姓名：阿依努尔•热合曼 电话：0998-8512345转12 地址：新疆生产建设兵团第三师图木舒克市44团1连 邮编843806"
    )
    assert (army.name, army.phone, army.postcode) == ("阿依努尔·热合曼", "0998-8512345 转 12", "843806")
    assert army.line() == "新疆维吾尔自治区图木舒克市生产建设兵团第三师44团1连"
    [tibetan] = read_pasted("扎西次仁 (0891)6812345 西藏拉萨市城关区北京中路1号")
    assert (tibetan.name, tibetan.phone, tibetan.district) == ("扎西次仁", "0891-6812345", "城关区")


@pytest.mark.parametrize("between", ["\n", "；", "\n\n", "  "])
def test_several_persons(between: str) -> None:
    text = f"罗小明 13912345678 广东省深圳市南山区科技园1号{between}陈一 13900001111 浙江省杭州市西湖区文三路2号"
    assert [(one.name, one.phone, one.district) for one in read_pasted(text)] == [
        ("罗小明", "13912345678", "南山区"),
        ("陈一", "13900001111", "西湖区"),
    ]


def test_one_line_one_address() -> None:
    lines = ["广东省深圳市南山区科技园1号", "中山北路30号", "与父母同住", "朝阳区建国路88号"]
    assert [str(one.status) for one in read_pasted("\n".join(lines))] == [
        "exact", "incomplete", "incomplete", "ambiguous",
    ]  # fmt: skip


@pytest.mark.parametrize("detail", ["3号宿舍楼205转交李书记", "1号，转交李书记 13900001111", "村委会转李小红"])
def test_passing_on_is_left_alone(detail: str) -> None:
    read = read_address(f"浙江省杭州市西湖区{detail}")
    assert (read.detail, read.name, read.phone) == (detail.replace("，", ","), None, None)


def test_the_statuses_are_the_columns() -> None:
    assert {one.name: one.value for one in Status} == {one.name: one.value for one in AddressStatus}


def test_the_tables_say_where_they_are_from() -> None:
    for name in ("divisions.csv", "former.csv", "townships.csv"):
        head = [line for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        assert any("Source: npm" in line and "MIT" in line for line in head), name
    assert len({code[:2] for code in tables().codes()}) == 34
    assert len([code for code in tables().codes() if len(code) == 6]) > 3200


def test_the_index_is_made_of_the_tables() -> None:
    lines = (DATA / "names.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    assert "".join(line for line in lines if not line.startswith("#")) == index(DATA)


def test_the_reader_does_not_load_the_database() -> None:
    code = "import sys, qianli.addresses.parse; print(any('sqlalchemy' in name for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["address", "parse", "张三 13812345678 杭州江干区九堡街道九环路31号", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "province": "浙江省", "city": "杭州市", "district": "上城区", "township": "九堡街道", "detail": "九环路31号",
        "name": "张三", "phone": "13812345678", "postcode": None, "status": "exact", "candidates": [], "was": "江干区",
        "outside": None,
    }  # fmt: skip
    assert main.execute(["address", "parse", "朝阳区建国路88号"]) == 0
    assert "有歧义" in capsys.readouterr().out


def test_the_command_reads_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed, binary = tmp_path / "list.txt", tmp_path / "list.bin"
    listed.write_bytes("东莞市长安镇1号\n朝阳区建国路88号\n".encode("gb18030"))
    binary.write_bytes(bytes(range(256)))
    assert main.execute(["address", "parse", str(listed), "--json"]) == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["city"], one["status"]) for one in read] == [("东莞市", "exact"), (None, "ambiguous")]
    assert main.execute(["address", "parse", str(binary)]) == 2
    assert "一行一个地址" in capsys.readouterr().err


BEGINNINGS = ["北京", "吉林", "海南", "黔西", "巢湖", "朝阳", "通州", "南山", "昆山", "上城", "江干", "莱芜"]
NAMES = sorted({written for beginning in BEGINNINGS for written, _ in tables().names[beginning]})
NUMBERS = ["13912345678", "0755-12345678转1", "518000", "1号"]
WORDS = [
    "中山路",
    "青海路",
    "街道",
    "转交",
    "收",
    "地址：",
    "电话",
    "新疆兵团",
    "高新区",
    "罗小明",
    "阿依·努尔",
    "，",
    "(",
    "；",
    "\n",
    " ",
]
NOISE = st.lists(
    st.one_of(st.sampled_from(NAMES), st.sampled_from([*NUMBERS, *WORDS]), st.text(max_size=4)), max_size=8
).map("".join)


def is_in(text: str, read: Address) -> bool:
    """Whether the text holds the district by one of its names, or a former division that became it."""
    code = read.code or ""
    compact = "".join(character for character in text if character.isalnum())
    return any(
        code in (*today, *former, *(heir for one in today for heir in tables().split.get(one, ())))
        for at in range(len(compact))
        for written, senses in tables().names[compact[at : at + 2]]
        if compact.startswith(written, at)
        for _, today, former, _ in senses
    )


@settings(max_examples=400)
@given(NOISE)
@example("安徽省巢湖市含山县")
@example("(")
def test_noise_never_yields_a_district_that_is_not_said(text: str) -> None:
    for read in [read_address(text), *read_pasted(text)]:
        assert read.status != Status.exact or read.province
        assert read.district is None or is_in(text, read), read


@settings(max_examples=300)
@given(st.one_of(NOISE, st.sampled_from([case.text for case in SET])))
def test_what_was_read_reads_the_same(text: str) -> None:
    read = read_address(text)
    assume(read.status == Status.exact)
    again = read_address(read.line())
    assert (told(again), again.detail) == (told(read), read.detail)
