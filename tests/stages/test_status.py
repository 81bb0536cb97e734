import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import (
    AddressStatus,
    CampaignState,
    Consignment,
    ConsignmentState,
    Hold,
    HoldReason,
    Manifest,
    ManifestLine,
    ManifestState,
    Parcel,
    ParcelStage,
    Residence,
    Said,
    SaidVia,
)
from qianli.cli import common, status_view
from qianli.errors import NotFound
from qianli.stages import cases, chasing, ladders, tracking, tracking_cases
from qianli.stages import status as stage
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.status import status
from qianli.stages.unit import writing
from qianli.store import residences
from qianli.testing import NOW, World, counted, make_world

LATER = NOW + timedelta(days=14)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (stage, chasing, ladders, tracking, tracking_cases):
        monkeypatch.setattr(module, "now", lambda: LATER)
    monkeypatch.setattr(tracking, "today", LATER.date)


def world_of(members: int, stage: ParcelStage | None = ParcelStage.handed_over) -> World:
    with writing("user:test") as session:
        return make_world(session, members=members, stage=stage)


def move_away(world: World, position: int, detail: str) -> None:
    with writing("user:test") as session:
        (before,) = residences.in_force(session, member_ids=[world.members[position]], on=date(2027, 1, 20)).values()
        residences.supersede(session, ids=[before.key], at=NOW)
        session.flush()
        session.add(
            Residence(
                member_id=before.member_id, written="新地址", province=before.province, city=before.city,
                district=before.district, detail=detail, status=AddressStatus.exact, source="test",
                reported_on=date(2027, 1, 3), recorded_at=NOW,
            )
        )  # fmt: skip


def test_a_campaign_that_is_out(place: Path) -> None:
    world = world_of(4)
    events = "包裹编号,状态,时间\nT-00001-X,本人签收,2027-01-08 10:30\nT-00002-X,已退回,2027-01-08 10:30\n"
    tracking.import_events(f"{events}T-00004-X,签收,2027-01-17 10:30\n".encode(), filename="a.csv", by="user:test")
    record_receipt(world.consignments[2], said=Said.all_here, problems={}, note="", via=SaidVia.phone, by="user:test")
    found = status("TEST-2027")
    assert found["consignments"] == {"under_way": 3, "confirmed": 1}
    assert found["parcels"] == {"handed_over": 4}
    assert list(found["tracking"].items()) == [("unknown", 1), ("delivered", 2), ("returned", 1)]
    assert found["receipts"] == {"all_here": 1}
    (case,) = found["cases"]
    assert (case["reason"], case["reference"], case["owner"]) == ("returned", "T-00002-X", "青石镇党委")
    assert found["open"] == {
        "held": 0, "to_fulfil": 0, "to_replace": 0, "to_pack": 0, "to_seal": 0, "to_hand_over": 0, "to_send": 0,
        "to_call": 0, "to_track": 1, "to_remind": 0, "to_confirm": 3, "cases": 1,
    }  # fmt: skip
    # Delivered 2027-01-08 02:30 UTC, now 2027-01-18 01:00 UTC: nine whole days; the fourth arrived yesterday.
    (late,) = found["to_chase"]
    assert (late["member"], late["number"], late["days"]) == ("张伟", "TEST-2027-0001", 9)
    assert [one.number for one in chasing.to_chase("TEST-2027")] == ["TEST-2027-0001"]
    assert len(chasing.to_chase("TEST-2027", after_days=0)) == 2
    assert ladders.shards() == [world.campaign]
    ladders.run(world.campaign)
    (silence,) = [one for one in cases.list_cases("TEST-2027") if one.reason == "no_answer"]
    assert (silence.number, silence.owner) == ("TEST-2027-0001", "青石镇党委")
    assert ladders.shards() == []  # told of once
    record_receipt(world.consignments[0], said=Said.all_here, problems={}, note="", via=SaidVia.phone, by="user:test")
    assert [one.reason for one in cases.list_cases("TEST-2027")] == ["returned"]


def test_a_campaign_in_the_house(place: Path) -> None:
    world = world_of(4, ParcelStage.packed)
    with writing("user:test") as session:
        session.get_one(Parcel, world.parcels[0]).stage = ParcelStage.printed
        manifest = Manifest(
            campaign_id=world.campaign, number="J1", courier="china_post", state=ManifestState.sealed, created_at=NOW
        )
        session.add(manifest)
        session.flush()
        session.add(ManifestLine(manifest_id=manifest.key, parcel_id=world.parcels[1], position=1))
        session.get_one(Consignment, world.consignments[3]).state = ConsignmentState.held
        session.add(
            Hold(
                consignment_id=world.consignments[3], reason=HoldReason.stale_address, sentence="地址太久没有核实。",
                next_step="核实后重新导入。", opened_at=NOW,
            )
        )  # fmt: skip
    found = status("TEST-2027")
    assert found["parcels"] == {"printed": 1, "packed": 3}
    assert found["tracking"] == found["receipts"] == {}
    assert {k: v for k, v in found["open"].items() if v} == {"held": 1, "to_pack": 1, "to_seal": 2, "to_hand_over": 1}
    assert found["held"] == [
        {
            "member": "李娜", "number": "TEST-2027-0004", "reason": "stale_address",
            "sentence": "地址太久没有核实。", "next_step": "核实后重新导入。",
        }
    ]  # fmt: skip


def test_who_moved_since_and_has_not_been_sent_to(place: Path) -> None:
    world = world_of(4, ParcelStage.packed)
    with writing("user:test") as session:
        session.get_one(Parcel, world.parcels[2]).stage = ParcelStage.handed_over
    move_away(world, 0, "新华路 9 号")
    move_away(world, 1, "稠江街道贝村路 88 号")  # reported anew, the same place
    move_away(world, 2, "新华路 9 号")  # has left the house
    assert status("TEST-2027")["moved_since"] == [
        {"member": "张伟", "number": "TEST-2027-0001", "stage": ParcelStage.packed}
    ]


def test_who_moved_since_before_there_are_parcels(place: Path) -> None:
    world = world_of(2, None)
    move_away(world, 1, "新华路 9 号")
    found = status("TEST-2027")
    assert found["moved_since"] == [{"member": "欧阳小芳", "number": "TEST-2027-0002", "stage": None}]
    assert found["open"]["to_fulfil"] == 2


def test_the_number_of_statements_does_not_grow(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    counts = []
    for members in (3, 30):
        with writing("user:test") as session:
            for table in reversed(Consignment.metadata.sorted_tables):
                session.execute(sa.delete(table))
        world = world_of(members, ParcelStage.packed)
        move_away(world, 0, "新华路 9 号")
        with counted() as statements:
            assert len(status("TEST-2027")["moved_since"]) == 1
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 17


def test_it_can_be_printed_and_read_by_programs(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = world_of(3)
    tracking_cases.run(world.campaign)
    found = status("TEST-2027")
    common.emit(found, as_json=True, show=lambda: None)
    assert json.loads(capsys.readouterr().out)["tracking"] == {"unknown": 3}
    status_view.show(found)
    shown = capsys.readouterr().out
    for words in ("千里传书", "已交接", "包裹多日没有新的物流信息", "T-00003-X"):
        assert words in shown
    with pytest.raises(NotFound):
        status("NO-SUCH")


@pytest.mark.parametrize("state", list(CampaignState))
def test_every_state_of_a_campaign_can_be_shown(
    place: Path, state: CampaignState, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing("user:test") as session:
        make_world(session, members=0, state=state, stage=None)
    status_view.show(status("TEST-2027"))
    assert "千里传书" in capsys.readouterr().out
