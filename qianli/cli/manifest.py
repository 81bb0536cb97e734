"""`qianli manifest`: sealing, unsealing, handing over, the list."""

from typing import Annotated

import typer

from models import ManifestState
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.stages import manifest_links, manifests
from qianli.stages.manifest_links import Linked, Revoked
from qianli.stages.manifests import HandoverResult, SealedManifest
from qianli.stages.unit import local
from qianli.stages.unsealing import Unsealed
from qianli.state_words import MANIFEST

app = typer.Typer(help="交接单：封单、交接。", no_args_is_help=True)
Code = Annotated[str, typer.Argument(metavar="CODE", help="活动代码。")]


@app.command()
def seal(code: Code, as_json: JsonOption = False) -> None:
    """为每家快递公司（每个账号）把装好箱的包裹封成一张交接单；页数太多时封成几张。"""
    found = manifests.seal(code, by=context.by())
    emit(found, as_json=as_json, show=lambda: _show_sealed(found))


def _show_sealed(found: list[SealedManifest]) -> None:
    if not any(one.new for one in found):
        say("没有新装箱的包裹要封单。")
    for one in found:
        state = "已封单" if one.new else "之前已封单，待交接"
        say(f"交接单 {one.number}（{one.courier_name}）{state}：{one.parcels} 件，{one.weight_g} 克。")
        for path in one.files:
            say(f"  {path}")
        say(f"  交接时：qianli manifest hand-over {one.number} --count {one.parcels}")


@app.command()
def unseal(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="交接单编号。")],
    reason: Annotated[str, typer.Option("--reason", help="为什么拆封；会长期留在记录里，不写姓名电话。")] = "",
    as_json: JsonOption = False,
) -> None:
    """拆封：还没有交接的交接单作废，里面的包裹可以重新封单。原来的文件保留。"""
    done = manifests.unseal(number, reason=reason, by=context.by())
    emit(done, as_json=as_json, show=lambda: _show_unsealed(done))


def _show_unsealed(done: Unsealed) -> None:
    say(f"交接单 {done.number} 已作废，{done.parcels} 件包裹可以重新封单：qianli manifest seal {done.campaign}")
    say("印出来的旧交接单请收回，以免照旧单交接。")


@app.command("hand-over")
def hand_over(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="交接单编号。")],
    count: Annotated[int | None, typer.Option("--count", help="快递公司当面清点、拿走的件数。")] = None,
    left: Annotated[list[str] | None, typer.Option("--left", metavar="REF", help="没有拿走的包裹，可写多次。")] = None,
    as_json: JsonOption = False,
) -> None:
    """登记交接：清点件数与交接单一致才算数。"""
    if count is None:
        raise BadInput("请用 --count 写明快递公司当面清点、拿走了几件。")
    result = manifests.hand_over(number, count=count, left=left or [], by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_handed_over(result))


def _show_handed_over(result: HandoverResult) -> None:
    if result.already:
        say(f"交接单 {result.number} 已交接过，数目相同，没有变化。")
        return
    say(f"交接单 {result.number} 已交接：{result.counted} 件。")
    if result.left:
        say(f"留下 {len(result.left)} 件：{'、'.join(result.left)}。它们可以再封进下一张交接单。")


@app.command()
def link(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="交接单编号。")],
    as_json: JsonOption = False,
) -> None:
    """快递员的链接：扫交接单末页的二维码就是它，可清点、签字、取表格，不用登录。撤销过的生成新的。"""
    found = manifest_links.link(number, by=context.by())
    emit(found, as_json=as_json, show=lambda: _show_link(found))


def _show_link(found: Linked) -> None:
    say(f"交接单 {found.number} 的链接：{found.url}")
    until = f"有效到 {local(found.expires_at):%Y-%m-%d %H:%M}。" if found.expires_at else "交接以前一直有效。"
    say(f"  {until}链接能看到收件人姓名和地址，只发给来取件的快递员。")
    if found.new:
        say("  这是新生成的；印在交接单上的旧二维码不能用了。")


@app.command()
def revoke(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="交接单编号。")],
    as_json: JsonOption = False,
) -> None:
    """撤销快递员的链接：立刻失效，交接单本身不变。"""
    done = manifest_links.revoke(number, by=context.by())
    emit(done, as_json=as_json, show=lambda: _show_revoked(done))


def _show_revoked(done: Revoked) -> None:
    if done.already:
        say(f"交接单 {done.number} 没有有效的链接，没有变化。")
        return
    say(f"交接单 {done.number} 的链接已撤销。需要新的：qianli manifest link {done.number}")


@app.command("list")
def list_manifests(code: Code, as_json: JsonOption = False) -> None:
    """活动的所有交接单。"""
    rows = manifests.list_manifests(code)
    columns = ["编号", "快递", "账号", "状态", "待交接", "已交接", "留下", "作废原因"]
    shown = [
        (
            one.number,
            one.courier_name,
            one.account,
            MANIFEST[ManifestState(one.state)],
            one.open,
            one.handed_over,
            one.left,
            one.why_void or "",
        )
        for one in rows
    ]

    def show() -> None:
        table("交接单", columns, shown)
        for one in rows:
            for reference, reason in one.left_behind:
                say(f"{one.number} 留下 {reference}：{reason or '没有说明原因'}")
            if one.record:
                say(f"{one.number} 快递员签过字的交接记录：{one.record}")

    emit(rows, as_json=as_json, show=show)
