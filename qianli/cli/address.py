"""`qianli address`: reading addresses as people write them."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from qianli.addresses.parse import Address, read_pasted
from qianli.cli.common import JsonOption, read_file, table
from qianli.errors import BadInput
from qianli.ledger.encodings import decode

app = typer.Typer(help="地址：识别省、市、县和门牌。", no_args_is_help=True)

STATUS_WORDS = {"exact": "完整", "incomplete": "不完整", "ambiguous": "有歧义"}

TextArgument = Annotated[
    list[str] | None, typer.Argument(help="地址，或者一行一个地址的文本文件；不写则从标准输入读。", show_default=False)
]


@app.command()
def parse(text: TextArgument = None, as_json: JsonOption = False) -> None:
    """识别地址：省、市、县（旧名换成现名）、乡镇、门牌，以及同在一处的姓名、电话、邮编。"""
    read = [one for part in _texts(text or ["-"]) for one in read_pasted(part)]
    if as_json:
        sys.stdout.writelines(json.dumps(_told(one), ensure_ascii=False) + "\n" for one in read)
    else:
        _show(read)


def _texts(arguments: list[str]) -> Iterator[str]:
    """What stands in the arguments themselves, in the files they name, or on standard input (`-`)."""
    for one in arguments:
        if one == "-":
            yield _decoded(sys.stdin.buffer.read())
        elif os.path.isfile(one):  # noqa: PTH113 - Path.is_file refuses texts too long for a name
            yield _decoded(read_file(Path(one)))
        else:
            yield one


def _decoded(content: bytes) -> str:
    try:
        return decode(content)
    except BadInput as error:
        raise BadInput("这不是文本，或文字编码认不出来。请给 UTF-8 或 GB18030 编码的文本，一行一个地址。") from error


def _told(address: Address) -> dict[str, Any]:
    """The keys of --json; a level that does not exist or is not known is null, the township is not said twice."""
    township = address.township
    return {
        "province": address.province,
        "city": address.city,
        "district": address.district,
        "township": township,
        "detail": address.detail.removeprefix(township or "").lstrip(" ,"),
        "name": address.name,
        "phone": address.phone,
        "postcode": address.postcode,
        "status": str(address.status),
        "candidates": list(address.candidates),
        "was": address.was,
        "outside": address.outside,
    }


def _show(read: list[Address]) -> None:
    table(
        f"地址（{len(read)} 个）",
        ["省、市、县", "其余", "姓名", "电话", "邮编", "结果", "说明"],
        [
            [
                one.place(),
                one.detail,
                one.name or "",
                one.phone or "",
                one.postcode or "",
                STATUS_WORDS[one.status],
                _remark(one),
            ]
            for one in read
        ],
    )


def _remark(one: Address) -> str:
    said = [f"原写作{one.was}"] if one.was else []
    if one.candidates:
        said.append(f"可能是：{'、'.join(one.candidates)}")
    if one.outside:
        said.append(f"在{one.outside}")
    return "；".join(said)
