"""Chase: who has the parcel, says the courier, and has not said so."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="chase_receipts", task_runner=runner(), persist_result=False)
async def chase_receipts() -> Any:
    """Take the steps of each campaign's ladder that are due: messages, calls, cases; a campaign a task."""
    return await run_steps("chase_receipts")
