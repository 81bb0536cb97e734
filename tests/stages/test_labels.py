"""Labels through the stages: what each courier's tell, addresses that do not fit, sheets that are partly used."""

import io
import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from models import ArtefactKind, HoldReason
from qianli.cli import main
from qianli.errors import BadInput
from qianli.settings import ROOT
from qianli.stages import held, label_sheets, print_room, reprinting
from qianli.stages.approve import approve
from qianli.stages.campaigns import new_campaign
from qianli.stages.importing import import_members
from qianli.stages.kits import add_kit, receive, stock_levels
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import campaigns
from qianli.testing import workspace

pytestmark = pytest.mark.slow

BY = "user:李主任"
CODE, EXAMPLE = "YJZX-2027", ROOT / "examples/study-books"
LONG = "临时板房区" * 50
ROWS = [
    "彭大勇,13900003401,福建省泉州市晋江市陈埭镇鞋都路8号阳光公寓3幢2单元1502室",
    "覃丽君,13900003402,新疆维吾尔自治区乌鲁木齐市沙依巴克区友好南路12号2号楼1203室",
    "买买提·艾力,13900003403,新疆维吾尔自治区乌鲁木齐市沙依巴克区友好南路12号2号楼1204室",
    f"欧阳小芳,13900003404,福建省泉州市晋江市陈埭镇鞋都路9号{LONG}",
]


def new(labels: str, members: list[str]) -> int:
    rows = [",".join((*row.split(","), "2026-10-18", "2012-03", "2007-07-01")) for row in members]
    content = "\n".join(["姓名,手机号,现居住地址,核实日期,外出时间,入党时间", *rows]).encode()
    import_members(content, filename="名册.csv", organisation="临溪镇石门村党支部", by=BY)
    add_kit((EXAMPLE / "kit.yaml").read_bytes(), by=BY)
    campaign = (EXAMPLE / "campaign.yaml").read_text("utf-8").replace("labels: a4_sheet", f"labels: {labels}")
    couriers = "  by_province: {新疆维吾尔自治区: sf}\n  labels: {sf: de_identified}\n"
    campaign = campaign.replace("  default: china_post\n", f"  default: china_post\n{couriers}")
    new_campaign(campaign.encode(), read_beside=lambda name: (EXAMPLE / name).read_bytes(), by=BY)
    for level in stock_levels():
        receive(level.item.sku, 10, by=BY)
    with reading() as session:
        id_ = campaigns.by_code(session, code=CODE).key
    run_inline("prepare_campaign", id_)
    return id_


def labels() -> list[print_room.RunView]:
    return [one for one in print_room.look(CODE).runs if one.kind is ArtefactKind.label]


def text(path: str) -> str:
    done = subprocess.run(["pdftotext", str(ROOT / path), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode().split())


def codes(path: str) -> list[tuple[str, int, int]]:
    """The codes on the first page of an A4 sheet, and in which column and row each stands."""
    command = ["pdftoppm", "-r", "203", "-gray", "-l", "1", str(ROOT / path)]
    image = Image.open(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
    found = zxingcpp.read_barcodes(image)
    wide, high = image.width / 2, image.height / 2
    return [(one.text, int(one.position.top_left.x > wide), int(one.position.top_left.y > high)) for one in found]


def test_labels_tell_what_their_courier_needs_and_begin_where_the_sheet_goes_on(tmp_path: Path) -> None:
    with workspace(tmp_path):
        campaign = new("a4_sheet", ROWS[:3])
        approve(CODE, by=BY)
        for wrong in (0, 5):
            with pytest.raises(BadInput, match="从 1 到 4"):
                label_sheets.begin_on(CODE, wrong, by=BY)
        assert main.execute(["campaign", "fulfil", CODE, "--from-label", "3", "--inline"]) == 0
        (run,) = labels()
        said = text(run.path)
        assert all(one in said for one in ("彭大勇", "13900003401", "3幢2单元1502室", "友好南路12号2号楼***"))
        assert not [one for one in ("覃丽君", "买买提", "艾力", "3902", "3903", "1203", "1204") if one in said]
        there = codes(run.path)
        assert [place[1:] for place in sorted(there)] == [(0, 1), (1, 1)]
        assert (run.pages, run.sheets) == (2, 3)
        label_sheets.begin_on(CODE, 2, by=BY)
        run_inline("fulfil_campaign", campaign)
        assert labels() == [run]

        reference = min(there)[0]
        reprinting.spoil(CODE, run.number, [reference], reason="卡纸", by=BY)
        (again,) = reprinting.reprint(CODE, from_label=4, by=BY)
        assert codes(again.path) == [(reference, 1, 1)]


def test_a_shorter_address_goes_on_its_own(tmp_path: Path) -> None:
    with workspace(tmp_path):
        campaign = new("roll_76x130", ROWS)
        assert [(one.reason, one.number, one.sentence) for one in held.holds(CODE)] == [
            (HoldReason.does_not_fit, f"{CODE}-0004", "收件地址太长，面单排不下，请缩短。")
        ]
        row = ROWS[3].replace(LONG, "")
        content = f"姓名,手机号,现居住地址,核实日期,外出时间,入党时间\n{row},2026-10-19,2012-03,2007-07-01"
        import_members(content.encode(), filename="名册.csv", organisation="临溪镇石门村党支部", by=BY)
        run_inline("prepare_campaign", campaign)
        assert held.holds(CODE) == []
        with pytest.raises(BadInput, match="卷纸"):
            label_sheets.begin_on(CODE, 2, by=BY)
