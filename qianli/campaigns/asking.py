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
    T.awaiting_pickup: 4 * HOUR,
    T.refused: 12 * HOUR,
    T.returning: 12 * HOUR,
}
#: Silence from so long on → at least so long between questions. First the longest.
QUIET = ((timedelta(days=7), 24 * HOUR), (timedelta(days=3), 12 * HOUR), (timedelta(days=1), 6 * HOUR))
#: Nobody delivers at night: what is due then waits for the morning. Hours of the day where the organisation is.
EVENING, MORNING = 22, 8


def next_question(tracking: Tracking, *, news_at: datetime | None, asked_at: datetime) -> datetime | None:
    """When to ask again after a question at `asked_at`, in local time; None at an end.

    `tracking` and `news_at` (the courier's latest event; the hand-over, if there is none) are as the answer left them.
    """
    if tracking in ENDED:
        return None
    silent = asked_at - news_at if news_at else timedelta()
    longer = next((apart for since, apart in QUIET if silent >= since), timedelta())
    return _by_day(asked_at + max(LEAST_APART, APART[tracking], longer))


def _by_day(at: datetime) -> datetime:
    if MORNING <= at.hour < EVENING:
        return at
    morning = at.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if at.hour < MORNING else morning + timedelta(days=1)
