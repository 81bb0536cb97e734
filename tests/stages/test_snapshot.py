"""All papers speak of a consignment from one snapshot, whatever the ledger says by now; odd glyphs are held in time."""

import subprocess
from pathlib import Path

import pytest

from qianli.cli import main
from qianli.ledger.out import write_xlsx
from qianli.stages import campaigns
from qianli.stages.held import holds
from qianli.stages.status import status

CODE, ORGANISATION = "QLCS-2027", "青石街道云岭社区党委"
TITLES = ["姓名", "出生日期", "手机号", "现居住地址", "地址更新日期"]
OLD, NEW = "浙江省杭州市西湖区文三路1号", "江苏省南京市玄武区中山路99号"


def run(*words: str) -> None:
    assert main.execute(list(words)) == 0, words


def ledger(tmp_path: Path, *people: list[str]) -> str:
    file = tmp_path / f"{len(list(tmp_path.glob('*.xlsx')))}.xlsx"
    titles = [*TITLES, "外出时间"]
    file.write_bytes(write_xlsx([("台账", titles, [[*one, "2020-07"] for one in people])]))
    return str(file)


def texts(kind: str) -> str:
    found = [str(one["path"]) for one in campaigns.documents(CODE) if one["kind"] == kind]
    read = [subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode() for path in found]
    return "".join("".join(read).split())


@pytest.fixture
def prepared(place: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "ledgers"
    folder.mkdir()
    person = ["张伟", "1990-01-01", "13912345678", OLD, "2026-10-01"]
    strange = ["王\ue000", "1991-01-01", "13912345679", OLD, "2026-10-01"]
    run("member", "import", ledger(folder, person, strange), "--organisation", ORGANISATION)
    run("kit", "add", "examples/qianli-letter/kit.yaml")
    run("campaign", "new", "examples/qianli-letter/campaign.yaml")
    for sku in ("party-badge", "constitution", "spirit-reader", "history-pictures"):
        run("item", "receive", sku, "5")
    run("campaign", "prepare", CODE, "--inline")
    return folder


def test_papers_keep_the_snapshot_and_status_shows_who_moved(prepared: Path) -> None:
    moved = ["张伟", "1990-01-01", "13912345678", NEW, "2026-11-01"]
    run("member", "import", ledger(prepared, moved), "--organisation", ORGANISATION)
    run("campaign", "approve", CODE)
    run("campaign", "fulfil", CODE, "--inline")
    assert "文三路1号" in texts("label")
    assert "中山路99号" not in texts("label") + texts("letter") + texts("manifest")
    assert "杭州市西湖区" in texts("letter")
    assert [one["number"] for one in status(CODE)["moved_since"]] == [f"{CODE}-0001"]


def test_a_name_no_font_has_is_held_by_name_and_the_run_goes_on(prepared: Path) -> None:
    run("campaign", "approve", CODE)
    run("campaign", "fulfil", CODE, "--inline")
    assert [(one.number, one.reason) for one in holds(CODE)] == [(f"{CODE}-0002", "glyph_missing")]
    assert "张伟同志" in texts("letter")
    assert status(CODE)["consignments"] == {"held": 1, "under_way": 1}
