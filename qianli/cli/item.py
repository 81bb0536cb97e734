"""`qianli item` and `qianli kit`."""

from pathlib import Path
from typing import Annotated

import typer

from qianli.cli.common import JsonOption, context, emit, read_file, say, table
from qianli.stages import kits
from qianli.store.stock import Level

app = typer.Typer(help="物品与库存。", no_args_is_help=True)
kit_app = typer.Typer(help="资料包。", no_args_is_help=True)


def _row(level: Level) -> dict[str, object]:
    item = level.item
    return {
        "sku": item.sku,
        "name": item.name,
        "on_hand": level.on_hand,
        "reserved": level.reserved,
        "available": level.available,
    }


@app.command()
def receive(sku: str, quantity: Annotated[int, typer.Argument(metavar="N")], as_json: JsonOption = False) -> None:
    """登记入库：SKU 入库 N 件。"""
    level = kits.receive(sku, quantity, by=context.by())
    sentence = f"{level.item.name}：入库 {quantity}，现有 {level.on_hand}，可用 {level.available}。"
    emit(_row(level), as_json=as_json, show=lambda: say(sentence))


@app.command("list")
def list_items(as_json: JsonOption = False) -> None:
    """各种物品的库存。"""
    levels = [_row(level) for level in kits.stock_levels()]
    rows = [level.values() for level in levels]
    emit(
        levels,
        as_json=as_json,
        show=lambda: table("库存", ["编号", "名称", "现有", "已预留", "可用"], [list(row) for row in rows]),
    )


@kit_app.command("add")
def add_kit(file: Path, as_json: JsonOption = False) -> None:
    """登记资料包（YAML）；同一文件再登记一次没有变化，改动后是新版本。"""
    added = kits.add_kit(read_file(file), by=context.by(), read_beside=lambda name: read_file(file.parent / name))
    verb = "已登记" if added.added else "没有变化"
    sentence = f"资料包 {added.code} 第 {added.version} 版{verb}：{added.items} 种物品，每份 {added.weight_g} 克。"
    emit(added, as_json=as_json, show=lambda: say(sentence))
