"""Work done soon after an answer, in a thread of this process. Best effort: if it dies, a flow does it later."""

import logging
import threading
import time
from collections.abc import Callable

QUIET_S, LONGEST_S = 1.0, 10.0
logger = logging.getLogger(__name__)


class Soon:
    """Does one thing once nobody asked for it for a moment, or after `longest_s` at the latest; never twice at a time.

    While many ask, the answers come first and the work is done for all of them together.
    """

    def __init__(self, work: Callable[[], object], *, quiet_s: float = QUIET_S, longest_s: float = LONGEST_S) -> None:
        self._work, self._quiet_s, self._longest_s = work, quiet_s, longest_s
        self._lock, self._runs, self._asked = threading.Lock(), False, 0.0

    def __call__(self) -> None:
        """Ask for it."""
        with self._lock:
            self._asked = time.monotonic()
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="soon", daemon=True).start()

    def _run(self) -> None:
        while True:
            done = self._wait()
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 - whatever it is, a flow tries again
                logger.error("not done now, but later: %s", type(error).__name__)  # noqa: TRY400 - may hold names
            with self._lock:
                if self._asked == done:
                    self._runs = False
                    return

    def _wait(self) -> float:
        """Until it is quiet, or long enough; the answer is when it was last asked for."""
        ends = time.monotonic() + self._longest_s
        while (left := min(self._asked + self._quiet_s, ends) - time.monotonic()) > 0:
            time.sleep(left)
        with self._lock:
            return self._asked


def never() -> None:
    """Leave it to the flow."""
