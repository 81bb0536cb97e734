from itertools import product

import pytest

from models import CampaignState, ConsignmentState, ItemProblem, ParcelStage, Said
from qianli.errors import BadInput
from qianli.receipts.answers import NOTE_LENGTH, STATE_AFTER, Standing, checked, clean_note, said_of, standing
from qianli.receipts.contents import Line, came_back, expected_items, was_sent
from qianli.receipts.names import masked
from qianli.store.transitions import CONSIGNMENT

M, D = ItemProblem.missing, ItemProblem.damaged


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("张伟", "张*"), ("王小明", "王*明"), ("欧阳小芳", "欧阳*芳"), ("欧阳芳", "欧阳*"), ("欧阳", "欧*"),
        ("诸葛孔明亮", "诸葛**亮"), ("阿依古丽·买买提", "阿***·**提"), ("John Smith", "J*** ****h"), ("李", "李"),
        ("", ""),
    ],
)  # fmt: skip
def test_names_are_masked(name: str, seen: str) -> None:
    assert masked(name) == seen


def test_standing_covers_every_state_and_agrees_with_the_moves() -> None:
    for campaign, consignment, sent in product(CampaignState, ConsignmentState, (False, True)):
        if standing(campaign, consignment, sent=sent) == Standing.open:
            assert all(consignment in CONSIGNMENT[after] for after in STATE_AFTER.values())


@pytest.mark.parametrize(
    ("campaign", "consignment", "sent", "expected"),
    [
        ("prepared", "ready", False, "preparing"), ("under_way", "under_way", False, "preparing"),
        ("under_way", "under_way", True, "open"), ("under_way", "held", False, "preparing"),
        ("under_way", "held", True, "open"), ("under_way", "denied", True, "open"),
        ("under_way", "cancelled", False, "cancelled"), ("cancelled", "ready", False, "cancelled"),
        ("closed", "confirmed", True, "closed"), ("closed", "not_sent", False, "closed"),
        ("closed", "cancelled", False, "cancelled"),
    ],
)  # fmt: skip
def test_standing(campaign: str, consignment: str, sent: bool, expected: str) -> None:  # noqa: FBT001
    assert standing(CampaignState(campaign), ConsignmentState(consignment), sent=sent) == expected


def test_answers_that_make_sense() -> None:
    assert checked(Said.all_here, {}, " 谢谢 ", items={1, 2}).note == "谢谢"
    assert checked(Said.something_missing, {1: M, 2: D}, "", items={1, 2}).problems == {1: M, 2: D}
    assert checked(Said.damaged, {2: D}, "", items={1, 2}).said == Said.damaged


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        (Said.all_here, {1: M}), (Said.not_received, {1: D}), (Said.something_missing, {}),
        (Said.something_missing, {1: D}), (Said.damaged, {}), (Said.damaged, {1: D, 2: M}),
        (Said.something_missing, {3: M}),
    ],
)  # fmt: skip
def test_answers_that_contradict_themselves(said: Said, problems: dict[int, ItemProblem]) -> None:
    with pytest.raises(BadInput):
        checked(said, problems, "", items={1, 2})


def test_several_troubles_in_one_word() -> None:
    assert said_of({1: D, 2: M}) == Said.something_missing
    assert said_of({1: D}) == Said.damaged
    with pytest.raises(BadInput, match="全部收到"):
        said_of({})


def test_notes_lose_what_cannot_be_seen_and_have_a_length() -> None:
    assert clean_note("一\r\n二\x00\u202e三\u200b ") == "一\n二三"
    assert len(clean_note("好" * NOTE_LENGTH)) == NOTE_LENGTH
    with pytest.raises(BadInput, match="201"):
        clean_note("好" * (NOTE_LENGTH + 1))


def line(kit_item_id: int, stage: ParcelStage, *, live: bool = True, replacement: bool = False) -> Line:
    return Line(kit_item_id, f"sku{kit_item_id}", f"物品{kit_item_id}", 1, live, replacement, stage)


P = ParcelStage


def test_a_replacement_is_the_same_item_again() -> None:
    lines = [line(1, P.handed_over), line(2, P.handed_over), line(2, P.printed, replacement=True)]
    assert [(item.kit_item_id, item.resent) for item in expected_items(lines)] == [(1, None), (2, False)]
    lines[-1] = line(2, P.handed_over, replacement=True)
    assert expected_items(lines)[1].resent is True


def test_what_came_back_is_still_what_the_member_is_asked_about() -> None:
    lines = [line(1, P.taken_back, live=False)]
    assert was_sent(lines)
    assert came_back(lines)
    assert [item.kit_item_id for item in expected_items(lines)] == [1]
    again = [*lines, line(1, P.handed_over)]
    assert len(expected_items(again)) == 1
    assert not came_back(again)


def test_nothing_is_asked_before_anything_left() -> None:
    voided = [line(1, P.voided, live=False)]
    assert expected_items(voided) == []
    assert not was_sent([*voided, line(1, P.packed)])
