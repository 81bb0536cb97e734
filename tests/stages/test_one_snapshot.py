"""All papers and the status speak of a consignment from one snapshot, whatever the ledger learns afterwards."""

import subprocess
from pathlib import Path

import pytest

from models import ArtefactKind
from qianli.documents.fonts import missing_characters
from qianli.settings import ROOT
from qianli.stages.approve import approve
from qianli.stages.campaigns import documents, new_campaign
from qianli.stages.held import holds
from qianli.stages.importing import import_members
from qianli.stages.kits import add_kit, receive, stock_levels
from qianli.stages.status import status
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import campaigns

pytestmark = pytest.mark.slow

BY = "user:李主任"
CODE, ORGANISATION = "YJZX-2027", "临溪镇石门村党支部"
EXAMPLE = ROOT / "examples/study-books"
TITLES = "姓名,手机号,入党时间,现居住地址,核实日期,外出时间"
STAYS = "彭大勇,13900003401,2007-07-01,福建省泉州市晋江市陈埭镇鞋都路158号3栋402室,2026-10-18,2012-03"
MOVES = "覃丽君,13900003404,2012-06-01,{address},2014-09"
OLD = "福建省泉州市石狮市湖滨街道八七路1099号503室,2026-10-02"
NEW = "四川省成都市双流区东升街道迎春路26号801室,2026-11-02"
RARE = ["王\ue123明", "李\U00031353", "赵\U000f0000"]
PAPERS = (ArtefactKind.letter, ArtefactKind.label, ArtefactKind.packing_slip, ArtefactKind.manifest)


def _import(*rows: str) -> None:
    content = "\n".join([TITLES, *rows]).encode()
    result = import_members(content, filename="名册.csv", organisation=ORGANISATION, by=BY)
    assert result.rejected == []


@pytest.fixture
def campaign(place: Path) -> int:
    """The campaign of the study books with its members still to come, and stock enough."""
    _import(STAYS, MOVES.format(address=OLD))
    add_kit((EXAMPLE / "kit.yaml").read_bytes(), by=BY)
    new_campaign(
        (EXAMPLE / "campaign.yaml").read_bytes(), read_beside=lambda name: (EXAMPLE / name).read_bytes(), by=BY
    )
    for level in stock_levels():
        receive(level.item.sku, 10, by=BY)
    with reading() as session:
        return campaigns.by_code(session, code=CODE).key


def _text(kind: ArtefactKind) -> str:
    """What poppler reads from the only paper of a kind, without blanks and line breaks."""
    (paper,) = [one for one in documents(CODE) if one["kind"] == kind]
    path = ROOT / str(paper["path"])
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, encoding="utf-8")
    return "".join(done.stdout.split())


def test_papers_and_status_keep_to_the_snapshot_when_a_member_moves(campaign: int) -> None:
    run_inline("prepare_campaign", campaign)
    _import(MOVES.format(address=NEW))
    (moved,) = status(CODE)["moved_since"]
    assert (moved["number"], moved["member"]) == ("YJZX-2027-0002", "覃丽君")
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", campaign)
    for kind in PAPERS:
        text = _text(kind)
        assert "覃丽君" in text
        assert not any(word in text for word in ("成都", "双流", "迎春路")), kind
    assert "福建省泉州市石狮市湖滨街道八七路1099号503室" in _text(ArtefactKind.label)
    assert "福建省泉州市石狮市" in _text(ArtefactKind.manifest)  # the bulk-post list tells the post office, no door
    assert "石狮" in _text(ArtefactKind.letter)
    after = status(CODE)
    assert after["consignments"] == {"under_way": 2}
    assert [(one["number"], one["stage"]) for one in after["moved_since"]] == [("YJZX-2027-0002", "printed")]


def test_a_second_prepare_does_not_look_again_at_who_is_ready(campaign: int) -> None:
    run_inline("prepare_campaign", campaign)
    _import(MOVES.format(address=NEW))
    run_inline("prepare_campaign", campaign)
    assert [one["member"] for one in status(CODE)["moved_since"]] == ["覃丽君"]


def test_the_same_address_vouched_for_again_is_no_move(campaign: int) -> None:
    run_inline("prepare_campaign", campaign)
    _import(MOVES.format(address=OLD.replace("2026-10-02", "2026-11-02")))
    assert status(CODE)["moved_since"] == []


def test_names_no_font_can_print_are_held_and_the_others_go(campaign: int) -> None:
    assert all(missing_characters(name) for name in RARE)
    home = "福建省泉州市晋江市青阳街道崇德路{number}号,2026-10-18,2016-03"
    _import(
        *(
            f"{name},139000035{number:02d},2010-07-01,{home.format(number=number)}"
            for number, name in enumerate(RARE, start=10)
        )
    )
    run_inline("prepare_campaign", campaign)
    found = holds(CODE)
    assert [(one.member, one.reason) for one in found] == [(name, "glyph_missing") for name in RARE]
    assert all("字库" in one.sentence and one.next_step for one in found)
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", campaign)
    after = status(CODE)
    assert (after["consignments"], after["parcels"]) == ({"held": 3, "under_way": 2}, {"printed": 2})
    for kind in PAPERS:
        text = _text(kind)
        assert "彭大勇" in text
        assert "覃丽君" in text
        assert not any(f"{CODE}-000{number}" in text or name in text for number, name in enumerate(RARE, start=3)), kind
