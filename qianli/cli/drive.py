"""Driving a flow from a command: in this process, or through Prefect with the wait shown."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from qianli import launch
from qianli.cli.common import progress
from qianli.errors import QianliError, RuleBroken
from qianli.settings import settings
from qianli.stages import reconcile, steps

LABELS = {
    "judge": "核对地址",
    "settle": "分配库存与批准额度",
    "plan": "编包裹",
    "book": "向快递公司订运单号",
    "papers": "出文件",
    "prepare_campaign": "准备",
    "fulfil_campaign": "编包裹、出文件",
    "manifest_papers": "出交接单",
    "unbook": "向快递公司撤销运单",
    "pushes": "读快递公司的推送",
    "closing_report": "出结项报告",
    "address_round": "结束到期的住址核对",
}


@dataclass(frozen=True)
class DriveResult:
    """What was run; `run_name` is None for --inline."""

    flow: str
    run_name: str | None
    message: str


class _Bar(ExitStack):
    """One progress bar after another: a new one when the label or the total changes."""

    def __init__(self) -> None:
        super().__init__()
        self.showing: tuple[str, int | None] | None = None
        self.done: Callable[[int], None] = lambda _count: None

    def show(self, label: str, done: int, total: int | None) -> None:
        """Show `done` of `total` under this label."""
        if (label, total) != self.showing:
            self.close()
            self.done = self.enter_context(progress(LABELS[label], total))
            self.showing = (label, total)
        self.done(done)

    def __enter__(self) -> Self:
        return self


def book(campaign_id: int) -> None:
    """Book in this process what waits, and show how far it is."""
    with _Bar() as bar:
        steps.book_inline(campaign_id, progress=bar.show)


def drive(flow: str, campaign_id: int, *, inline: bool) -> DriveResult:
    """Run a flow of a campaign to its end. A refusal inside it comes back as its own sentence."""
    with _Bar() as bar:
        if inline:
            steps.run_inline(flow, campaign_id, progress=bar.show)
            if campaign_id in reconcile.worked_on():
                _refuse_unfinished(flow, campaign_id)
            return DriveResult(flow, None, "")
        result = _through_prefect(flow, campaign_id, bar)
    if result.refused:
        raise RuleBroken(result.message, campaign_id=campaign_id)
    if not result.done:
        raise QianliError(
            f"流程 {flow}（{result.name}）中途停下了，做完的部分都有效。请运行“qianli reconcile”接着做；"
            f"如果再停，请把 {settings().prefect_home / 'flows.log'} 交给技术人员。"
        )
    _refuse_unfinished(flow, campaign_id)
    return DriveResult(flow, result.name, result.message)


def _refuse_unfinished(flow: str, campaign_id: int) -> None:
    """QianliError if something is left though we are through: another process took it over, and is not."""
    if waiting := reconcile.left(flow, campaign_id):
        raise QianliError(
            f"还有 {waiting} 项被另一个进程占着。如果它仍在运行，请稍候；如果已经中断，请运行“qianli reconcile”。"
        )


def _through_prefect(flow: str, campaign_id: int, bar: _Bar) -> launch.RunResult:
    most = 0

    def look() -> None:
        nonlocal most
        waiting = reconcile.left(flow, campaign_id)
        most = max(most, waiting)
        bar.show(flow, most - waiting, most or None)

    return launch.wait_for(launch.start_flow(flow, campaign_id), look)
