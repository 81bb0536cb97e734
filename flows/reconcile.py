"""Reconcile: clears runs whose process is gone and finishes what stands still."""

import asyncio
from typing import Any

from prefect import flow, task
from prefect.futures import wait

from flows._common import runner, told, without_data
from qianli.launch import active_campaigns, clear_stale_runs
from qianli.stages import reconcile as stage
from qianli.stages.unit import SYSTEM


@task(name="finish_work", persist_result=False)
def finish_work(work: str, campaign_id: int) -> bool:
    """Drive one piece of work on; False if a rule refuses it, which its campaign's status shows."""
    with without_data():
        return stage.finish(stage.Unfinished(work, campaign_id), by=SYSTEM) is None


@flow(name="reconcile", task_runner=runner(), persist_result=False)
async def reconcile() -> Any:
    """Leave alone what a living run works on; everything else that is unfinished is taken over."""

    async def work() -> dict[str, int]:
        cleared = await asyncio.to_thread(clear_stale_runs)
        busy = await asyncio.to_thread(active_campaigns)
        found = await asyncio.to_thread(stage.unfinished, skip=busy)
        futures = [finish_work.submit(one.work, one.campaign_id) for one in found]
        await asyncio.to_thread(wait, futures)
        finished = [await asyncio.to_thread(future.result) for future in futures]
        return {"cleared": cleared, "finished": sum(finished), "refused": len(finished) - sum(finished)}

    return await told(work)
