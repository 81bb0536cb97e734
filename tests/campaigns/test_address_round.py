"""A round's rule: when it is over, who is held, what is shown of an address and said on the telephone."""

from datetime import date

import pytest

from models import AddressSaid, RoundRule
from qianli.campaigns.address_round import Fared, Fate, effect, fate, hold_words, is_over, shown_address, words_to_say

K, H, D = RoundRule.keep, RoundRule.hold, RoundRule.host_decides


def test_the_last_day_still_counts() -> None:
    day = date(2027, 1, 5)
    assert [is_over(cut_off_on=day, today=date(2027, 1, n)) for n in (4, 5, 6)] == [False, False, True]


@pytest.mark.parametrize(
    ("said", "fates"),
    [
        (None, {K: Fate(held=False), H: Fate(held=True), D: Fate(held=True, host=True)}),
        (AddressSaid.unsure, {K: Fate(held=False), H: Fate(held=True), D: Fate(held=True, host=True)}),
        (AddressSaid.still_here, dict.fromkeys(RoundRule, Fate(held=False))),
        (AddressSaid.moved, dict.fromkeys(RoundRule, Fate(held=False))),  # a move holds by itself
    ],
)
def test_who_said_nothing_of_the_address_meets_the_rule(said: AddressSaid | None, fates: dict[RoundRule, Fate]) -> None:
    assert {rule: fate(rule, said) for rule in RoundRule} == fates


def test_the_door_is_hidden_and_the_street_is_not() -> None:
    shown = shown_address("福建省", "泉州市", "晋江市", "青阳街道崇德路210号阳光花园3幢1502室")
    assert shown == "福建省泉州市晋江市青阳街道崇德路210号阳光花园3幢***"
    assert shown_address("北京市", "北京市", "海淀区", "") == "北京市海淀区"
    assert shown in words_to_say(shown)
    assert "住在哪里" in words_to_say("")


def test_words_name_the_branch_that_decides_and_what_to_do() -> None:
    ours, theirs = hold_words(""), hold_words("鞋都路流动党员党支部")
    assert "决定寄不寄" not in ours.sentence
    assert "鞋都路流动党员党支部决定寄不寄" in theirs.sentence
    assert all("consignment release" in one.next_step and "campaign answer" in one.next_step for one in (ours, theirs))
    assert max(len(part) for one in (ours, hold_words("支" * 100)) for part in (one.sentence, one.next_step)) <= 300


def test_the_effect_is_told_in_sums() -> None:
    assert effect(Fared(3, 3, 0, 2), Fared(2, 1, 1, 0)) == (
        "寄前核对住址，本人答复了的 3 份：寄出 3 份，退回 0 份，本人确认 2 份；"
        "没有答复的 2 份：寄出 1 份，退回 1 份，本人确认 0 份。"
    )
