import pytest

from models import DeliveredTo, ReturnedFor, Tracking
from qianli.couriers.words import CANCELLING, STATES, WORDS, cancels, is_known, returned_for, state_of

T, D = Tracking, DeliveredTo


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("已收寄", (T.accepted, None)),
        ("运输中", (T.in_transit, None)),
        ("派送中", (T.out_for_delivery, None)),
        ("已签收", (T.delivered, D.unknown)),
        ("本人签收", (T.delivered, D.member)),
        ("已签收（本人签收）", (T.delivered, D.member)),
        ("已签收-他人代收", (T.delivered, D.other_person)),
        ("【村委会代收】", (T.delivered, D.village_committee)),
        ("投递未成功", (T.failed_attempt, None)),
        ("待自提", (T.awaiting_pickup, None)),
        ("拒收", (T.refused, None)),
        ("退回中", (T.returning, None)),
        ("已退回", (T.returned, None)),
        ("丢失", (T.lost, None)),
        ("签收了吗", (T.unknown, None)),
        ("未签收", (T.unknown, None)),
        ("", (T.unknown, None)),
    ],
)
def test_words(word: str, state: tuple[Tracking, DeliveredTo | None]) -> None:
    assert state_of(word) == state


def test_no_word_stands_twice_and_every_state_has_one() -> None:
    assert len(STATES) == sum(len(words.split()) for words in WORDS.values())
    assert {state for state, _ in STATES.values()} == set(Tracking)


def test_what_takes_an_event_back() -> None:
    assert cancels("撤销签收")
    assert cancels("【撤销妥投】")
    assert not cancels("已签收")
    assert not set(CANCELLING.split()) & set(STATES)


def test_a_word_may_be_known_and_say_nothing() -> None:
    assert state_of("已下单") == (T.unknown, None)
    assert is_known("已下单")
    assert is_known("撤销签收")
    assert not is_known("签收了吗")


@pytest.mark.parametrize(
    ("word", "remark", "state", "against"),
    [
        ("退回（查无此人）", "", T.returning, ReturnedFor.unknown_person),
        ("查无此人-退回妥投", "", T.returned, ReturnedFor.unknown_person),
        ("名址有误", "", T.failed_attempt, ReturnedFor.wrong_address),
        ("迁移新址不明", "", T.failed_attempt, ReturnedFor.moved),
        ("投递未成功", "收件人已搬走", T.failed_attempt, ReturnedFor.moved),
        ("已退回", "拒收", T.returned, None),
        ("本人签收", "原地址有误，已联系本人改投", T.delivered, None),
        ("查无此人吗", "", T.unknown, None),
    ],
)
def test_what_is_said_against_an_address(word: str, remark: str, state: Tracking, against: ReturnedFor | None) -> None:
    assert state_of(word)[0] == state
    assert returned_for(word, remark, state) == against


def test_a_locker_is_no_delivery() -> None:
    assert {state_of(word)[0] for word in ("投柜或站签收", "柜机签收", "驿站签收", "转窗投")} == {T.awaiting_pickup}
