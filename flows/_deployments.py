"""The deployments of prefect.yaml, read for serving them from one process."""

from pathlib import Path
from typing import Any

import yaml
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from qianli.settings import ROOT

FILE = ROOT / "prefect.yaml"


def declared(file: Path = FILE) -> list[dict[str, Any]]:
    """What prefect.yaml says, one mapping a deployment."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return list(content["deployments"])


def deployment(entry: dict[str, Any], *, scheduled: bool = True) -> RunnerDeployment:
    """One deployment as the runner wants it, with its schedules at rest if it is not `scheduled`.

    A flow that cannot be imported stops us here, not at its first run.
    """
    flow: Flow[..., Any] = load_flow_from_entrypoint(entry["entrypoint"], use_placeholder_flow=False)
    made = flow.to_deployment(
        entry["name"],
        schedules=[
            Cron(one["cron"], timezone=one["timezone"], active=one["active"] and scheduled, slug=one["slug"])
            for one in entry.get("schedules", [])
        ],
        concurrency_limit=ConcurrencyLimitConfig(**entry["concurrency_limit"]),
        description=entry["description"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    if not isinstance(made, RunnerDeployment):
        raise TypeError(f"{entry['name']} was deployed from inside an event loop")
    return made
