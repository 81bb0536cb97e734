"""Taking back: stock adds up, the right people are held, and what was replaced holds nobody."""

from typing import Any

import pytest

from models import (
    Case,
    CaseReason,
    Hold,
    ParcelStage,
    Tracking,
)
from qianli.errors import NotFound, RuleBroken
from qianli.stages import replacements, sealing
from qianli.stages.unit import now, reading, writing
from qianli.store import cases
from qianli.store.replacements import live_items


@pytest.fixture
def sent(dispatch: Any) -> Any:
    return dispatch(stage=ParcelStage.handed_over)


@pytest.mark.parametrize(("put_back", "level"), [(True, (18, 0)), (False, (17, 0))])
def test_a_returned_parcel_settles_stock_and_holds_its_member(
    sent: Any, *, put_back: bool, level: tuple[int, int]
) -> None:
    reference = sent.returned()
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


@pytest.mark.parametrize("database", ["sqlite"])  # one statement for all of them
@pytest.mark.parametrize("tracking", list(Tracking))
def test_only_an_unexpected_return_warns(sent: Any, tracking: Tracking) -> None:
    done = replacements.take_back(sent.returned(tracking=tracking), put_back=True, by=sent.by)
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
    done = replacements.take_back(sent.returned(), put_back=True, by=sent.by)
    assert (done.held, done.answered) == ((), ("TEST-2027-0001",))
    assert sent.states()[1] == state
    assert sent.rows(Hold) == []
    assert sent.replace(1, "badge", "book", "letter").asked == ["badge", "book", "letter"]
    assert len(sent.ship_replacements()) == 1
    assert sent.levels() == {"badge": (18, 1), "book": (18, 1)}


def test_everyone_in_a_shared_parcel_is_held(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.handed_over, shared=True)
    done = replacements.take_back(campaign.returned(), put_back=True, by=campaign.by)
    assert done.held == ("TEST-2027-0001", "TEST-2027-0002")
    assert campaign.states() == {1: "held", 2: "held", 3: "under_way"}
    assert campaign.levels() == {"badge": (19, 0), "book": (19, 0)}
    assert len(campaign.rows(Hold)) == 2


def test_a_replacement_that_comes_back_may_be_asked_for_again(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    sent.replace(1, "book")
    (parcel,) = sent.ship_replacements()
    sent.hand_over()
    done = replacements.take_back(parcel, put_back=True, by=sent.by)
    assert (done.held, done.answered) == ((), ())
    assert sent.states()[1] == "under_way"
    assert sent.replace(1, "book").asked == ["book"]
    sent.ship_replacements()
    assert sent.levels()["book"] == (17, 1)


def test_the_original_of_a_replaced_item_comes_back_without_a_hold(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    sent.replace(1, "badge", "book", "letter")
    new = sent.ship_replacements()
    sent.hand_over()
    done = replacements.take_back(sent.returned(tracking=Tracking.lost), put_back=False, by=sent.by)
    assert (done.held, sent.states()[1]) == ((), "under_way")
    with reading() as session:
        assert len(live_items(session, consignment_ids=[sent.world.consignments[0]])) == 3
    for reference in new:
        replacements.take_back(reference, put_back=True, by=sent.by)
    assert sent.states()[1] == "held"


def test_holding_withdraws_requests_for_what_came_back(sent: Any) -> None:
    sent.replace(1, "book")
    replacements.take_back(sent.returned(), put_back=True, by=sent.by)
    assert sent.states()[1] == "held"
    assert sent.open_requests() == []


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
    assert replacements.take_back(sent.returned(), put_back=True, by=sent.by).cases_resolved == 1
    resolved = [(one.parcel_id, one.outcome) for one in sent.rows(Case) if one.resolved_at]
    assert resolved == [(sent.world.parcels[0], "taken_back")]


def test_a_parcel_of_printed_things_only_is_taken_back_once(sent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    sent.replace(2, "letter")
    (parcel,) = sent.ship_replacements()
    sent.hand_over()
    replacements.take_back(parcel, put_back=False, by=sent.by)
    assert replacements.take_back(parcel, put_back=True, by=sent.by).already
    assert sent.levels()["book"] == (17, 0)
