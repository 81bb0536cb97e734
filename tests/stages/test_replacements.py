"""Sending again and taking back: a line has one live successor, stock adds up, the right people are held."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    AddressStatus,
    Case,
    CaseReason,
    Consignment,
    Hold,
    ItemProblem,
    Member,
    ParcelLine,
    ParcelStage,
    ReplacementRequest,
    Said,
    SaidVia,
    Snapshot,
    StockMovement,
    Tracking,
)
from qianli.campaigns.report_words import sent_again
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import manifests, packing, replacements, sealing
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.status import status
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, reading, today, writing
from qianli.store import cases, report, stock
from qianli.store.replacements import live_items


@pytest.fixture
def sent(dispatch: Any) -> Any:
    return dispatch(stage=ParcelStage.handed_over)


def _replace(campaign: Any, number: int, *skus: str) -> Any:
    return replacements.replace(f"{campaign.code}-{number:04d}", skus, by=campaign.by)


def _open(campaign: Any) -> Any:
    return [one for one in campaign.rows(ReplacementRequest) if one.planned_at is None and one.withdrawn_at is None]


def test_an_item_is_asked_for_once(sent: Any) -> None:
    done = _replace(sent, 1, "book")
    assert (done.asked, done.already) == (["book"], [])
    again = _replace(sent, 1, "book", "letter")
    assert (again.asked, again.already) == (["letter"], ["book"])
    lines = {one.key: one for one in sent.rows(ParcelLine)}
    assert [(lines[one.line_id].consignment_id, one.quantity) for one in _open(sent)] == [
        (sent.world.consignments[0], 1)
    ] * 2
    assert sent.journal("consignment") == [("replacement_asked", "补寄 book"), ("replacement_asked", "补寄 letter")]


def test_numbers_and_skus_are_read_kindly(sent: Any) -> None:
    assert replacements.replace(" test-2027-0002 ", ["BOOK", "book"], by=sent.by).asked == ["book"]


def test_until_it_left_the_house_it_is_coming_anyway(sent: Any) -> None:
    _replace(sent, 1, "book")
    (parcel,) = sent.ship_replacements()
    assert _replace(sent, 1, "book").already == ["book"]
    assert _open(sent) == []
    assert sent.levels()["book"] == (17, 1)
    packing.pack([parcel], by=sent.by)
    (sealed,) = manifests.seal(sent.code, by=sent.by)
    manifests.hand_over(sealed.number, count=1, left=[], by=sent.by)
    assert sent.levels()["book"] == (16, 0)
    assert status(sent.code)["replacements"] == {"handed_over": 1}
    with reading() as session:
        counted = report.again(session, campaign_id=sent.world.campaign)
    assert sent_again(counted.parcels, counted.postage_fen, counted.items) == (
        "另行补寄 1 件包裹（《中国共产党章程》 1），邮资 12.00 元、物品 9.00 元，已计入支出。"
    )


def test_a_lost_replacement_is_replaced_and_the_chain_has_one_end(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    for _ in range(2):
        assert _replace(sent, 1, "book").asked == ["book"]
        sent.ship_replacements()
        packing.pack_all(sent.code, by=sent.by)
        (sealed,) = manifests.seal(sent.code, by=sent.by)
        manifests.hand_over(sealed.number, count=1, left=[], by=sent.by)
    books = [one for one in sent.live_lines() if one.consignment_id == sent.world.consignments[0]]
    chain = [one for one in books if one.kit_item_id == sent.world.kit_items[1]]
    assert [one.replaces_line_id for one in chain] == [None, chain[0].key, chain[1].key]


@pytest.mark.parametrize(("stage", "words"), [(ParcelStage.printed, "还没有交给快递公司"), (None, "还没有寄出")])
def test_nothing_to_replace_before_hand_over(dispatch: Any, stage: Any, words: str) -> None:
    campaign = dispatch(stage=stage)
    with pytest.raises(RuleBroken, match=words):
        _replace(campaign, 1, "book")


@pytest.mark.parametrize("state", ["held", "cancelled", "not_sent", "unconfirmed"])
def test_states_that_cannot_be_replaced_say_why(sent: Any, state: str) -> None:
    sent.set(sent.consignment(1), state=state)
    with pytest.raises(RuleBroken, match=r"TEST-2027-0001 .*。$"):
        _replace(sent, 1, "book")


def test_only_while_the_campaign_runs(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over, state="closed")
    with pytest.raises(RuleBroken, match="不在进行中"):
        _replace(campaign, 1, "book")


def test_unknown_things_are_told(sent: Any) -> None:
    with pytest.raises(BadInput, match="没有：radio。里面有：badge（党徽）"):
        _replace(sent, 1, "book", "radio")
    with pytest.raises(BadInput):
        _replace(sent, 1)
    with pytest.raises(NotFound):
        _replace(sent, 99, "book")
    for nonsense in ("", "TEST", "TEST-2027-", "0001", "一号"):
        with pytest.raises((BadInput, NotFound)):
            replacements.replace(nonsense, ["book"], by=sent.by)
    assert _open(sent) == []


def _returned(campaign: Any, index: int = 0, tracking: Tracking = Tracking.returned) -> Any:
    reference = campaign.references()[index]
    campaign.set(campaign.parcel(reference), tracking=tracking)
    return reference


@pytest.mark.parametrize(("put_back", "level"), [(True, (18, 0)), (False, (17, 0))])
def test_a_returned_parcel_settles_stock_and_holds_its_member(
    sent: Any, *, put_back: bool, level: tuple[int, int]
) -> None:
    reference = _returned(sent)
    done = replacements.take_back(reference.lower(), put_back=put_back, by=sent.by)
    assert (done.held, done.answered, done.warning, done.already) == (("TEST-2027-0001",), (), None, False)
    assert sent.levels() == {"badge": level, "book": level}
    assert sent.parcel(reference).stage is ParcelStage.taken_back
    assert sent.states() == {1: "held", 2: "under_way", 3: "under_way"}
    (hold,) = sent.rows(Hold)
    assert hold.reason.value == "taken_back"
    assert hold.sentence
    assert hold.next_step
    assert {one.consignment_id for one in sent.live_lines()} == set(sent.world.consignments[1:])
    again = replacements.take_back(reference, put_back=put_back, by=sent.by)
    assert again.already
    assert sent.levels() == {"badge": level, "book": level}
    with pytest.raises(RuleBroken, match="已经收回过"):
        replacements.take_back(reference, put_back=not put_back, by=sent.by)


@pytest.mark.parametrize("tracking", list(Tracking))
def test_only_an_unexpected_return_warns(sent: Any, tracking: Tracking) -> None:
    done = replacements.take_back(_returned(sent, tracking=tracking), put_back=True, by=sent.by)
    expected = tracking in (Tracking.returned, Tracking.returning, Tracking.refused, Tracking.lost)
    assert (done.warning is None) is expected


def test_before_hand_over_there_is_nothing_to_take_back(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.packed)
    with pytest.raises(RuleBroken, match="consignment cancel"):
        replacements.take_back(campaign.references()[0], put_back=True, by=campaign.by)
    with pytest.raises(NotFound):
        replacements.take_back("T-00042-X", put_back=True, by=campaign.by)


@pytest.mark.parametrize("state", ["confirmed", "confirmed_with_issues", "denied"])
def test_an_answer_stays_and_replace_sends_again(sent: Any, state: str) -> None:
    sent.set(sent.consignment(1), state=state)
    done = replacements.take_back(_returned(sent), put_back=True, by=sent.by)
    assert (done.held, done.answered) == ((), ("TEST-2027-0001",))
    assert sent.states()[1] == state
    assert sent.rows(Hold) == []
    assert _replace(sent, 1, "badge", "book", "letter").asked == ["badge", "book", "letter"]
    assert len(sent.ship_replacements()) == 1
    assert sent.levels() == {"badge": (18, 1), "book": (18, 1)}


def test_everyone_in_a_shared_parcel_is_held(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over, shared=True)
    done = replacements.take_back(_returned(campaign), put_back=True, by=campaign.by)
    assert done.held == ("TEST-2027-0001", "TEST-2027-0002")
    assert campaign.states() == {1: "held", 2: "held", 3: "under_way"}
    assert campaign.levels() == {"badge": (19, 0), "book": (19, 0)}
    assert len(campaign.rows(Hold)) == 2


def test_a_replacement_that_comes_back_may_be_asked_for_again(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    _replace(sent, 1, "book")
    (parcel,) = sent.ship_replacements()
    sent.hand_over()
    done = replacements.take_back(parcel, put_back=True, by=sent.by)
    assert (done.held, done.answered) == ((), ())
    assert sent.states()[1] == "under_way"
    assert _replace(sent, 1, "book").asked == ["book"]
    sent.ship_replacements()
    assert sent.levels()["book"] == (17, 1)


def test_the_original_of_a_replaced_item_comes_back_without_a_hold(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    _replace(sent, 1, "badge", "book", "letter")
    new = sent.ship_replacements()
    sent.hand_over()
    done = replacements.take_back(_returned(sent, tracking=Tracking.lost), put_back=False, by=sent.by)
    assert (done.held, sent.states()[1]) == ((), "under_way")
    with reading() as session:
        assert len(live_items(session, consignment_ids=[sent.world.consignments[0]])) == 3
    for reference in new:
        replacements.take_back(reference, put_back=True, by=sent.by)
    assert sent.states()[1] == "held"


def test_holding_withdraws_requests_for_what_came_back(sent: Any) -> None:
    _replace(sent, 1, "book")
    replacements.take_back(_returned(sent), put_back=True, by=sent.by)
    assert sent.states()[1] == "held"
    assert _open(sent) == []


def test_cases_of_the_parcel_are_resolved_and_others_stay(sent: Any) -> None:
    with writing("system") as session:
        shared = {
            "campaign_id": sent.world.campaign,
            "sentence": "包裹已退回。",
            "next_step": "收回。",
            "owner": "x",
            "at": now(),
        }
        for parcel in sent.world.parcels[:2]:
            cases.open_case(session, parcel_id=parcel, reason=CaseReason.returned, **shared)
        consignment = sent.world.consignments[0]
        cases.open_case(session, consignment_id=consignment, reason=CaseReason.not_received, **shared)
    assert replacements.take_back(_returned(sent), put_back=True, by=sent.by).cases_resolved == 1
    resolved = [(one.parcel_id, one.outcome) for one in sent.rows(Case) if one.resolved_at]
    assert resolved == [(sent.world.parcels[0], "taken_back")]


def test_a_parcel_of_printed_things_only_is_taken_back_once(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    _replace(sent, 2, "letter")
    (parcel,) = sent.ship_replacements()
    sent.hand_over()
    replacements.take_back(parcel, put_back=False, by=sent.by)
    assert replacements.take_back(parcel, put_back=True, by=sent.by).already
    assert sent.levels()["book"] == (17, 0)


def test_words_hold_nobody(sent: Any) -> None:
    replacements.take_back(_returned(sent), put_back=True, by=sent.by)
    _replace(sent, 2, "book")
    told = "".join(why for subject in ("parcel", "consignment") for _, why in sent.journal(subject))
    assert not any(word in told for word in ("张伟", "欧阳", "1391234", "晋江"))
    assert len(sent.rows(Consignment)) == 3


def _goes_to(campaign: Any, reference: str) -> Snapshot:
    snapshots = {one.key: one for one in campaign.rows(Snapshot)}
    return snapshots[campaign.parcel(reference).consignee_snapshot_id]


def test_a_replacement_goes_where_the_member_lives_now(sent: Any) -> None:
    sent.set(sent.consignment(1), state="denied")
    replacements.take_back(_returned(sent), put_back=True, by=sent.by)
    sent.move(1, "新地址 9 号")
    assert _replace(sent, 1, "badge", "book", "letter").asked == ["badge", "book", "letter"]
    (reference,) = sent.ship_replacements()
    assert _goes_to(sent, reference).detail == "新地址 9 号"


def test_after_the_planned_day_the_address_of_today_counts(sent: Any) -> None:
    sent.set(sent.campaign(), planned_delivery_on=today() - timedelta(days=20))
    sent.move(2, "新地址 9 号", since=today() - timedelta(days=5))
    _replace(sent, 2, "book")
    (reference,) = sent.ship_replacements()
    assert _goes_to(sent, reference).detail == "新地址 9 号"


def test_a_new_telephone_is_on_the_new_label(sent: Any) -> None:
    (member,) = [one for one in sent.rows(Member) if one.key == sent.world.members[0]]
    sent.set(member, phone="+8613900000009")
    _replace(sent, 1, "book")
    (reference,) = sent.ship_replacements()
    assert _goes_to(sent, reference).phone == "+8613900000009"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reported_on": date(2024, 1, 1)}, "地址太久没有核实.*打电话核实"),
        ({"status": AddressStatus.incomplete}, "地址不完整.*补全到门牌号"),
        ({"superseded_at": now()}, "台账里没有现居住地址.*问清地址"),
    ],
)
def test_nothing_is_asked_for_that_could_not_go(sent: Any, changes: dict[str, Any], words: str) -> None:
    sent.move(1, "新地址 9 号", **changes)
    before = len(sent.rows(Snapshot))
    with pytest.raises(RuleBroken, match=f"TEST-2027-0001 现在不能补寄：{words}"):
        _replace(sent, 1, "book")
    assert (_open(sent), len(sent.rows(Snapshot))) == ([], before)


def _say(campaign: Any, said: Said, **problems: ItemProblem) -> None:
    items = dict(zip(("badge", "book", "letter"), campaign.world.kit_items, strict=True))
    told = {items[sku]: problem for sku, problem in problems.items()}
    record_receipt(campaign.world.consignments[0], said=said, problems=told, note="", via=SaidVia.phone, by=campaign.by)


def test_all_here_after_all_withdraws_what_was_asked_for(sent: Any) -> None:
    _say(sent, Said.something_missing, book=ItemProblem.missing)
    _replace(sent, 1, "book")
    _replace(sent, 2, "book")
    _say(sent, Said.something_missing, book=ItemProblem.missing, badge=ItemProblem.damaged)
    assert len(_open(sent)) == 2
    _say(sent, Said.all_here)
    assert [one.consignment_id for one in _open(sent)] == [sent.world.consignments[1]]
    assert ("replacement_withdrawn", "本人已收齐") in sent.journal("consignment")
    assert len(sent.ship_replacements()) == 1


def test_whoever_answers_is_held_no_more(sent: Any) -> None:
    replacements.take_back(_returned(sent), put_back=True, by=sent.by)
    replacements.take_back(_returned(sent, 1), put_back=True, by=sent.by)
    _say(sent, Said.all_here)
    assert sent.states() == {1: "confirmed", 2: "held", 3: "under_way"}
    assert [one.consignment_id for one in sent.rows(Hold) if one.cleared_at is None] == [sent.world.consignments[1]]


def test_replacements_go_before_first_sends_where_stock_is_short(sent: Any) -> None:
    """One kit is left, reserved for the third member's first parcel: a missing book takes it, the third waits again."""
    third = sent.consignment(3)
    with writing(sent.by) as session:
        session.execute(sa.update(ParcelLine).where(ParcelLine.consignment_id == third.key).values(voided_at=now()))
        session.execute(sa.update(Consignment).where(Consignment.id == third.key).values(state="ready"))
        kit = stock.needs(session, campaign_id=sent.world.campaign)
        for item in kit:
            stock.receive(session, item_id=item, quantity=1)
        stock.reserve(session, campaign_id=sent.world.campaign, needs={third.key: kit})
        session.execute(sa.update(StockMovement).where(StockMovement.quantity == 20).values(quantity=3))
    _replace(sent, 1, "book")
    _, again = sent.ship_replacements(), sent.levels()
    assert sent.states() == {1: "under_way", 2: "under_way", 3: "held"}
    assert (again["book"], again["badge"]) == ((1, 1), (1, 0))
    assert [one.reason for one in sent.rows(Hold)] == ["out_of_stock"]

    _replace(sent, 2, "badge")
    for item, state in ((max(kit), "held"), (min(kit), "ready")):  # a book for the third, a badge for the second first
        with writing(sent.by) as session:
            stock.receive(session, item_id=item, quantity=1)
        run_inline("prepare_campaign", sent.world.campaign)
        assert sent.states()[3] == state
