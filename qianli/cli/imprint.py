"""`qianli organisation seal` and its neighbours: pictures that stand under letters."""

from pathlib import Path
from typing import Annotated

import typer

from models import ImprintKind
from qianli.cli.common import JsonOption, context, emit, read_file, say, table
from qianli.stages import imprints
from qianli.stages.imprints import WORDS, ImprintLine

Organisation = Annotated[str, typer.Argument(help="组织名称；同名的写成“上级/下级”。", metavar="ORG")]
Picture = Annotated[Path, typer.Argument(help="PNG 图片，白底或透明底都可以。", metavar="FILE")]
Width = Annotated[int | None, typer.Option("--width-mm", help="印出来多宽，毫米。", metavar="N")]


def seal(organisation: Organisation, file: Picture, width_mm: Width = None, as_json: JsonOption = False) -> None:
    """登记组织的印章；换新的，旧的停用。由管理员办理。"""
    _put(organisation, ImprintKind.seal, file, width_mm, as_json=as_json)


def signature(organisation: Organisation, file: Picture, width_mm: Width = None, as_json: JsonOption = False) -> None:
    """登记写信人的手写签名；换新的，旧的停用。由管理员办理。"""
    _put(organisation, ImprintKind.signature, file, width_mm, as_json=as_json)


def list_(organisation: Organisation, as_json: JsonOption = False) -> None:
    """组织登记了哪些印章、签名。"""
    lines = imprints.list_imprints(organisation)
    rows = [[WORDS[one.kind], f"{one.width_mm} 毫米", one.sha256[:12], one.added_at.date()] for one in lines]
    emit(lines, as_json=as_json, show=lambda: table("印章和签名", ["种类", "宽", "校验和", "登记于"], rows))


def withdraw(
    organisation: Organisation,
    kind: Annotated[ImprintKind, typer.Argument(help="seal 印章；signature 手写签名。", metavar="KIND")],
    as_json: JsonOption = False,
) -> None:
    """停用印章或签名：没有打印的书信不再用它。"""
    imprints.withdraw(organisation, kind, by=context.by())
    emit(
        {"organisation": organisation, "kind": kind},
        as_json=as_json,
        show=lambda: say(f"“{organisation}”的{WORDS[kind]}已停用；要用它的活动，需登记新的并重新批准。"),
    )


def _put(organisation: str, kind: ImprintKind, file: Path, width_mm: int | None, *, as_json: bool) -> None:
    line: ImprintLine = imprints.put(organisation, kind, read_file(file), width_mm=width_mm, by=context.by())
    sentence = (
        f"“{organisation}”的{WORDS[kind]}已登记，印出来宽 {line.width_mm} 毫米。"
        f"活动定义里写了 imprints: [{kind.value}] 的书信，批准以后才印；样张和预演上没有。"
    )
    emit(line, as_json=as_json, show=lambda: say(sentence))
