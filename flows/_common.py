"""What every flow does alike: sign for its process, run shards as tasks, hand back a refusal as a sentence."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from prefect import task
from prefect.client.orchestration import get_client
from prefect.futures import PrefectFuture, wait
from prefect.runtime import flow_run, task_run
from prefect.states import Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from qianli.errors import (
    ConfigurationError,
    Conflict,
    DatabaseUnavailable,
    InterfaceUnavailable,
    LayoutFailed,
    QianliError,
    RuleBroken,
    StorageUnavailable,
)
from qianli.launch.runs import REFUSED
from qianli.processes import here
from qianli.settings import ROOT, settings
from qianli.stages import (
    following,
    ladders,
    messages,
    movements,
    publishing,
    purging,
    pushes,
    reviewing,
    saying,
    study_closing,
    tracking_cases,
)
from qianli.stages.steps import STEPS as OF_CAMPAIGNS
from qianli.stages.steps import Step
from qianli.store import schema

FRAMES = 6
PASSING = (Conflict, DatabaseUnavailable, InterfaceUnavailable, LayoutFailed, StorageUnavailable)
ELSEWHERE = "应答的 Prefect 服务连着另一个数据库，什么也没有做；请核对 QIANLI_DATABASE_URL，或加 --inline。"
STEPS: dict[str, tuple[Step, ...]] = {
    **OF_CAMPAIGNS,
    "track_parcels": (
        Step("pushes", pushes.shards, pushes.run),
        Step("strays", saying.shards, saying.run),
        Step("track", tracking_cases.shards, tracking_cases.run),
        Step("ask", following.shards, following.run),
    ),
    "send_messages": (Step("send", messages.shards, messages.run),),
    "chase_receipts": (Step("chase", ladders.shards, ladders.run),),
    "review_ledger": (
        Step("branches", reviewing.branch_shards, reviewing.branch_run),
        Step("office", reviewing.office_shards, reviewing.office_run),
    ),
    "match_movements": (Step("match", movements.shards, movements.run),),
    "publish_items": (
        Step("publish", publishing.shards, publishing.run),
        Step("months", study_closing.shards, study_closing.run),
    ),
    "purge_campaigns": (
        Step("purge", purging.shards, purging.run),
        Step("sweep", purging.sweep_shards, purging.sweep),
    ),
}
EVERY_CAMPAIGN = 0


class ShardFailed(Exception):
    """An unexpected error, told without what it carried: Prefect's database must hold no personal data."""


@contextmanager
def without_data() -> Iterator[None]:
    """Let refusals through; turn any other error into its kind and where it happened, without its message."""
    try:
        yield
    except QianliError:
        raise
    except Exception as error:  # noqa: BLE001 - every kind may carry a row in its message
        raise ShardFailed(_told(error)) from None


def _told(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)[1:][-FRAMES:]  # the first is without_data itself
    return f"{type(error).__name__}: " + " > ".join(f"{_shown(one.filename)}:{one.lineno} {one.name}" for one in frames)


def _shown(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def _is_passing(_task: object, _run: object, state: Any) -> bool:
    """Whether another try may help: not after a refusal, unless it passes by itself."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, PASSING) or not isinstance(error, QianliError)


@task(
    name="run_shard",
    task_run_name="{step}-{shard_id}",
    retries=2,
    retry_delay_seconds=[1, 5],
    retry_condition_fn=_is_passing,
    persist_result=False,
)
def run_shard(flow: str, step: str, shard_id: int) -> None:
    """Do one shard. A second try holds the first one's claim already, so it takes it over."""
    with without_data():
        step_named(flow, step).run(shard_id, take_over=(task_run.run_count or 1) > 1)


def step_named(flow: str, name: str) -> Step:
    """One row of the table of steps."""
    return next(step for step in STEPS[flow] if step.name == name)


def runner() -> TaskRunner[PrefectFuture[Any]]:
    """What does the shards of a run, as QIANLI_TASK_RUNNER says.

    In this process they go one after another: drawing pages holds the interpreter. Dask has processes of its own, on a
    scheduler that runs already or on a cluster for this run alone; they import us by name and are handed ids only.
    """
    if settings().task_runner == "dask":
        return _dask(settings().dask_scheduler)
    return cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=1))


def _dask(scheduler: str | None) -> TaskRunner[PrefectFuture[Any]]:
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - an extra; it takes a second to import
    except ImportError as error:
        raise ConfigurationError("QIANLI_TASK_RUNNER=dask 需要另外安装：pip install '.[dask]'。") from error
    own = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    made = DaskTaskRunner(address=scheduler) if scheduler else DaskTaskRunner(cluster_kwargs=own)
    return cast("TaskRunner[PrefectFuture[Any]]", made)


async def run_steps(flow: str, campaign_id: int = EVERY_CAMPAIGN, place: str | None = None) -> Any:
    """The steps of a flow in order, each cut into shards; the state's message counts them.

    `place` is where the one who asked keeps the data; work asked of another installation's server is refused.
    """

    async def steps() -> dict[str, int]:
        if place not in (None, settings().place):
            raise RuleBroken(ELSEWHERE, campaign_id=campaign_id)
        await asyncio.to_thread(schema.require_current, settings().database_url)
        counts = {}
        for step in STEPS[flow]:
            with without_data():
                ids = await asyncio.to_thread(step.shards, campaign_id)
            futures = [run_shard.submit(flow, step.name, shard_id) for shard_id in ids]
            await asyncio.to_thread(wait, futures)
            for future in futures:
                await asyncio.to_thread(future.result)
            counts[step.name] = len(ids)
        return counts

    return await told(steps)


async def told(work: Callable[[], Awaitable[Mapping[str, int]]]) -> Any:
    """The final state: counts when the work was done, a refusal's own sentence when a rule refused it."""
    await _sign()
    try:
        counts = await work()
    except QianliError as refusal:
        return Failed(name=REFUSED, message="\n".join([refusal.message, *getattr(refusal, "problems", [])]))
    return Completed(message=", ".join(f"{name} {count}" for name, count in counts.items()))


async def _sign() -> None:
    """Note host and process on the run, so that it can be cleared when the process is gone."""
    async with get_client() as client:
        await client.update_flow_run(flow_run.id, infrastructure_pid=here())
