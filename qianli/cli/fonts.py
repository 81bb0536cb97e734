"""`qianli fonts`: what this machine can print, and with which face."""

from typing import Annotated

import typer

from qianli.cli.common import JsonOption, emit, say, table
from qianli.stages import faces

Text = Annotated[str, typer.Argument(help="要查的字，例如一个姓名；不写就列出字体。", metavar="[TEXT]")]


def fonts(text: Text = "", as_json: JsonOption = False) -> None:
    """印制文书的字体：按什么顺序用、本机有没有；写上姓名，看每个字用哪种字体印。"""
    if text:
        _show_served(text, as_json=as_json)
        return
    found = faces.families()

    def show() -> None:
        rows = [(one.family, one.serves, "有" if one.here else "没有", one.package) for one in found]
        table("字体（按先后顺序取用）", ["字体", "用途", "本机", "安装包"], rows)
        for sentence in faces.lacking():
            say(sentence)

    emit(found, as_json=as_json, show=show)


def _show_served(text: str, *, as_json: bool) -> None:
    found = faces.served(text)

    def show() -> None:
        rows = [(one.character, one.code, one.family or "没有字体能印") for one in found]
        table("每个字用的字体", ["字", "编码", "字体"], rows)
        if any(one.family is None for one in found):
            say("没有字体能印的字：核对是否录错；确为生僻字的，请技术人员添加字体并写进 QIANLI_FONTS。")

    emit(found, as_json=as_json, show=show)
