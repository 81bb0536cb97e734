"""The automation that marks a run as crashed when its heartbeats stop. Prefect's own server brings none.

It needs a heartbeat to begin with; a run cut off before its first one is cleared by `reconcile`.
"""

from typing import Any

from qianli.launch.api import call
from qianli.launch.runs import HEARTBEAT_S, REFUSED

NAME = "qianli-zombies"
WITHIN_S = 3 * HEARTBEAT_S
HEARTBEAT = "prefect.flow-run.heartbeat"
#: Names of the states in which a run of ours ends. A name that is missing here would be taken for silence.
ENDS = ("Completed", "Failed", "Cancelled", "Crashed", "TimedOut", REFUSED)
AUTOMATION: dict[str, Any] = {
    "name": NAME,
    "description": "流程运行超过 90 秒没有心跳，即标为 Crashed。由 qianli 设置，请勿手工修改。",
    "enabled": True,
    "trigger": {
        "type": "event",
        "posture": "Proactive",
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "after": [HEARTBEAT],
        "expect": [HEARTBEAT, *(f"prefect.flow-run.{name}" for name in ENDS)],
        "for_each": ["prefect.resource.id"],
        "threshold": 1,
        "within": WITHIN_S,
    },
    "actions": [{"type": "change-flow-run-state", "state": "CRASHED", "message": "执行它的进程没有心跳了。"}],
}


def install_automation() -> None:
    """Make it be there once, as above. One that is so already is not touched: it would forget whom it watches."""
    found = call("POST", "/automations/filter", {"automations": {"name": {"any_": [NAME]}}})
    good = [one["id"] for one in found if _is_as_wanted(one)]
    for one in found:
        if one["id"] not in good[:1]:
            call("DELETE", f"/automations/{one['id']}")
    if not good:
        call("POST", "/automations/", AUTOMATION)


def _is_as_wanted(found: dict[str, Any]) -> bool:
    return _covers(found, AUTOMATION)


def _covers(found: Any, wanted: Any) -> bool:
    """Whether all we want is there; Prefect adds ids and defaults, and keeps no order."""
    if isinstance(wanted, dict):
        return all(_covers(found.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list) and all(isinstance(one, dict) for one in wanted):
        return len(found) == len(wanted) and all(map(_covers, found, wanted))
    return bool(sorted(found) == sorted(wanted)) if isinstance(wanted, list) else bool(found == wanted)
