"""Printed items by kind of paper: each has runs of its own, and only a letter counts as one."""

from collections import Counter
from pathlib import Path

import pytest

from models import ArtefactKind
from qianli.documents.forms.reader import SAMPLE_TEXT
from qianli.errors import BadInput
from qianli.settings import ROOT
from qianli.stages import parcel_views, rehearse
from qianli.stages.approve import approve
from qianli.stages.campaigns import documents, new_campaign
from qianli.stages.importing import import_members
from qianli.stages.kits import add_kit, receive, stock_levels
from qianli.stages.print_room import look
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.store import campaigns

pytestmark = pytest.mark.slow

BY, CODE, EXAMPLE = "user:李主任", "QLCS-2027", ROOT / "examples/qianli-letter"
READER = (
    "  - {sku: reader, name: 家乡来信读本, kind: printed, paper: reader, text: reader.md, quantity: 1, weight_g: 40}\n"
)
KIT = (EXAMPLE / "kit.yaml").read_bytes() + READER.encode()


def beside(name: str) -> bytes:
    return SAMPLE_TEXT.encode() if name == "reader.md" else (EXAMPLE / name).read_bytes()


def test_cards_and_readers_have_runs_of_their_own(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearse, "try_design", lambda _design: None)
    head = "姓名,手机号,入党时间,现居住地址,核实日期,外出时间"
    rows = [
        f"{name},1390000340{n},2007-07-01,福建省泉州市晋江市陈埭镇鞋都路{n}号,2026-10-18,2012-03"
        for n, name in enumerate(("彭大勇", "买买提·艾力"))
    ]
    content = "\n".join([head, *rows]).encode()
    import_members(content, filename="名册.csv", organisation="青石街道云岭社区党委", by=BY)
    assert add_kit(KIT, by=BY, read_beside=beside).added
    assert not add_kit(KIT, by=BY, read_beside=beside).added
    new_campaign((EXAMPLE / "campaign.yaml").read_bytes(), read_beside=beside, by=BY)
    for level in stock_levels():
        receive(level.item.sku, 10, by=BY)
    with reading() as session:
        campaign = campaigns.by_code(session, code=CODE).key
    run_inline("prepare_campaign", campaign)
    assert "将打印 2 封信、2 张便民联系卡、2 册读本，寄出 2 个包裹" in rehearse.rehearse(CODE, by=BY).sentences[0]
    approve(CODE, by=BY)
    run_inline("fulfil_campaign", campaign)
    made = {str(one["kind"]): one["pages"] for one in documents(CODE)}
    assert (made["letter"], made["contact_card"], made["reader"]) == (2, 1, 8)
    room = {one.kind: one for one in look(CODE).kinds}
    for kind in (ArtefactKind.letter, ArtefactKind.contact_card, ArtefactKind.reader):
        assert (room[kind].made, room[kind].good, room[kind].twice) == (2, 2, 0)
    with reading() as session:
        views = parcel_views.view(session, campaigns.by_id(session, campaign_id=campaign), parcel_ids=[1, 2])
    assert Counter(item.name for one in views.values() for item in one.shares[0].items)["家乡来信读本"] == 2


def test_a_kit_with_a_reader_needs_its_file(place: Path) -> None:
    with pytest.raises(BadInput, match="旁边的文件"):
        add_kit(KIT, by=BY)
    with pytest.raises(BadInput, match="有错"):
        add_kit(KIT, by=BY, read_beside=lambda _name: b"no title")
    assert add_kit(KIT, by=BY, read_beside=beside).version == 1
    changed = SAMPLE_TEXT.replace("文昌路", "文明路").encode()
    assert add_kit(KIT, by=BY, read_beside=lambda _name: changed).version == 2
