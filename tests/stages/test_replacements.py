"""Sending again: a line has one live successor, and goes where the member lives now."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    AddressStatus,
    Consignment,
    Hold,
    ItemProblem,
    Member,
    ParcelLine,
    ParcelStage,
    Said,
    SaidVia,
    Snapshot,
    StockMovement,
)
from qianli.campaigns.report_words import sent_again
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import manifests, packing, replacements, sealing
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.status import status
from qianli.stages.steps import run_inline
from qianli.stages.unit import now, reading, today, writing
from qianli.store import report, stock


@pytest.fixture
def sent(dispatch: Any) -> Any:
    return dispatch(stage=ParcelStage.handed_over)


def test_an_item_is_asked_for_once(sent: Any) -> None:
    done = sent.replace(1, "book")
    assert (done.asked, done.already) == (["book"], [])
    again = sent.replace(1, "book", "letter")
    assert (again.asked, again.already) == (["letter"], ["book"])
    lines = {one.key: one for one in sent.rows(ParcelLine)}
    assert [(lines[one.line_id].consignment_id, one.quantity) for one in sent.open_requests()] == [
        (sent.world.consignments[0], 1)
    ] * 2
    assert sent.journal("consignment") == [("replacement_asked", "补寄 book"), ("replacement_asked", "补寄 letter")]


def test_numbers_and_skus_are_read_kindly(sent: Any) -> None:
    assert replacements.replace(" test-2027-0002 ", ["BOOK", "book"], by=sent.by).asked == ["book"]


def test_until_it_left_the_house_it_is_coming_anyway(sent: Any) -> None:
    sent.replace(1, "book")
    (parcel,) = sent.ship_replacements()
    assert sent.replace(1, "book").already == ["book"]
    assert sent.open_requests() == []
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
        assert sent.replace(1, "book").asked == ["book"]
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
        campaign.replace(1, "book")


@pytest.mark.parametrize("state", ["held", "cancelled", "not_sent", "unconfirmed"])
def test_states_that_cannot_be_replaced_say_why(sent: Any, state: str) -> None:
    sent.set(sent.consignment(1), state=state)
    with pytest.raises(RuleBroken, match=r"TEST-2027-0001 .*。$"):
        sent.replace(1, "book")


def test_only_while_the_campaign_runs(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over, state="closed")
    with pytest.raises(RuleBroken, match="不在进行中"):
        campaign.replace(1, "book")


def test_unknown_things_are_told(sent: Any) -> None:
    with pytest.raises(BadInput, match="没有：radio。里面有：badge（党徽）"):
        sent.replace(1, "book", "radio")
    with pytest.raises(BadInput):
        sent.replace(1)
    with pytest.raises(NotFound):
        sent.replace(99, "book")
    for nonsense in ("", "TEST", "TEST-2027-", "0001", "一号"):
        with pytest.raises((BadInput, NotFound)):
            replacements.replace(nonsense, ["book"], by=sent.by)
    assert sent.open_requests() == []


def test_words_hold_nobody(sent: Any) -> None:
    replacements.take_back(sent.returned(), put_back=True, by=sent.by)
    sent.replace(2, "book")
    told = "".join(why for subject in ("parcel", "consignment") for _, why in sent.journal(subject))
    assert not any(word in told for word in ("张伟", "欧阳", "1391234", "晋江"))
    assert len(sent.rows(Consignment)) == 3


def _goes_to(campaign: Any, reference: str) -> Snapshot:
    snapshots = {one.key: one for one in campaign.rows(Snapshot)}
    return snapshots[campaign.parcel(reference).consignee_snapshot_id]


def test_a_replacement_goes_where_the_member_lives_now(sent: Any) -> None:
    sent.set(sent.consignment(1), state="denied")
    replacements.take_back(sent.returned(), put_back=True, by=sent.by)
    sent.move(1, "新地址 9 号")
    assert sent.replace(1, "badge", "book", "letter").asked == ["badge", "book", "letter"]
    (reference,) = sent.ship_replacements()
    assert _goes_to(sent, reference).detail == "新地址 9 号"


def test_after_the_planned_day_the_address_of_today_counts(sent: Any) -> None:
    sent.set(sent.campaign(), planned_delivery_on=today() - timedelta(days=20))
    sent.move(2, "新地址 9 号", since=today() - timedelta(days=5))
    sent.replace(2, "book")
    (reference,) = sent.ship_replacements()
    assert _goes_to(sent, reference).detail == "新地址 9 号"


def test_a_new_telephone_is_on_the_new_label(sent: Any) -> None:
    (member,) = [one for one in sent.rows(Member) if one.key == sent.world.members[0]]
    sent.set(member, phone="+8613900000009")
    sent.replace(1, "book")
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
        sent.replace(1, "book")
    assert (sent.open_requests(), len(sent.rows(Snapshot))) == ([], before)


def _say(campaign: Any, said: Said, **problems: ItemProblem) -> None:
    items = dict(zip(("badge", "book", "letter"), campaign.world.kit_items, strict=True))
    told = {items[sku]: problem for sku, problem in problems.items()}
    record_receipt(campaign.world.consignments[0], said=said, problems=told, note="", via=SaidVia.phone, by=campaign.by)


def test_all_here_after_all_withdraws_what_was_asked_for(sent: Any) -> None:
    _say(sent, Said.something_missing, book=ItemProblem.missing)
    sent.replace(1, "book")
    sent.replace(2, "book")
    _say(sent, Said.something_missing, book=ItemProblem.missing, badge=ItemProblem.damaged)
    assert len(sent.open_requests()) == 2
    _say(sent, Said.all_here)
    assert [one.consignment_id for one in sent.open_requests()] == [sent.world.consignments[1]]
    assert ("replacement_withdrawn", "本人已收齐") in sent.journal("consignment")
    assert len(sent.ship_replacements()) == 1


def test_whoever_answers_is_held_no_more(sent: Any) -> None:
    replacements.take_back(sent.returned(), put_back=True, by=sent.by)
    replacements.take_back(sent.returned(1), put_back=True, by=sent.by)
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
    sent.replace(1, "book")
    _, again = sent.ship_replacements(), sent.levels()
    assert sent.states() == {1: "under_way", 2: "under_way", 3: "held"}
    assert (again["book"], again["badge"]) == ((1, 1), (1, 0))
    assert [one.reason for one in sent.rows(Hold)] == ["out_of_stock"]

    sent.replace(2, "badge")
    for item, state in ((max(kit), "held"), (min(kit), "ready")):  # a book for the third, a badge for the second first
        with writing(sent.by) as session:
            stock.receive(session, item_id=item, quantity=1)
        run_inline("prepare_campaign", sent.world.campaign)
        assert sent.states()[3] == state
