"""Purge: what members were told is erased after so many days, is."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="purge_campaigns", task_runner=runner(), persist_result=False)
async def purge_campaigns() -> Any:
    """Campaigns whose time is over, a campaign a task; then what belongs to no campaign."""
    return await run_steps("purge_campaigns")
