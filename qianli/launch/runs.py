"""Flow runs seen from outside: start one, wait for it, clear those whose process is gone."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from qianli.errors import EngineMissing
from qianli.launch.api import call
from qianli.processes import is_gone
from qianli.settings import settings

POLL_S, SELDOM_S = 0.2, 1.0  # between two looks, at first and later: each is work for the server
UNCLAIMED_S = 30.0
POLLED_S = 30.0  # workers ask every ten seconds, or oftener
HEARTBEAT_S = 30  # as in prefect.yaml; Prefect takes no less
QUIET_S = 4.0 * HEARTBEAT_S  # the automation is faster: it looks at three
PAGE = 200  # the most Prefect's server gives at once
REFUSED = "Refused"  # the name of the state in which a flow hands back a rule's sentence
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
BEGUN = {"PENDING", "RUNNING", "CANCELLING"}


@dataclass(frozen=True)
class RunResult:
    """How a flow run ended; `message` holds no personal data."""

    name: str
    state: str
    message: str
    refused: bool

    @property
    def done(self) -> bool:
        """Whether it did all it was started for."""
        return self.state == "COMPLETED"


def start_flow(name: str, campaign_id: int | None = None) -> str:
    """Start a flow, or join the run that already waits to begin; the answer is the run's id.

    The key is `campaign-{id}-{flow}-v{n}`, n one more than the runs there were: two clicks are one run, and a run
    after one that ended is a new one.
    """
    deployment = call("GET", f"/deployments/name/{name}/{name}")
    if deployment is None:
        raise EngineMissing(
            f"Prefect 服务在运行，但流程 {name} 还没有登记。请用“qianli up”启动服务，或者在命令后加 --inline。"
        )
    tags = [name] if campaign_id is None else [name, f"campaign-{campaign_id}"]
    waiting = _runs({"tags": {"all_": tags}, "state": {"type": {"any_": ["SCHEDULED", "PENDING"]}}})
    if waiting and campaign_id is not None:
        return str(waiting[0]["id"])
    number = int(call("POST", "/flow_runs/count", {"flow_runs": {"tags": {"all_": tags}}})) + 1
    body: dict[str, Any] = {
        "name": f"{name}-v{number}" if campaign_id is None else f"{name}-{campaign_id}-v{number}",
        "parameters": {} if campaign_id is None else {"campaign_id": campaign_id, "place": settings().place},
        "tags": tags,
        "state": {"type": "SCHEDULED"},
        "idempotency_key": f"campaign-{campaign_id or 'all'}-{name}-v{number}",
    }
    return str(call("POST", f"/deployments/{deployment['id']}/create_flow_run", body)["id"])


def wait_for(run_id: str, progress: Callable[[], None] | None = None) -> RunResult:
    """Wait until the run ends, calling `progress()` at every look. EngineMissing if no process takes it up."""
    begun = time.monotonic()
    while True:
        run = call("GET", f"/flow_runs/{run_id}")
        if run is None:
            raise EngineMissing("这次流程运行已经不在 Prefect 服务里了。请再运行一次命令。")
        state = run["state"]
        if state["type"] in ENDED:
            return RunResult(run["name"], state["type"], state.get("message") or "", state["name"] == REFUSED)
        if _is_queued(state) and time.monotonic() - begun > UNCLAIMED_S and not _is_polled(run["deployment_id"]):
            raise EngineMissing(
                f"流程 {run['name']} 已经排队，但没有进程来执行它。"
                "请检查“qianli up”（或执行流程的机器）是否在运行；它一启动就会接着做。"
            )
        if state["type"] == "PENDING" and _seconds_since(state["timestamp"]) > QUIET_S:
            raise EngineMissing(
                f"流程 {run['name']} 已经派出，但接手的进程没有开始，多半已经中断。"
                "请运行“qianli reconcile”，再运行一次命令。"
            )
        if progress:
            progress()
        time.sleep(min(max(POLL_S, (time.monotonic() - begun) / 10), SELDOM_S))


def _is_queued(state: dict[str, Any]) -> bool:
    """Waiting for a slot behind another run is not being ignored."""
    return state["type"] == "SCHEDULED" and state["name"] in ("Scheduled", "Late")


def _is_polled(deployment_id: str) -> bool:
    """Whether somebody asks for runs of this deployment, though all may be busy."""
    deployment = call("GET", f"/deployments/{deployment_id}")
    return bool(deployment and deployment["last_polled"]) and _seconds_since(deployment["last_polled"]) < POLLED_S


def clear_stale_runs(*, quiet_s: float = QUIET_S) -> int:
    """Mark runs as crashed whose process is gone from this machine, or which gave no sign of life for `quiet_s`.

    A run that ended meanwhile stays what it is, whoever marks it first: the automation, another reconcile, itself.
    """
    stale = [run for run in _runs({"state": {"type": {"any_": sorted(BEGUN)}}}) if not _lives(run, quiet_s)]
    return sum(mark_crashed(run["id"]) for run in stale)


def mark_crashed(run_id: str) -> bool:
    """Whether it was us who marked it. Without `force` Prefect refuses to crash what has ended."""
    crashed = {"type": "CRASHED", "name": "Crashed", "message": "执行它的进程已经不在了。"}
    answer = call("POST", f"/flow_runs/{run_id}/set_state", {"state": crashed})
    return answer is not None and answer["status"] == "ACCEPT"


def active_campaigns() -> set[int]:
    """Campaigns that a living flow run works on."""
    runs = _runs({"state": {"type": {"any_": sorted(BEGUN)}}})
    ids = (run["parameters"].get("campaign_id") for run in runs)
    return {int(id_) for id_ in ids if id_ is not None}


def _lives(run: dict[str, Any], quiet_s: float) -> bool:
    if is_gone(run.get("infrastructure_pid")):
        return False
    at = datetime.now(UTC) - timedelta(seconds=quiet_s)
    return _seconds_since(run["state"]["timestamp"]) < quiet_s or _heard_of(run["id"], at)


def _seconds_since(timestamp: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(timestamp)).total_seconds()


def _heard_of(run_id: str, since: datetime) -> bool:
    wanted = {
        "occurred": {"since": since.isoformat()},
        "event": {"name": ["prefect.flow-run.heartbeat"]},
        "resource": {"id": [f"prefect.flow-run.{run_id}"]},
    }
    return bool(call("POST", "/events/filter", {"filter": wanted, "limit": 1})["events"])


def _runs(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """All of them, page by page, newest first; one that comes meanwhile makes us see another twice, and miss none."""
    found: list[dict[str, Any]] = []
    asked = {"flow_runs": wanted, "limit": PAGE, "sort": "ID_DESC"}
    while page := call("POST", "/flow_runs/filter", {**asked, "offset": len(found)}):
        found += page
        if len(page) < PAGE:
            break
    return found
