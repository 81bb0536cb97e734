"""Leases that last as long as the work: renewed from a thread of its own, however long one drawing takes."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qianli.errors import DatabaseUnavailable

logger = logging.getLogger(__name__)
A_LEASE = 3  # renewals in the time of one: two may fail


@contextmanager
def renewed(renew: Callable[[], bool], *, lease_s: float) -> Iterator[None]:
    """Renew now and then while the work lasts, until `renew` says that the claim is another's by now.

    A process that dies renews no more, so that its claim is free when the lease is past.
    """
    over = threading.Event()

    def keep() -> None:
        while not over.wait(lease_s / A_LEASE):
            try:
                if not renew():
                    return
            except DatabaseUnavailable as error:  # it may be back before the lease is past
                logger.warning("a lease was not renewed: %s", type(error).__name__)

    thread = threading.Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()  # a renewal after the claim was given up would take it again
