"""The sharded steps of a campaign's life, by flow. Flows wrap shards in tasks; --inline and tests loop over the table.

`shards(campaign_id)` gives what is still to do and may write rows; `run(shard_id, take_over=…)` does one of them and
returns at once when it is done already. A step begins when the one before it has no shards left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from qianli.stages import papers, plan, prepare


class Run(Protocol):
    """How one shard is done."""

    def __call__(self, shard_id: int, *, take_over: bool = False) -> None:
        """Do it; `take_over` ignores another worker's lease."""


@dataclass(frozen=True)
class Step:
    """One step: its shards, and how one is done."""

    name: str
    shards: Callable[[int], list[int]]
    run: Run


STEPS: dict[str, tuple[Step, ...]] = {
    "prepare_campaign": (
        Step("judge", prepare.judge_shards, prepare.judge_run),
        Step("settle", prepare.settle_shards, prepare.settle_run),
    ),
    "fulfil_campaign": (
        Step("plan", plan.shards_to_plan, plan.run),
        Step("papers", papers.shards, papers.run),
    ),
}


def run_inline(flow: str, campaign_id: int, *, progress: Callable[[str, int, int], None] | None = None) -> None:
    """Run a flow's steps in this process, one shard after another, taking over what another left behind.

    `progress(step, done, total)` is called before and after each shard.
    """
    for step in STEPS[flow]:
        ids = step.shards(campaign_id)
        for done, shard_id in enumerate(ids):
            if progress:
                progress(step.name, done, len(ids))
            step.run(shard_id, take_over=True)
        if progress:
            progress(step.name, len(ids), len(ids))
