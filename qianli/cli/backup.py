"""`qianli backup` and `qianli restore`."""

from pathlib import Path
from typing import Annotated

import typer

from qianli.cli.common import JsonOption, emit, say
from qianli.stages import backup as backing_up
from qianli.stages import restore as restoring

Target = Annotated[Path, typer.Argument(help="备份文件（新文件），如 /srv/backup/2027-01-20.zip。", metavar="FILE")]
Source = Annotated[Path, typer.Argument(help="要恢复的备份文件。", metavar="FILE")]
MB = 1_000_000


def backup(file: Target, as_json: JsonOption = False) -> None:
    """把数据库和全部文件备份成一个文件；不必停机。"""
    done = backing_up.backup(file)

    def show() -> None:
        say(f"已备份到 {done.file}（{done.bytes / MB:.1f} MB）：{done.rows} 条记录，{done.documents} 个文件。")
        _missing(done.missing)
        say("备份里有党员个人信息，文件只有您能读，请妥善保管；保留期过后一并销毁。")
        say("确认码的密钥 QIANLI_SECRET 不在备份里，请另行抄存：没有它，已寄出的信上的确认码就作废了。")

    emit(done, as_json=as_json, show=show)


def restore(file: Source, as_json: JsonOption = False) -> None:
    """把备份恢复到空的数据库和空的文件目录。"""
    done = restoring.restore(file)

    def show() -> None:
        say(f"已恢复 {done.created_at} 的备份：{done.rows} 条记录，{done.documents} 个文件，逐表逐件核对一致。")
        _missing(done.missing)
        say("请确认 QIANLI_SECRET 与备份时相同，否则信上的确认码不能用。")

    emit(done, as_json=as_json, show=show)


def _missing(paths: list[str]) -> None:
    if paths:
        say(f"请注意：有 {len(paths)} 个登记过的文件备份时已经找不到，或内容被改动，不在备份里：")
        for path in paths:
            say(f"  - {path}")
