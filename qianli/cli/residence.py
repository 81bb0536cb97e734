"""`qianli member addresses`, `move`, `correct`, `verify`: where a member lives, looked at and written down by hand."""

import sys
from datetime import date
from typing import Annotated

import typer

from models import AddressStatus, ResidenceKind
from qianli.cli.address import STATUS_WORDS as STATUS
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.stages import address_history, addresses
from qianli.stages.address_history import History, Lived
from qianli.stages.addresses import Changed

KIND = {ResidenceKind.main: "常住", ResidenceKind.temporary: "临时"}
DONE = {
    "moved": "已登记{place}的住址",
    "corrected": "已更正{place}的住址，原来登记的仍可查看",
    "verified": "已记下核实{place}的住址",
    "nothing": "{place}的住址早已如此登记，没有改动",
}
Member = Annotated[int, typer.Argument(metavar="ID", help="党员编号，见 member list。", min=1, max=2**31 - 1)]
Version = Annotated[
    int | None, typer.Option("--version", help="您看到的版本（member addresses 里有）；别人改过就不写入。")
]
Address = Annotated[
    str | None, typer.Option("--address", help="地址，照本人说的写；写“-”从标准输入读，不留在命令记录里。")
]


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise BadInput(f"日期“{written}”不对，请写成 2027-01-20 这样。") from error


def _read(address: str | None) -> str | None:
    return sys.stdin.read() if address == "-" else address


def history(
    member: Member,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="看哪一天住在哪里，默认今天。")] = None,
    known: Annotated[
        str | None, typer.Option("--known", metavar="DATE", help="按到这一天为止登记的情况看，默认按现在。")
    ] = None,
    whole: Annotated[bool, typer.Option("--show", help="显示完整的姓名和地址。")] = False,
    as_json: JsonOption = False,
) -> None:
    """一名党员住过、住在、将住在哪里；哪一条在那天算数。"""
    found = address_history.history(member, on=_day(on), known=_day(known), whole=whole)
    emit(found, as_json=as_json, show=lambda: _show(found))


def _show(found: History) -> None:
    then = f"，按 {found.known} 为止登记的情况" if found.known else ""
    table(
        f"{found.member} {found.name} 的住址（版本 {found.version}）：{found.on} 这一天{then}",
        ["", "编号", "种类", "自", "至", "地址", "读得", "登记于", "核实于", "来源", ""],
        [_row(one) for one in found.residences],
    )
    if not any(one.in_force for one in found.residences):
        say("这一天没有算数的住址。")


def _row(one: Lived) -> tuple[object, ...]:
    return (
        "→" if one.in_force else "", one.residence, KIND[one.kind], one.since, one.until, one.address,
        STATUS[one.status], one.reported_on, one.verified_on, one.source, "已作废" if one.superseded_at else "",
    )  # fmt: skip


def move(
    member: Member,
    address: Address = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="从哪天起住在那里，默认今天；可以是将来。")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="临时住到哪天（那天已不在）。")] = None,
    temporary: Annotated[bool, typer.Option("--temporary", help="临时住址，期间以它为准，过后回到常住的。")] = False,
    version: Version = None,
    as_json: JsonOption = False,
) -> None:
    """登记搬家，或者临时住处。"""
    written = _read(address)
    if written is None:
        raise BadInput("请写新的地址：--address 地址。")
    done = addresses.move(
        member, address=written, since=_day(since), until=_day(until), temporary=temporary, version=version,
        by=context.by(),
    )  # fmt: skip
    emit(done, as_json=as_json, show=lambda: _say(done))


def correct(
    residence: Annotated[int, typer.Argument(metavar="RESIDENCE", help="住址编号，见 member addresses。", min=1)],
    address: Address = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="其实从哪天起。")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="其实到哪天为止（那天已不在）。")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="这一条登记错了，作废。")] = False,
    version: Version = None,
    as_json: JsonOption = False,
) -> None:
    """更正登记错了的一条住址；原来登记的保留，可以看出当时是怎么认为的。"""
    done = addresses.correct(
        residence, address=_read(address), since=_day(since), until=_day(until), remove=remove, version=version,
        by=context.by(),
    )  # fmt: skip
    emit(done, as_json=as_json, show=lambda: _say(done))


def verify(
    members: Annotated[list[int], typer.Argument(metavar="ID...", help="党员编号，可写多个。")],
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="哪天核实的，默认今天。")] = None,
    version: Version = None,
    as_json: JsonOption = False,
) -> None:
    """打过电话或见过面，现在的住址没有错。"""
    done = addresses.verify(members, on=_day(on), version=version, by=context.by())
    emit(done, as_json=as_json, show=lambda: _say(*done))


def _say(*all_done: Changed) -> None:
    for done in all_done:
        said = DONE[done.what].format(place=done.division or "（读不出省市县）")
        unread = (
            f"；地址{STATUS[done.status]}，寄送时会暂缓"
            if done.status and done.status is not AddressStatus.exact
            else ""
        )
        say(f"党员 {done.member}：{said}{unread}。")
