"""Starting flows through the Prefect API, and the processes of `qianli up`. Importing this never imports Prefect."""

from qianli.launch.deploy import Deployed, deploy
from qianli.launch.runs import RunResult, active_campaigns, clear_stale_runs, start_flow, wait_for
from qianli.launch.together import engine, up

__all__ = [
    "Deployed",
    "RunResult",
    "active_campaigns",
    "clear_stale_runs",
    "deploy",
    "engine",
    "start_flow",
    "up",
    "wait_for",
]
