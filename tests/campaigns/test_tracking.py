from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import DeliveredTo, ReturnedFor, Tracking
from qianli.campaigns.tracking import RANK, Folded, fold

T = Tracking
START = datetime(2027, 1, 10, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    hour: int
    tracking: Tracking = T.unknown
    delivered_to: DeliveredTo | None = None
    cancels: bool = False
    returned_for: ReturnedFor | None = None

    @property
    def happened_at(self) -> datetime:
        return START + timedelta(hours=self.hour)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


TELLS = st.builds(
    Told,
    hour=st.integers(0, 5),
    tracking=st.sampled_from(list(Tracking)),
    delivered_to=st.none() | st.sampled_from(list(DeliveredTo)),
    cancels=st.booleans(),
    returned_for=st.none() | st.sampled_from(list(ReturnedFor)),
)


@given(st.lists(TELLS, max_size=8), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_answer(events: list[Told], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(events)


@given(st.lists(TELLS, max_size=8))
def test_a_repeated_history_changes_nothing(events: list[Told]) -> None:
    assert fold(events + events) == fold(events)


@given(st.lists(TELLS, max_size=8), st.integers(0, 6), st.sampled_from([None, *DeliveredTo]))
def test_an_unknown_event_never_changes_what_is_known(events: list[Told], hour: int, to: DeliveredTo | None) -> None:
    lasting = [event for event in events if not event.cancels or event.hour < hour]
    assert fold([*lasting, Told(hour, T.unknown, to)]) == fold(lasting)


@given(st.lists(TELLS, max_size=8), st.integers(0, 5), st.sampled_from(Tracking), st.randoms(use_true_random=False))
def test_what_a_code_means_never_changes_which_event_was_taken_back(
    events: list[Told], hour: int, state: Tracking, random: object
) -> None:
    """A code nobody knows stands alone at its moment, and is cancelled: known or not, the rest is the same."""
    rest = [event for event in events if event.hour != hour]
    told = [*rest, Told(hour), Told(hour, cancels=True)]
    random.shuffle(told)  # type: ignore[attr-defined]
    assert fold(told) == fold([*rest, Told(hour, state), Told(hour, cancels=True)]) == fold(rest)


@given(st.lists(TELLS, max_size=8))
def test_only_a_delivery_has_a_receiver_and_a_time(events: list[Told]) -> None:
    answer = fold(events)
    delivered = answer.tracking == T.delivered
    assert (answer.delivered_to is not None, answer.delivered_at is not None) == (delivered, delivered)


@given(st.lists(TELLS.filter(lambda told: told.hour < 5), max_size=8), st.sampled_from(list(Tracking)))
def test_an_event_taken_back_was_never_there(events: list[Told], state: Tracking) -> None:
    if state != T.unknown:
        assert fold([*events, Told(5, state), Told(6, cancels=True)]) == fold(events)


def test_a_cancellation_takes_back_the_latest_event_known_or_not() -> None:
    events = [Told(0, T.accepted), Told(1, T.in_transit), Told(2, T.delivered), Told(3), Told(3, cancels=True)]
    assert fold(events) == Folded(T.delivered, DeliveredTo.unknown, at(2))
    assert fold([*events, Told(4, cancels=True)]) == Folded(T.in_transit)
    assert fold([Told(0, cancels=True), Told(1, T.accepted)]) == Folded(T.accepted)


def test_a_cancellation_takes_back_what_was_said_twice_of_one_moment() -> None:
    twice = [Told(2, T.delivered, DeliveredTo.unknown), Told(2, T.delivered, DeliveredTo.other_person)]
    assert fold([Told(1, T.in_transit), *twice, Told(3, cancels=True)]) == Folded(T.in_transit)
    assert fold([Told(1, T.in_transit), Told(1, T.delivered), *twice, Told(3, cancels=True)]).delivered_at == at(1)


def test_time_decides_before_rank() -> None:
    assert fold([Told(2, T.out_for_delivery), Told(1, T.failed_attempt)]).tracking == T.out_for_delivery
    assert fold([Told(1, T.failed_attempt), Told(1, T.out_for_delivery)]).tracking == T.failed_attempt


def test_a_delivery_said_twice_keeps_its_first_time_and_the_better_receiver() -> None:
    events = [Told(5, T.delivered, DeliveredTo.unknown), Told(3, T.delivered, DeliveredTo.reception)]
    assert fold(events) == Folded(T.delivered, DeliveredTo.reception, at(3))
    late = [Told(3, T.delivered), Told(5, T.delivered, DeliveredTo.village_committee)]
    assert fold(late) == Folded(T.delivered, DeliveredTo.village_committee, at(3))


@pytest.mark.parametrize("scan", [T.accepted, T.in_transit, T.out_for_delivery, T.awaiting_pickup])
def test_the_way_back_to_the_sender_is_not_a_delivery(scan: Tracking) -> None:
    back = [Told(0, T.refused), Told(1, T.returning), Told(2, scan)]
    assert fold(back) == Folded(T.returning)
    assert fold([*back, Told(3, T.delivered, DeliveredTo.unknown)]) == Folded(T.returned)
    assert fold([*back, Told(3, T.delivered, DeliveredTo.member)]) == Folded(T.delivered, DeliveredTo.member, at(3))


def test_a_refusal_may_still_end_well() -> None:
    events = [Told(0, T.refused), Told(1, T.out_for_delivery), Told(2, T.delivered, DeliveredTo.member)]
    assert fold(events) == Folded(T.delivered, DeliveredTo.member, at(2))


def test_every_state_has_a_rank() -> None:
    assert set(RANK) == set(Tracking)
    assert fold([]) == Folded()
