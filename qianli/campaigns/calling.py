"""When to call again somebody who did not answer: another day, at another time of it, and not for ever."""

from datetime import datetime, time

from qianli.campaigns.calendar_days import Calendar

MOST_TRIES = 3
NOON = 12
MORNING, EVENING = time(10), time(18, 30)


def next_call(at: datetime, tries: int, calendar: Calendar) -> datetime | None:
    """The next call after `tries` in vain, the last at `at` by the local clock; None once they were enough.

    On the next working day: in the evening after a try in the morning, in the morning after any other.
    """
    if tries >= MOST_TRIES:
        return None
    day = calendar.add_working_days(at.date(), 1).day
    return datetime.combine(day, EVENING if at.hour < NOON else MORNING, at.tzinfo)
