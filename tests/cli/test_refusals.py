"""Common bad input, typed at the command line: a sentence in Chinese, the right exit code, nothing half applied."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from qianli.cli import main
from qianli.ledger.out import write_xlsx

EXAMPLE = Path("examples/qianli-letter").resolve()
ORGANISATION = "青石街道云岭社区党委"


def rows(place: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(place / "qianli.db")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608
    connection.close()
    return found


def refused(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    capfd.readouterr()
    code = main.execute(list(words))
    said = capfd.readouterr()
    assert "Traceback" not in said.out + said.err
    assert "没有预料到" not in said.err
    return code, said.err


@pytest.fixture
def definitions(place: Path, tmp_path: Path) -> Path:
    """A copy of the first example to spoil, in a place that knows its members and its kit."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    assert main.execute(["member", "import", str(folder / "ledger.xlsx"), "--organisation", ORGANISATION]) == 0
    assert main.execute(["kit", "add", str(folder / "kit.yaml")]) == 0
    return folder


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("broken.xlsx", b"PK\x03\x04 broken", "打不开"),
        ("text.xlsx", "姓名,手机号\n".encode(), "不是"),
        ("wrong.csv", b"\xff\xfe\x00\xd8\x81", "编码"),
        ("empty.csv", b"", "空"),
        ("header.csv", "甲,乙,丙\n1,2,3\n".encode(), "表头"),
    ],
)
def test_whole_files_that_cannot_be_read(
    place: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, content: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    before = rows(place)
    code, said = refused(capfd, "member", "import", str(file), "--organisation", ORGANISATION)
    assert (code, says in said) == (2, True), said
    assert rows(place) == before


def test_one_bad_row_does_not_stop_the_others(place: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    titles = ["姓名", "出生日期", "手机号", "现居住地址"]
    here = "浙江省杭州市西湖区文三路1号"
    lines = [
        ["<b>张伟</b>", "1990-01-01", "13912345678", here],
        ["{{7*7}}", "1990-01-02", "13912345679", here],
        ["李娜", "1990-01-03", "13912345670", here],
    ]
    file = tmp_path / "ledger.xlsx"
    file.write_bytes(write_xlsx([("台账", titles, lines)]))
    code, _ = refused(capfd, "member", "import", str(file), "--organisation", ORGANISATION)
    assert code == 0
    assert [row[2] for row in rows(place)["member"]] == ["李娜"]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "says"),
    [
        ("kit.yaml", "quantity: 1", "quantity: -1", 2, "必须大于 0"),
        ("kit.yaml", "code: red", "colour: red\ncode: red", 2, "没有这一项"),
        ("kit.yaml", "weight_g: 12", "weight_g: 13", 1, "已登记"),
        ("campaign.yaml", "kit: red-letter-kit", "kit: other", 2, "other"),
        ("campaign.yaml", "letter: letter.txt", "letter: none.txt", 2, "找不到文件"),
        ("campaign.yaml", "letter: letter.txt", "letter: letter.txt\ndesign: none", 2, "none"),
        ("campaign.yaml", "default: china_post", "default: nobody", 2, "nobody"),
        ("letter.txt", "{姓名}", "{身份证号}", 2, "身份证号"),
        ("letter.txt", "见字如面", "<img src='file:///etc/passwd'>", 2, "网页标记"),
        ("letter.txt", "见字如面", "{{ config }}", 2, "花括号"),
    ],
)
def test_definitions_that_cannot_be_taken(
    definitions: Path,
    place: Path,
    capfd: pytest.CaptureFixture[str],
    file: str,
    old: str,
    new: str,
    code: int,
    says: str,
) -> None:
    text = (definitions / file).read_text(encoding="utf-8")
    assert old in text
    (definitions / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    before = rows(place)
    command = ["kit", "add", "kit.yaml"] if file == "kit.yaml" else ["campaign", "new", "campaign.yaml"]
    found, said = refused(capfd, *command[:2], str(definitions / command[2]))
    assert (found, says in said) == (code, True), said
    assert rows(place) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["campaign", "prepare", "NONE", "--inline"], 2),
        (["campaign", "status", "NONE"], 2),
        (["item", "receive", "none", "5"], 2),
        (["item", "receive", "party-badge", "-5"], 2),
        (["item", "receive", "red-letter", "5"], 1),
        (["parcel", "pack", "XX-00001-Y"], 1),
        (["manifest", "hand-over", "NONE", "--count", "1"], 2),
        (["consignment", "cancel", "NONE-0001"], 2),
        (["case", "resolve", "99", "--outcome", "found"], 2),
        (["member", "import", "none.xlsx", "--organisation", "甲"], 2),
        (["nonsense"], 2),
        (["campaign", "approve"], 2),
    ],
)
def test_commands_that_name_what_is_not_there(
    definitions: Path, place: Path, capfd: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    before = rows(place)
    found, said = refused(capfd, *words)
    assert found == code, said
    assert any("一" <= one <= "鿿" for one in said)
    assert rows(place) == before


def test_steps_in_the_wrong_order_are_refused_with_the_next_step(
    definitions: Path, place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main.execute(["campaign", "new", str(definitions / "campaign.yaml")]) == 0
    for words, says in (
        (["campaign", "fulfil", "QLCS-2027", "--inline"], "批准"),
        (["campaign", "rehearse", "QLCS-2027"], "prepare"),
        (["campaign", "approve", "QLCS-2027"], "prepare"),
        (["campaign", "close", "QLCS-2027"], ""),
        (["manifest", "seal", "QLCS-2027"], "pack"),
    ):
        code, said = refused(capfd, *words)
        assert (code, says in said) == (1, True), (words, said)


def test_without_stock_nobody_is_served_and_everybody_is_told(
    definitions: Path, place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main.execute(["campaign", "new", str(definitions / "campaign.yaml")]) == 0
    assert main.execute(["campaign", "prepare", "QLCS-2027", "--inline"]) == 0
    assert main.execute(["campaign", "approve", "QLCS-2027"]) == 0
    assert main.execute(["campaign", "fulfil", "QLCS-2027", "--inline"]) == 0
    assert rows(place)["parcel"] == []
    capfd.readouterr()
    assert main.execute(["campaign", "holds", "QLCS-2027"]) == 0
    assert "库存不够" in capfd.readouterr().out
