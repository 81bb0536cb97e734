"""`qianli courier …`: couriers with an interface of their own, and the codes they speak in."""

from typing import Annotated

import typer

from models import DeliveredTo, Tracking
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.cli.interface_accounts import show_accounts
from qianli.stages import code_mappings, courier_accounts
from qianli.stages.code_mappings import UnknownCode
from qianli.stages.unit import day_of
from qianli.state_words import DELIVERED_TO, TRACKING

app = typer.Typer(help="快递公司：接口、看不懂的状态码。", no_args_is_help=True)
STATES = "；".join(f"{state} {words}" for state, words in TRACKING.items())
RECEIVERS = "；".join(f"{to} {words}" for to, words in DELIVERED_TO.items())


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出有接口的快递公司：哪家接通了，还缺什么，能做什么。"""
    show_accounts(courier_accounts.overview(), title="快递接口", column="快递", as_json=as_json)


@app.command()
def unknown(as_json: JsonOption = False) -> None:
    """列出快递公司说了、系统还不认识的状态码，最常见的在前。"""
    found = code_mappings.unknown_codes()
    emit(found, as_json=as_json, show=lambda: _show(found))


def _show(found: list[UnknownCode]) -> None:
    if not found:
        say("没有不认识的状态码。")
        return
    rows = [[one.courier, one.code, one.count, day_of(one.since), one.example] for one in found]
    table("不认识的状态码", ["快递", "状态码", "次数", "最早", "原话（举例）"], rows)
    say("认定一个：qianli courier map 快递 状态码 状态；与包裹去向无关的，状态写 unknown。")


@app.command("map")
def map_(
    courier: Annotated[str, typer.Argument(metavar="COURIER", help="快递代码，见“courier unknown”。")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="快递公司的状态码或状态词，照原样写。")],
    state: Annotated[Tracking, typer.Argument(metavar="STATE", help=f"是什么状态：{STATES}。")],
    delivered_to: Annotated[
        DeliveredTo | None, typer.Option("--delivered-to", help=f"妥投的，由谁签收：{RECEIVERS}。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """认定一个状态码是什么意思，有关包裹随即重新判断；认错了再认一次即可。"""
    moved = code_mappings.map_code(courier, code, tracking=state, delivered_to=delivered_to, by=context.by())
    emit(
        {"courier": courier, "code": code, "state": state, "parcels": moved},
        as_json=as_json,
        show=lambda: say(f"已认定：{courier} 的“{code}”是“{TRACKING[state]}”，{moved} 件包裹的状态随之改变。"),
    )
