"""Cancelling and voiding: what no courier has falls whole, what is with a courier runs on."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from models import ArtefactKind as Kind
from models import Hold, HoldReason, Manifest, ParcelStage, ReplacementRequest, Said, SaidVia, Sheet, StockMovement
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.settings import settings
from qianli.stages import cancelling, manifests, packing, replacements, sealing
from qianli.stages.artefacts import declare
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.unit import now, writing
from qianli.stages.voiding import void_parcels
from qianli.store import holds, print_runs
from qianli.store.session import engine

EVERY = {"badge": (20, 3), "book": (20, 3)}


@pytest.fixture(autouse=True)
def _no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)  # papers have tests of their own


def _cancel(campaign: Any, number: int) -> Any:
    return cancelling.cancel_consignment(f"{campaign.code}-{number:04d}", by=campaign.by)


@pytest.mark.parametrize("stage", [None, ParcelStage.planned, ParcelStage.printed, ParcelStage.packed])
def test_one_consignment_falls_with_its_parcel_and_stock(dispatch: Any, stage: Any) -> None:
    campaign = dispatch(stage=stage)
    done = _cancel(campaign, 1)
    assert done.parcels == tuple(campaign.references()[:1])
    assert campaign.states()[1] == "cancelled"
    assert campaign.levels() == {"badge": (20, 2), "book": (20, 2)}
    assert all(one.consignment_id != campaign.world.consignments[0] for one in campaign.live_lines())
    again = _cancel(campaign, 1)
    assert again.already
    assert campaign.levels() == {"badge": (20, 2), "book": (20, 2)}


def test_others_in_the_parcel_stay_owed_and_keep_their_stock(dispatch: Any) -> None:
    campaign = dispatch(shared=True)
    shared, alone = campaign.references()
    done = _cancel(campaign, 1)
    assert (done.parcels, done.others) == ((shared,), ("TEST-2027-0002",))
    assert campaign.states() == {1: "cancelled", 2: "under_way", 3: "under_way"}
    assert campaign.references(ParcelStage.voided) == [shared]
    assert {one.consignment_id for one in campaign.live_lines()} == {campaign.world.consignments[2]}
    assert campaign.levels() == {"badge": (20, 2), "book": (20, 2)}
    (sealed,) = manifests.seal(campaign.code, by=campaign.by)
    assert campaign.lines_on(sealed.number) == {shared: "voided", alone: "open"}


def test_a_sealed_manifest_is_void_and_the_rest_is_sealed_again(dispatch: Any) -> None:
    campaign = dispatch()
    first, second, third = campaign.references()
    (sealed,) = manifests.seal(campaign.code, by=campaign.by)
    done = _cancel(campaign, 2)
    assert done.manifests == (sealed.number,)
    with pytest.raises(RuleBroken, match="已经作废"):
        manifests.hand_over(sealed.number, count=2, left=[], by=campaign.by)
    (again,) = manifests.seal(campaign.code, by=campaign.by)
    assert campaign.lines_on(again.number) == {first: "open", third: "open"}
    manifests.hand_over(again.number, count=2, left=[], by=campaign.by)
    assert second in campaign.references(ParcelStage.voided)
    assert campaign.levels() == {"badge": (18, 0), "book": (18, 0)}


def test_waybills_to_cancel_are_named(dispatch: Any) -> None:
    campaign = dispatch()
    campaign.set(campaign.parcel(campaign.references()[0]), waybill_number="9812345678901")
    assert _cancel(campaign, 1).waybills == ("9812345678901",)


def test_a_held_one_is_cancelled_and_its_holds_cleared(dispatch: Any) -> None:
    campaign = dispatch(stage=None)
    campaign.set(campaign.consignment(1), state="held")
    with writing("system") as session:
        row = {"consignment_id": campaign.world.consignments[0], "reason": HoldReason.no_phone, "opened_at": now()}
        holds.add(session, rows=[{**row, "sentence": "没有联系电话。", "next_step": "补上手机号。"}])
    _cancel(campaign, 1)
    (hold,) = campaign.rows(Hold)
    assert hold.cleared_at is not None


def test_what_a_courier_has_cannot_be_cancelled_until_it_is_back(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    with pytest.raises(RuleBroken, match="parcel take-back"):
        _cancel(campaign, 1)
    assert campaign.states()[1] == "under_way"
    replacements.take_back(campaign.references()[0], put_back=True, by=campaign.by)
    _cancel(campaign, 1)
    assert campaign.states()[1] == "cancelled"
    assert campaign.levels() == {"badge": (18, 0), "book": (18, 0)}


@pytest.mark.parametrize("state", ["confirmed", "denied", "unconfirmed", "not_sent"])
def test_what_has_an_end_is_not_cancelled(dispatch: Any, state: str) -> None:
    campaign = dispatch(stage=None)
    campaign.set(campaign.consignment(1), state=state)
    with pytest.raises(RuleBroken, match="已经有了结果"):
        _cancel(campaign, 1)


def test_unknown_numbers(dispatch: Any) -> None:
    campaign = dispatch()
    with pytest.raises(NotFound):
        _cancel(campaign, 77)
    with pytest.raises(BadInput, match="CODE-0042"):
        cancelling.cancel_consignment("七十七号", by=campaign.by)


@pytest.mark.parametrize("stage", [None, ParcelStage.planned, ParcelStage.packed])
def test_a_campaign_nobody_took_is_cancelled_whole(dispatch: Any, stage: Any) -> None:
    campaign = dispatch(stage=stage, state="approved" if stage is None else "under_way")
    done = cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert (done.state, done.cancelled, len(done.parcels)) == ("cancelled", 3, 0 if stage is None else 3)
    assert set(campaign.states().values()) == {"cancelled"}
    assert {one.state.value for one in campaign.rows(Manifest)} <= {"void"}
    assert campaign.levels() == {"badge": (20, 0), "book": (20, 0)}
    assert campaign.live_lines() == []
    assert "已取消" in done.sentence
    again = cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert (again.state, again.cancelled, again.parcels) == ("cancelled", 0, ())


def test_after_a_hand_over_only_the_rest_is_cancelled(dispatch: Any) -> None:
    campaign = dispatch()
    first, second, third = campaign.references()
    (sealed,) = manifests.seal(campaign.code, by=campaign.by)
    manifests.hand_over(sealed.number, count=2, left=[second], by=campaign.by)
    replacements.replace(f"{campaign.code}-0001", ["book"], by=campaign.by)
    replacements.replace(f"{campaign.code}-0003", ["book"], by=campaign.by)
    campaign.ship_replacements()
    replacements.replace(f"{campaign.code}-0003", ["letter"], by=campaign.by)
    done = cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert (done.state, done.cancelled, len(done.parcels)) == ("under_way", 1, 3)
    assert "照常跟踪" in done.sentence
    assert campaign.states() == {1: "under_way", 2: "cancelled", 3: "under_way"}
    assert campaign.references(ParcelStage.handed_over) == [first, third]
    assert campaign.levels() == {"badge": (18, 0), "book": (18, 0)}
    assert all(one.withdrawn_at or one.planned_at for one in campaign.rows(ReplacementRequest))


def test_the_stop_is_remembered(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    cancelling.cancel_campaign(campaign.code, by=campaign.by)
    stopped_at = campaign.campaign().stopped_at
    assert stopped_at is not None
    cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert campaign.campaign().stopped_at == stopped_at
    assert campaign.journal("campaign") == [("stopped", "已有包裹交寄，其余不再寄")]
    campaign.set(campaign.consignment(2), state="ready")  # whoever is ready for whatever reason does not go
    assert campaign.ship_replacements() == []


def test_a_campaign_nobody_took_is_cancelled_and_not_stopped(dispatch: Any) -> None:
    campaign = dispatch()
    cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert campaign.campaign().stopped_at is None


def test_after_the_stop_originals_stay_and_replacements_go(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    replacements.replace(f"{campaign.code}-0001", ["book"], by=campaign.by)
    campaign.ship_replacements()
    campaign.hand_over()
    (again,) = campaign.send_again()  # badge and letter; the book is with the courier
    assert campaign.states()[1] == "under_way"
    done = cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert (done.cancelled, done.parcels) == (0, (again,))
    assert campaign.levels() == {"badge": (18, 0), "book": (17, 0)}
    assert campaign.ship_replacements() == []
    replacements.replace(f"{campaign.code}-0002", ["book"], by=campaign.by)
    assert len(campaign.ship_replacements()) == 1


def _said_all_here(campaign: Any, number: int = 1) -> None:
    id_ = campaign.world.consignments[number - 1]
    record_receipt(id_, said=Said.all_here, problems={}, note="", via=SaidVia.phone, by=campaign.by)


def test_after_an_answer_what_is_in_the_house_is_withdrawn(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    (again,) = campaign.send_again()
    _said_all_here(campaign)
    done = _cancel(campaign, 1)
    assert (done.answered, done.parcels, done.withdrawn) == (True, (again,), 0)
    assert campaign.states()[1] == "confirmed"
    assert campaign.levels() == {"badge": (18, 0), "book": (18, 0)}
    assert ("withdrawn", "取消寄送") in campaign.journal("consignment")
    assert campaign.ship_replacements() == []
    with pytest.raises(RuleBroken, match="已经有了结果，手上也没有"):
        _cancel(campaign, 1)


def test_after_an_answer_replacements_are_withdrawn_though_the_first_parcel_left(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    _said_all_here(campaign)
    replacements.replace(f"{campaign.code}-0001", ["book"], by=campaign.by)
    (planned,) = campaign.ship_replacements()
    replacements.replace(f"{campaign.code}-0001", ["badge"], by=campaign.by)
    done = _cancel(campaign, 1)
    assert (done.parcels, done.withdrawn) == ((planned,), 2)
    assert campaign.levels() == {"badge": (17, 0), "book": (17, 0)}
    assert campaign.ship_replacements() == []


@pytest.mark.parametrize("number", [1, 2])
def test_whoever_answered_and_shared_the_parcel_keeps_nothing_reserved(dispatch: Any, number: int) -> None:
    campaign = dispatch(shared=True)
    campaign.set(campaign.consignment(2), state="confirmed")
    done = _cancel(campaign, number)
    assert done.others == (() if number == 1 else ("TEST-2027-0001",))
    assert campaign.levels() == dict.fromkeys(("badge", "book"), (20, 1 if number == 1 else 2))


def test_stopping_leaves_nothing_reserved_for_whoever_answered(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    campaign.send_again()
    _said_all_here(campaign)
    cancelling.cancel_campaign(campaign.code, by=campaign.by)
    assert campaign.levels() == {"badge": (18, 0), "book": (18, 0)}


def test_a_closed_campaign_is_not_cancelled(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over, state="closed")
    with pytest.raises(RuleBroken, match="已经结束"):
        cancelling.cancel_campaign(campaign.code, by=campaign.by)


def test_voiding_a_replacement_gives_back_stock_and_asks_again(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over)
    replacements.replace(f"{campaign.code}-0001", ["book"], by=campaign.by)
    (reference,) = campaign.ship_replacements()
    assert campaign.levels()["book"] == (17, 1)
    with writing("system") as session:
        parcel = campaign.parcel(reference)
        fell = void_parcels(session, parcel_ids=[parcel.key], why="缺字")
        assert fell.consignment_ids == (campaign.world.consignments[0],)
        assert void_parcels(session, parcel_ids=[parcel.key], why="缺字").parcels == ()
    assert campaign.levels()["book"] == (17, 0)
    (request,) = campaign.rows(ReplacementRequest)
    assert request.planned_at is None
    assert campaign.ship_replacements() != [reference]
    assert campaign.levels()["book"] == (17, 1)


def test_voiding_marks_sheets_and_refuses_what_left_the_house(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.printed)
    with writing("system") as session:
        path = f"{campaign.code}/001-label.pdf"
        artefact = declare(session, kind=Kind.label, path=path, campaign_id=campaign.world.campaign)
        pieces = [(id_, None) for id_ in campaign.world.parcels]
        print_runs.add(
            session,
            campaign_id=campaign.world.campaign,
            number=1,
            kind=Kind.label,
            artefact_id=artefact.key,
            sheets=pieces,
        )
    _cancel(campaign, 2)
    assert [one.voided_at is not None for one in campaign.rows(Sheet)] == [False, True, False]
    campaign.set(campaign.parcel(campaign.references()[0]), stage=ParcelStage.handed_over)
    with pytest.raises(RuleBroken, match="不能作废"), writing("system") as session:
        void_parcels(session, parcel_ids=campaign.world.parcels, why="试")
    assert campaign.references(ParcelStage.voided) == [campaign.references()[1]]


def test_an_error_in_the_middle_leaves_nothing_half_done(dispatch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = dispatch()

    def broken(*_: object, **__: object) -> None:
        raise RuleBroken("试")

    moved = len(campaign.rows(StockMovement))
    monkeypatch.setattr(cancelling.stock, "release", broken)
    with pytest.raises(RuleBroken):
        _cancel(campaign, 1)
    assert campaign.references(ParcelStage.packed) == campaign.references()
    assert len(campaign.live_lines()) == 9
    assert len(campaign.rows(StockMovement)) == moved


def _statements(act: Callable[[], None]) -> Any:
    seen = []

    def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    made = engine(settings().database_url)
    sa.event.listen(made, "before_cursor_execute", count)
    try:
        act()
    finally:
        sa.event.remove(made, "before_cursor_execute", count)
    return len(seen)


def _whole_dispatch(campaign: Any) -> Any:
    def act() -> None:
        packing.pack_all(campaign.code, by=campaign.by)
        (sealed,) = manifests.seal(campaign.code, by=campaign.by)
        manifests.hand_over(sealed.number, count=sealed.parcels - 1, left=campaign.references()[:1], by=campaign.by)
        cancelling.cancel_campaign(campaign.code, by=campaign.by)

    return _statements(act)


def test_statements_do_not_grow_with_members(
    dispatch: Any, database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from qianli.testing import workspace  # noqa: PLC0415 - a second place, only here

    few = _whole_dispatch(dispatch(members=3, stage=ParcelStage.printed))
    with workspace(tmp_path_factory.mktemp("many"), database=database):
        many = _whole_dispatch(dispatch(members=60, stage=ParcelStage.printed))
    assert many == few
    assert few < 120
