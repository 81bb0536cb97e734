"""`python -m flows`: serves every deployment of prefect.yaml from this process, each flow run as a child of it.

With `--unscheduled` nothing begins of itself: what is asked for runs, and no more.
"""

import sys
import time

from prefect import serve

from flows._deployments import declared, deployment
from qianli import private
from qianli.launch.api import answers
from qianli.launch.children import UNSCHEDULED
from qianli.settings import VAR

RUNS_AT_ONCE = 4
LOOK_FOR_RUNS_S = 1.0
SERVER_S = 120.0


def main() -> None:
    """Import every flow, wait for the server, serve until told to stop."""
    private.tighten(VAR)
    made = [deployment(entry, scheduled=UNSCHEDULED not in sys.argv[1:]) for entry in declared()]
    limit = time.monotonic() + SERVER_S
    while not answers():
        if time.monotonic() > limit:
            sys.exit("Prefect 服务没有应答，流程没有启动。")
        time.sleep(LOOK_FOR_RUNS_S)
    serve(
        *made,
        limit=RUNS_AT_ONCE,
        pause_on_shutdown=False,
        print_starting_message=False,
        query_seconds=LOOK_FOR_RUNS_S,
    )


if __name__ == "__main__":
    main()
