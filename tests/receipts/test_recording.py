from pathlib import Path

import pytest
from sqlmodel import select

from models import (
    CampaignState,
    Case,
    CaseOutcome,
    Consignment,
    ItemProblem,
    ParcelStage,
    Receipt,
    Said,
    SaidVia,
    Subject,
)
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages.receipts import list_receipts, record_by_member, record_receipt
from qianli.stages.unit import now, reading, writing
from qianli.store import cases, journal
from qianli.testing import World, make_world

M, D = ItemProblem.missing, ItemProblem.damaged
CODE = "TEST-2027"


def world_of(stage: ParcelStage | None = ParcelStage.handed_over) -> World:
    state = CampaignState.under_way if stage else CampaignState.approved
    with writing("system") as session:
        return make_world(session, state=state, stage=stage)


def say(world: World, said: Said, problems: dict[int, ItemProblem] | None = None, note: str = "") -> bool:
    return record_receipt(
        world.consignments[0], said=said, problems=problems or {}, note=note, via=SaidVia.page, by="member"
    )


def state(world: World) -> str:
    with reading() as session:
        return str(session.get_one(Consignment, world.consignments[0]).state)


def all_cases() -> list[tuple[str, str | None]]:
    with reading() as session:
        return [(case.reason, case.outcome) for case in session.exec(select(Case).order_by(Case.id))]  # type: ignore[arg-type]


def still_stands() -> list[bool]:
    """Of every receipt ever written, whether it is the current one."""
    with reading() as session:
        return [receipt.superseded_at is None for receipt in session.exec(select(Receipt).order_by(Receipt.id))]  # type: ignore[arg-type]


def story(world: World) -> list[tuple[str, str, str]]:
    with reading() as session:
        found = journal.entries(session, subject=Subject.consignment, subject_id=world.consignments[0])
        return [(entry.what, entry.actor, entry.why) for entry in found]


def test_all_here_confirms_and_leaves_its_entries(place: Path) -> None:
    world = world_of()
    assert say(world, Said.all_here, note="谢谢组织")
    assert state(world) == "confirmed"
    assert all_cases() == []
    assert story(world) == [("said all_here", "member", "page"), ("confirmed", "member", "page")]


def test_the_same_again_changes_nothing(place: Path) -> None:
    world = world_of()
    problems = {world.kit_items[0]: M, world.kit_items[1]: D}
    assert say(world, Said.something_missing, problems, "少了")
    entries = story(world)
    assert not say(world, Said.something_missing, problems, "少了")
    assert still_stands() == [True]
    assert all_cases() == [("something_missing", None)]
    assert story(world) == entries


def test_trouble_becomes_a_case_with_the_next_step(place: Path) -> None:
    world = world_of()
    say(world, Said.something_missing, {world.kit_items[0]: D, world.kit_items[1]: M})
    assert state(world) == "confirmed_with_issues"
    with reading() as session:
        found = session.exec(select(Case)).one()
        case = Case(**found.model_dump())
    assert "缺少：《中国共产党章程》。" in case.sentence
    assert "破损：党徽。" in case.sentence
    assert "TEST-2027-0001" in case.next_step
    assert case.owner == "青石镇党委"
    assert "张伟" not in case.sentence + case.next_step


def test_a_correction_takes_the_place_and_resolves_its_own_case(place: Path) -> None:
    world = world_of()
    say(world, Said.not_received)
    assert state(world) == "denied"
    say(world, Said.damaged, {world.kit_items[1]: D})
    assert state(world) == "confirmed_with_issues"
    say(world, Said.all_here)
    assert state(world) == "confirmed"
    assert all_cases() == [("not_received", "later_receipt"), ("damaged", "later_receipt")]
    assert still_stands() == [False, False, True]


def test_a_parcels_case_is_not_the_members(place: Path) -> None:
    world = world_of()
    with writing("system") as session:
        cases.open_case(
            session,
            campaign_id=world.campaign,
            parcel_id=world.parcels[0],
            reason="lost",  # type: ignore[arg-type]
            sentence="丢了",
            next_step="找",
            owner="x",
            at=now(),
        )
    say(world, Said.not_received)
    say(world, Said.all_here)
    assert all_cases() == [("lost", None), ("not_received", "later_receipt")]


def test_trouble_said_again_after_its_case_was_resolved_is_a_new_case(place: Path) -> None:
    world = world_of()
    problems = {world.kit_items[0]: M}
    say(world, Said.something_missing, problems)
    with writing("user:a") as session:
        ids = [case.key for case in cases.open_cases(session, campaign_id=world.campaign)]
        cases.resolve_cases(session, ids=ids, outcome=CaseOutcome.replaced, by="user:a", at=now())
    assert say(world, Said.something_missing, problems)
    assert all_cases() == [("something_missing", "replaced"), ("something_missing", None)]


@pytest.mark.parametrize("stage", [None, ParcelStage.planned, ParcelStage.packed])
def test_nothing_is_taken_before_the_hand_over(place: Path, stage: ParcelStage | None) -> None:
    world = world_of(stage)
    with pytest.raises(RuleBroken, match="还没有寄出"):
        say(world, Said.all_here)
    assert still_stands() == []


def test_what_cannot_be_is_refused_whole(place: Path) -> None:
    world = world_of()
    with pytest.raises(BadInput):
        say(world, Said.something_missing, {9999: M})
    assert still_stands() == []
    assert state(world) == "under_way"


def test_by_member_id_or_number(place: Path) -> None:
    world = world_of()
    by_id = record_by_member(
        CODE, str(world.members[1]), said=Said.something_missing, missing=["book"], via=SaidVia.phone, by="user:李"
    )
    assert (by_id.consignment, by_id.changed) == ("TEST-2027-0002", True)
    by_number = record_by_member(CODE, "TEST-2027-0003", said=Said.all_here, via=SaidVia.visit, by="user:李")
    assert by_number.changed
    listed = list_receipts(CODE)
    assert [(one.consignment, one.name, one.said, one.missing, one.recorded_by) for one in listed] == [
        ("TEST-2027-0002", "欧阳*芳", "something_missing", ["《中国共产党章程》"], "user:李"),
        ("TEST-2027-0003", "阿***·**提", "all_here", [], "user:李"),
    ]


@pytest.mark.parametrize(
    ("member", "skus", "error"),
    [
        ("999", [], NotFound), ("9" * 30, [], NotFound), ("TEST-2027-0099", [], NotFound),
        ("OTHER-0001", [], BadInput), ("张伟", [], BadInput), ("TEST-2027-0001", ["nothing"], BadInput),
        ("TEST-2027-" + "9" * 30, [], BadInput),
    ],
)  # fmt: skip
def test_by_hand_says_what_is_wrong(place: Path, member: str, skus: list[str], error: type[Exception]) -> None:
    world_of()
    with pytest.raises(error):
        record_by_member(
            CODE, member, said=Said.something_missing, missing=skus or ["book"], via=SaidVia.phone, by="user:a"
        )
    with pytest.raises(NotFound):
        record_by_member("NONE", member, said=Said.all_here, via=SaidVia.phone, by="user:a")
    assert still_stands() == []
