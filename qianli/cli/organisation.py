"""`qianli organisation`: the tree of branches, and how many members belong to each."""

from typing import Annotated

import typer

from models import OrganisationKind
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.stages import organisations
from qianli.state_words import ORGANISATION
from qianli.store.organisation_tree import Node

app = typer.Typer(help="组织：上下级、类别，各有多少党员。", no_args_is_help=True)

KINDS = "；".join(f"{kind} {word}" for kind, word in ORGANISATION.items())
Path = Annotated[str, typer.Argument(help="组织名称；同名的写成“上级/下级”。", metavar="ORG")]
KindOption = Annotated[OrganisationKind, typer.Option("--kind", help=f"类别：{KINDS}。")]
ListKind = Annotated[OrganisationKind | None, typer.Option("--kind", help="只看这一类。")]
UnderOption = Annotated[str | None, typer.Option("--under", help="只看这个组织和它的下级。")]


@app.command()
def add(path: Path, kind: KindOption = OrganisationKind.party_branch, as_json: JsonOption = False) -> None:
    """登记组织；路径上还没有的上级一并登记。"""
    added = organisations.add(path, kind=kind, by=context.by())
    emit(
        {"path": path, "kind": kind, "added": added},
        as_json=as_json,
        show=lambda: say(f"“{path}”（{ORGANISATION[kind]}）{'已登记' if added else '已经有了，没有变化'}。"),
    )


@app.command()
def change(
    path: Path,
    name: Annotated[str | None, typer.Option("--name", help="新名称。")] = None,
    kind: Annotated[OrganisationKind | None, typer.Option("--kind", help=f"新类别：{KINDS}。")] = None,
    as_json: JsonOption = False,
) -> None:
    """改名称或类别；党员和下级跟着走。"""
    changed = organisations.change(path, name=name, kind=kind, by=context.by())
    emit(
        {"path": path, "changed": changed},
        as_json=as_json,
        show=lambda: say(f"“{path}”{'已改好' if changed else '本来就是这样，没有变化'}。"),
    )


@app.command()
def move(
    path: Path,
    under: Annotated[str | None, typer.Option("--under", help="移到这个组织下面。")] = None,
    top: Annotated[bool, typer.Option("--top", help="移到最上级。")] = False,
    as_json: JsonOption = False,
) -> None:
    """连同下级和党员，移到另一个组织下面。"""
    if (under is None) != top:
        raise BadInput("请写明移到哪里：--under 上级组织，或 --top。")
    moved = organisations.move(path, under=under, by=context.by())
    said = f"“{path}”{'已移到' if moved else '本来就在'}{f'“{under}”下面' if under else '最上级'}。"
    emit({"path": path, "under": under, "moved": moved}, as_json=as_json, show=lambda: say(said))


@app.command("list")
def list_(under: UnderOption = None, kind: ListKind = None, as_json: JsonOption = False) -> None:
    """列出组织，一行一个，写全上级。"""
    found = [one for one in organisations.tree(under) if kind in (None, one.kind)]
    rows = [[one.path, ORGANISATION[one.kind], one.home, one.hosted] for one in found]
    columns = ["组织", "类别", "本组织党员", "接收管理"]
    emit(found, as_json=as_json, show=lambda: table(f"组织（{len(found)} 个）", columns, rows))


@app.command()
def show(path: Annotated[str | None, typer.Argument(metavar="ORG")] = None, as_json: JsonOption = False) -> None:
    """上下级一目了然：每个组织自己的党员，和连同下级的合计。"""
    found = organisations.tree(path)
    columns = ["组织", "类别", "本组织党员", "连下级", "接收管理", "连下级"]
    emit(found, as_json=as_json, show=lambda: table("组织树", columns, [_row(one) for one in found]))


def _row(one: Node) -> list[object]:
    return ["　" * one.depth + one.name, ORGANISATION[one.kind], one.home, one.all_home, one.hosted, one.all_hosted]
