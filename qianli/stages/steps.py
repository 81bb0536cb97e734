"""The sharded steps of a campaign's life, by flow. Flows wrap shards in tasks; --inline and tests loop over the table.

`shards(campaign_id)` gives what is still to do and may write rows; `run(shard_id, take_over=…)` does one of them and
returns at once when it is done already. A step begins when the one before it has no shards left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qianli.stages import booking, papers, plan, prepare


class Run(Protocol):
    """How one shard is done."""

    def __call__(self, shard_id: int, *, take_over: bool = False) -> None:
        """Do it; `take_over` ignores another worker's lease."""


def _nothing(_campaign_id: int) -> list[int]:
    return []


@dataclass(frozen=True)
class Step:
    """One step: its shards (a new round is opened if need be), how one is done, which were begun and not ended."""

    name: str
    shards: Callable[[int], list[int]]
    run: Run
    begun: Callable[[int], list[int]] = _nothing


STEPS: dict[str, tuple[Step, ...]] = {
    "prepare_campaign": (
        Step("judge", prepare.judge_shards, prepare.judge_run, prepare.judge_begun),
        Step("settle", prepare.settle_shards, prepare.settle_run, prepare.settle_shards),
    ),
    "fulfil_campaign": (
        Step("plan", plan.shards_to_plan, plan.run, plan.begun),
        Step("book", booking.shards, booking.run, booking.shards),
        Step("papers", papers.shards, papers.run, papers.shards),
    ),
}
Progress = Callable[[str, int, int], None]


def run_inline(flow: str, campaign_id: int, *, progress: Progress | None = None) -> None:
    """Run a flow's steps in this process, one shard after another, taking over what another left behind.

    `progress(step, done, total)` is called before and after each shard.
    """
    for step in STEPS[flow]:
        _run_each(step, step.shards(campaign_id), progress, take_over=True)


def book_inline(campaign_id: int, *, progress: Progress | None = None) -> None:
    """Book what is planned and waits, without making papers."""
    step = next(step for step in STEPS["fulfil_campaign"] if step.name == "book")
    _run_each(step, step.shards(campaign_id), progress, take_over=True)


def finish_inline(flow: str, campaign_id: int) -> None:
    """Finish what was begun of a flow, and nothing that nobody asked for yet or that another worker holds."""
    for step in STEPS[flow]:
        _run_each(step, step.begun(campaign_id), None, take_over=False)


def _run_each(step: Step, ids: Sequence[int], progress: Progress | None, *, take_over: bool) -> None:
    """Every shard is tried, whatever became of those before it; then the first failure is raised."""
    failures: list[Exception] = []
    for done, shard_id in enumerate(ids):
        if progress:
            progress(step.name, done, len(ids))
        try:
            step.run(shard_id, take_over=take_over)
        except Exception as error:  # noqa: BLE001 - one failing shard never takes the others down
            failures.append(error)
    if progress:
        progress(step.name, len(ids), len(ids))
    if failures:
        raise failures[0]
