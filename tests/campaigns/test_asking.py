from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from models import Tracking
from qianli.campaigns.asking import EVENING, LEAST_APART, MORNING, next_question
from qianli.campaigns.tracking import ENDED

T = Tracking
HERE = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2027, 3, 1)).map(lambda at: at.replace(tzinfo=HERE))  # noqa: DTZ001


@settings(max_examples=50)
@given(st.sampled_from(T), MOMENTS, st.none() | st.timedeltas(timedelta(0), timedelta(days=40)))
def test_never_too_soon_never_at_night_never_after_the_end(state: T, at: datetime, silent: timedelta | None) -> None:
    asked_next = next_question(state, news_at=None if silent is None else at - silent, asked_at=at)
    if state in ENDED:
        assert asked_next is None
        return
    assert asked_next is not None
    assert LEAST_APART <= asked_next - at <= timedelta(hours=24 + EVENING - MORNING)
    assert MORNING <= asked_next.hour < EVENING


def test_often_near_delivery_and_seldom_when_quiet() -> None:
    at = datetime(2027, 1, 12, 10, tzinfo=HERE)

    def waits(state: T, days: int = 0) -> timedelta:
        asked_next = next_question(state, news_at=at - timedelta(days=days), asked_at=at)
        assert asked_next is not None
        return asked_next - at

    assert waits(T.out_for_delivery) == timedelta(hours=1)
    assert waits(T.awaiting_pickup) == waits(T.awaiting_pickup, 4) < waits(T.awaiting_pickup, 5)
    assert waits(T.out_for_delivery) < waits(T.in_transit) < waits(T.in_transit, 2) < waits(T.in_transit, 8)
