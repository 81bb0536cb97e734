"""When a courier is asked next about a parcel: more often near delivery, less when quiet, not at all at an end."""

from datetime import datetime, timedelta

from models import Tracking
from qianli.campaigns.tracking import ENDED

T = Tracking
#: A number is never asked after sooner than this, whatever happened.
LEAST_APART = timedelta(minutes=30)
HOUR = timedelta(hours=1)
#: How long to wait while there is news.
APART: dict[Tracking, timedelta] = {
    T.unknown: 6 * HOUR,
    T.accepted: 6 * HOUR,
    T.in_transit: 4 * HOUR,
    T.out_for_delivery: HOUR,
    T.failed_attempt: 3 * HOUR,
    T.awaiting_pickup: 3 * HOUR,
    T.refused: 12 * HOUR,
    T.returning: 12 * HOUR,
}
#: Silence from so long on → at least so long between questions. First the longest.
QUIET = ((timedelta(days=7), 24 * HOUR), (timedelta(days=3), 12 * HOUR), (timedelta(days=1), 6 * HOUR))
#: A parcel at a pick-up point is silent until somebody fetches it; after a week it goes back.
QUIET_AT_A_PICKUP_POINT = ((timedelta(days=5), 12 * HOUR),)
#: Nobody delivers at night: what is due then waits for the morning. Hours of the day where the organisation is.
EVENING, MORNING = 22, 8
#: What goes out that day has been loaded and scanned by then; before, nothing is new on the road.
LOADED = 10
ON_THE_ROAD = {T.accepted, T.in_transit}


def next_question(tracking: Tracking, *, news_at: datetime | None, asked_at: datetime) -> datetime | None:
    """When to ask again after a question at `asked_at`, in local time; None at an end.

    `tracking` and `news_at` (the courier's latest event; the hand-over, if there is none) are as the answer left them.
    """
    if tracking in ENDED:
        return None
    silent = asked_at - news_at if news_at else timedelta()
    quiet = QUIET_AT_A_PICKUP_POINT if tracking == T.awaiting_pickup else QUIET
    longer = next((apart for since, apart in quiet if silent >= since), timedelta())
    at = asked_at + max(LEAST_APART, APART[tracking], longer)
    return _by_day(at, begins=LOADED if tracking in ON_THE_ROAD else MORNING)


def _by_day(at: datetime, *, begins: int) -> datetime:
    if begins <= at.hour < EVENING:
        return at
    morning = at.replace(hour=begins, minute=0, second=0, microsecond=0)
    return morning if at.hour < begins else morning + timedelta(days=1)
