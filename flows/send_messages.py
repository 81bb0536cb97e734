"""Send: messages that are due, each once, an account a task."""

from typing import Any

from prefect import flow

from flows._common import run_steps, runner


@flow(name="send_messages", task_runner=runner(), persist_result=False)
async def send_messages() -> Any:
    """Send what is due through every channel that is on, within its limits and outside the quiet hours."""
    return await run_steps("send_messages")
