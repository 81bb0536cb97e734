from pathlib import Path

import pytest

from models import CaseOutcome, CaseReason, JournalEntry
from qianli.campaigns.cases import ACT_WITHIN, case_words
from qianli.errors import NotFound, RuleBroken
from qianli.stages import cases
from qianli.stages.unit import reading, writing
from qianli.store import cases as store
from qianli.store import journal
from qianli.testing import NOW, World, make_world


@pytest.fixture
def world(place: Path) -> World:
    with writing("user:test") as session:
        return make_world(session)


def new(world: World, reason: CaseReason, **subject: int) -> store.NewCase:
    return store.NewCase(world.campaign, reason, "句子。", "下一步。", "青" * 100, **subject)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", list(CaseReason))
def test_every_reason_has_words_with_our_numbers_in_them(reason: CaseReason) -> None:
    words = case_words(reason, consignment="QL-0001", parcel="3K-00001-X")
    assert words.sentence.endswith("。")
    assert words.next_step.endswith("。")
    assert "{" not in words.next_step
    assert len(words.next_step) <= 300
    assert case_words(reason).sentence == words.sentence
    assert ACT_WITHIN[reason] > 0


def test_a_case_is_opened_once_for_a_subject_and_reason(world: World) -> None:
    parcel, other = world.parcels[0], world.parcels[1]
    lost = new(world, CaseReason.lost, parcel_id=parcel)
    with writing("user:test") as session:
        first = store.open_many(session, cases=[lost, lost, new(world, CaseReason.lost, parcel_id=other)], at=NOW)
        assert len(first) == 2
        again = store.open_many(session, cases=[lost, new(world, CaseReason.refused, parcel_id=parcel)], at=NOW)
        assert len(again) == 1
        consignment = {"campaign_id": world.campaign, "consignment_id": world.consignments[0], "at": NOW}
        words = {"reason": CaseReason.damaged, "sentence": "句。", "next_step": "步。", "owner": "organiser"}
        opened = store.open_case(session, **consignment, **words)  # type: ignore[arg-type]
        assert opened is not None
        assert store.open_case(session, **consignment, **words) is None  # type: ignore[arg-type]
        assert [one.key for one in store.open_cases(session, parcel_ids=[parcel])] == [first[0], again[0]]
        found = store.open_cases(session, parcel_ids=[other], consignment_ids=[world.consignments[0]])
        assert [one.key for one in found] == [first[1], opened.key]
        assert len(store.open_cases(session, campaign_id=world.campaign)) == 4
        assert store.open_cases(session, campaign_id=world.campaign + 1) == []
        assert store.open_cases(session, parcel_ids=[]) == []
    views = cases.list_cases()
    assert {len(view.owner) for view in views} == {9, 64}
    # Opened on a Monday: a refusal is due on Wednesday, a loss on the Monday after.
    assert {view.reason.value: f"{view.due_on:%m-%d}" for view in views if view.reference} == {
        "lost": "01-11", "refused": "01-06",
    }  # fmt: skip


def test_resolving_says_how_it_ended_and_only_once(world: World) -> None:
    with writing("user:test") as session:
        (id_,) = store.open_many(session, cases=[new(world, CaseReason.lost, parcel_id=world.parcels[0])], at=NOW)
    assert cases.resolve(id_, outcome=CaseOutcome.written_off, by="user:li")
    assert not cases.resolve(id_, outcome=CaseOutcome.written_off, by="user:li")
    with pytest.raises(RuleBroken, match="已经办结"):
        cases.resolve(id_, outcome=CaseOutcome.found, by="user:li")
    with pytest.raises(NotFound, match="case list"):
        cases.resolve(id_ + 1, outcome=CaseOutcome.found, by="user:li")
    assert cases.list_cases("TEST-2027") == []
    with reading() as session:
        story: list[JournalEntry] = journal.entries(session, subject="case", subject_id=id_)  # type: ignore[arg-type]
        assert [(one.what, one.why, one.actor) for one in story] == [
            ("opened", "", "user:test"), ("resolved", "written_off", "user:li"),
        ]  # fmt: skip


@pytest.mark.parametrize("id_", [0, -1, 2**31, 10**20, -(10**20)])
def test_a_number_that_no_case_can_have_is_not_found(world: World, id_: int) -> None:
    with pytest.raises(NotFound, match="case list"):
        cases.resolve(id_, outcome=CaseOutcome.found, by="user:li")


def test_views_name_their_subject(world: World) -> None:
    with writing("user:test") as session:
        store.open_many(
            session,
            cases=[
                new(world, CaseReason.lost, parcel_id=world.parcels[0]),
                new(world, CaseReason.damaged, consignment_id=world.consignments[1]),
            ],
            at=NOW,
        )
    assert [(one.number, one.reference) for one in cases.list_cases()] == [
        (None, "T-00001-X"),
        ("TEST-2027-0002", None),
    ]
    with pytest.raises(NotFound):
        cases.list_cases("NO-SUCH")
