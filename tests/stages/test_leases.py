"""Leases are renewed while the work lasts, and not after."""

import threading
import time

from qianli.errors import DatabaseUnavailable
from qianli.stages.leases import renewed


def test_a_lease_is_renewed_while_the_work_lasts_whatever_the_database_does() -> None:
    renewals, enough = list[float](), threading.Event()

    def renew() -> bool:
        renewals.append(time.monotonic())
        if len(renewals) == 1:
            raise DatabaseUnavailable("数据库没有回应。")
        if len(renewals) == 3:
            enough.set()
        return True

    with renewed(renew, lease_s=0.03):
        assert enough.wait(10)
    after = len(renewals)
    time.sleep(0.05)
    assert len(renewals) == after


def test_a_claim_that_is_anothers_is_not_asked_for_again() -> None:
    asked, over = list[int](), threading.Event()

    def renew() -> bool:
        asked.append(1)
        over.set()
        return False

    with renewed(renew, lease_s=0.03):
        assert over.wait(10)
        time.sleep(0.05)
    assert asked == [1]
