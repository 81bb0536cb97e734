"""Fulfil: parcels, references, print runs, and every paper."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="fulfil_campaign", task_runner=runner(), persist_result=False)
async def fulfil_campaign(campaign_id: int, place: str | None = None) -> Any:
    """Plan all that has to go into parcels, then make their papers, one print run a task."""
    return await run_steps("fulfil_campaign", campaign_id, place)
