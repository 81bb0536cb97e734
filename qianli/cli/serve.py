"""`qianli serve`, `up`, `deploy` and `reconcile`: what runs for long, where it runs, what picks up the pieces."""

import math
from typing import Annotated

import typer

from qianli import launch
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.cli.drive import LABELS
from qianli.errors import EngineMissing
from qianli.settings import ROOT, settings
from qianli.stages import courier_accounts
from qianli.stages.reconcile import Driven, codes, reconcile_inline, worked_on

LEFT_ALONE = (
    "活动 {codes} 正有别的进程在做，没有去动。如果做它的机器已经停了，{minutes} 分钟后再运行一次；"
    "不等了，就把原来的命令加上 --inline 再运行。"
)
Host = Annotated[str | None, typer.Option(help="监听地址；不写则用 QIANLI_WEB_HOST。")]
Port = Annotated[int | None, typer.Option(help="监听端口；不写则用 QIANLI_WEB_PORT。")]


def serve(host: Host = None, port: Port = None) -> None:
    """只提供网页（确认收到的页面）。"""
    from qianli.web import server  # noqa: PLC0415 - every other command would pay for loading the web

    host, port = host or settings().web_host, port or settings().web_port
    say(f"网页：http://{host}:{port}/（按 Ctrl-C 停止）")
    say(courier_accounts.sentence())
    server.run(host, port)


def up() -> None:
    """网页、本机 Prefect 服务和全部定时流程一起运行，直到按 Ctrl-C。"""
    say(courier_accounts.sentence())
    launch.up(say)


def deploy(as_json: JsonOption = False) -> None:
    """把流程登记到您自己的 Prefect 服务：工作池、全部流程、失联检查。再运行一次也无妨。"""
    done = launch.deploy()
    emit(done, as_json=as_json, show=lambda: _show_deployed(done))


def _show_deployed(done: launch.Deployed) -> None:
    say(f"已登记到 {settings().prefect_api_url}：")
    say(f"  工作池 {done.pool}（{done.pool_type}），流程 {'、'.join(done.deployments)}，失联检查 {done.automation}。")
    say(f"执行流程的机器上请运行“prefect worker start --pool {done.pool}”，程序要放在同一目录：{ROOT}")


def reconcile(as_json: JsonOption = False) -> None:
    """找出停住或中断的工作，接着做完。"""
    cleared, busy = _runs()
    driven = reconcile_inline(by=context.by(), skip=busy)
    left_alone = codes(busy | worked_on())
    data = {"cleared_runs": cleared, "driven": driven, "left_alone": left_alone}
    emit(data, as_json=as_json, show=lambda: _show(cleared, driven, left_alone))


def _runs() -> tuple[int, set[int]]:
    """Flow runs cleared, and campaigns a living run works on; without a server there are none of either."""
    try:
        return launch.clear_stale_runs(), launch.active_campaigns()
    except EngineMissing:
        return 0, set()


def _show(cleared: int, driven: list[Driven], left_alone: list[str]) -> None:
    if cleared:
        say(f"清理了 {cleared} 次中断的流程运行。")
    if left_alone:
        say(LEFT_ALONE.format(codes="、".join(left_alone), minutes=math.ceil(settings().lease_s / 60)))
    if driven:
        rows = [(one.campaign, LABELS[one.work], one.refused or "已接着做完") for one in driven]
        table("接着做的工作", ["活动", "工作", "结果"], rows)
    elif not left_alone:
        say("没有停住的工作。")
