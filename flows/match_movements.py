"""Movements: pairs what home and host report, and asks after what only one of them did."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="match_movements", task_runner=runner(), persist_result=False)
async def match_movements() -> Any:
    """One shard; movements belong to no campaign."""
    return await run_steps("match_movements")
