"""What is used of couriers' limits, kept exact by one statement a call, whoever calls from wherever."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models import CourierQuota


def take(
    session: Session, *, account: str, limit_name: str, day: date, per_day: int | None, now_s: float, apart_s: float
) -> float | None:
    """Take the next call of a limit: the second at which it may be made; None if the day's calls are used up.

    Calls lie at least `apart_s` seconds apart.
    """
    same_day, unused = col(CourierQuota.day) == day, col(CourierQuota.next_at) < now_s
    mine = (col(CourierQuota.account) == account, col(CourierQuota.limit_name) == limit_name)
    left = sa.true() if per_day is None else sa.or_(sa.not_(same_day), col(CourierQuota.used) < per_day)
    begins = sa.case((unused, sa.literal(now_s, sa.Float)), else_=col(CourierQuota.next_at))
    update = sa.update(CourierQuota).where(*mine, left).values(
        used=sa.case((same_day, col(CourierQuota.used) + 1), else_=1), day=day, next_at=begins + apart_s
    )  # fmt: skip
    _begin(session, account=account, limit_name=limit_name, day=day, used=0, next_at=0.0)
    taken = session.execute(
        update.returning(col(CourierQuota.next_at)).execution_options(synchronize_session=False)
    ).scalar()
    return None if taken is None else float(taken) - apart_s


def _begin(session: Session, **row: Any) -> None:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(CourierQuota).values(**row).on_conflict_do_nothing())
