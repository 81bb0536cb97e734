"""A provider's limits, kept by all workers together: the rows are the counter, no worker needs to know another."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from qianli.errors import QuotaUsedUp
from qianli.interfaces.wire import Acquire, Limit
from qianli.stages.unit import SYSTEM, today, writing
from qianli.store import quotas

USED_UP = "接口今天的额度已用完，剩下的明天自动接着办，也可以到时再运行一次。"
MINUTE_S = 60


@dataclass(frozen=True)
class Clock:
    """Seconds since 1970, and waiting."""

    now_s: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


def acquire(account: str, clock: Clock | None = None) -> Acquire:
    """Waits for an account's turn under a limit; QuotaUsedUp when today's calls are made."""
    clock = clock or Clock()

    def wait(limit: Limit) -> None:
        apart_s = _apart_s(limit)
        if not apart_s and limit.per_day is None:
            return
        with writing(SYSTEM) as session:
            at_s = quotas.take(
                session,
                account=account,
                limit_name=limit.name,
                day=today(),
                per_day=limit.per_day,
                now_s=clock.now_s(),
                apart_s=apart_s,
            )
        if at_s is None:
            raise QuotaUsedUp(USED_UP)
        if (wait_s := at_s - clock.now_s()) > 0:
            clock.sleep(wait_s)

    return wait


def _apart_s(limit: Limit) -> float:
    """Seconds between two calls: evenly spread, so that no window of a provider's ever holds too many."""
    return max(
        1 / limit.per_second if limit.per_second else 0.0, MINUTE_S / limit.per_minute if limit.per_minute else 0.0
    )
