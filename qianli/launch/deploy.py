"""Making a Prefect server of one's own ready: the work pool, every deployment, the automation against zombies."""

import subprocess
import sys
from dataclasses import dataclass

from qianli import private
from qianli.errors import ConfigurationError
from qianli.launch.api import call
from qianli.launch.children import environment
from qianli.launch.zombies import NAME, install_automation
from qianli.settings import ROOT, settings

POOL = "qianli"
POOL_TYPE = "process"


@dataclass(frozen=True)
class Deployed:
    """What a Prefect server knows of us now."""

    pool: str
    pool_type: str
    deployments: list[str]
    automation: str


def deploy() -> Deployed:
    """Register everything with the configured server. Twice is the same as once; a pool that is there stays."""
    if call("GET", f"/work_pools/{POOL}") is None:
        _prefect("work-pool", "create", POOL, "--type", POOL_TYPE)
    _prefect("--no-prompt", "deploy", "--all")
    install_automation()
    there = call("POST", "/deployments/filter", {"work_pools": {"name": {"any_": [POOL]}}})
    names = sorted(str(one["name"]) for one in there)
    return Deployed(POOL, str(call("GET", f"/work_pools/{POOL}")["type"]), names, NAME)


def _prefect(*words: str) -> None:
    """Prefect's own command, in our checkout: workers look for the flows where this was run."""
    log = private.file(settings().prefect_home / "deploy.log")
    with log.open("wb") as output:
        done = subprocess.run(  # noqa: S603 - Prefect's own module and our words, no shell
            [sys.executable, "-m", "prefect", *words],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise ConfigurationError(f"登记流程没有成功：“prefect {' '.join(words)}”中途退出。请查看日志：{log}")
