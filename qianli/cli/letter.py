"""`qianli letter`: texts that organisers write, and how they will look."""

from pathlib import Path
from typing import Annotated

import typer

from qianli import private
from qianli.cli.common import JsonOption, context, emit, read_file, say, table
from qianli.errors import BadInput, StorageUnavailable
from qianli.stages import letter_files, letter_preview, letter_revising, letter_texts
from qianli.stages.letter_texts import TextLine

app = typer.Typer(help="书信：占位符、文稿和版本、样张。", no_args_is_help=True)
TEXT_COLUMNS = ["代码", "版本", "版式", "称呼", "字数", "写于", "用它的活动"]


@app.command()
def placeholders(as_json: JsonOption = False) -> None:
    """书信里可以用的占位符：代表什么，印出来什么样。"""
    lines = letter_texts.placeholders()

    def show() -> None:
        table("占位符", ["写法", "代表", "例如"], [[one.placeholder, one.label, one.sample] for one in lines])
        say("第一行写称呼，下面一行一段；要加重的字前后各写两个星号，如 **重点**。不能写网页标记和程序。")

    emit(lines, as_json=as_json, show=show)


@app.command()
def designs(as_json: JsonOption = False) -> None:
    """书信的各种版式，写在活动定义的 design 一项里。"""
    lines = letter_texts.list_designs()
    rows = [[one.design, one.label, one.face] for one in lines]
    emit(lines, as_json=as_json, show=lambda: table("版式", ["写法", "名称", "正文字体"], rows))


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """登记过的书信，各看最新一版。"""
    lines = letter_texts.list_texts()
    emit(lines, as_json=as_json, show=lambda: table("书信", TEXT_COLUMNS, map(_row, lines)))


@app.command()
def versions(
    code: Annotated[str, typer.Argument(help="书信代码，即登记它的活动代码。", metavar="CODE")],
    as_json: JsonOption = False,
) -> None:
    """一封书信的各个版本，从旧到新。"""
    lines = letter_texts.list_versions(code)
    emit(lines, as_json=as_json, show=lambda: table(f"书信 {code}", TEXT_COLUMNS, map(_row, lines)))


@app.command()
def revise(
    code: Annotated[str, typer.Argument(help="活动代码。", metavar="CODE")],
    file: Annotated[Path, typer.Argument(help="改好的书信文件。", metavar="FILE")],
    design: Annotated[str | None, typer.Option("--design", help="同时换一种版式。")] = None,
    as_json: JsonOption = False,
) -> None:
    """换上改好的书信，成为新的一版；开始寄送之前都可以，已有的批准随之作废。"""
    done = letter_revising.revise(code, read_file(file), file.name, design=design, by=context.by())

    def show() -> None:
        say(
            f"活动 {code} 的书信{f'已换成第 {done.version} 版' if done.changed else '没有变化'}（版式 {done.design}）。"
        )
        if done.changed:
            say(f"请看样张：qianli letter preview {code}；批准过的要重新批准。")

    emit(done, as_json=as_json, show=show)


def _row(one: TextLine) -> list[object]:
    version = f"{one.version}/{one.versions}"
    day = one.created_at.date()
    return [one.code, version, one.design, one.salutation, one.characters, day, "、".join(one.campaigns)]


@app.command()
def preview(
    text: Annotated[str, typer.Argument(help="书信文件，或登记过的书信代码（指定版本写作 代码@2）。", metavar="TEXT")],
    member: Annotated[int | None, typer.Option("--member", help="按这名党员填写；不写则用示例。", metavar="ID")] = None,
    design: Annotated[str | None, typer.Option("--design", help="换一种版式看。")] = None,
    campaign: Annotated[
        str | None, typer.Option("--campaign", help="落款、日期、随寄物品按这个活动。", metavar="CODE")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="存到哪里，文件名以 .pdf 或 .png 结尾。", metavar="FILE")] = Path(
        "letter-preview.pdf"
    ),
    as_json: JsonOption = False,
) -> None:
    """出一张样张：带“样张”水印，不盖章、不签名，确认码无效。"""
    kind = out.suffix.lower()
    if kind not in (".pdf", ".png"):
        raise BadInput("样张只能存成 .pdf 或 .png。")
    path = Path(text)
    stored = not path.is_file() and "/" not in text and not path.suffix
    words = letter_preview.from_stored(text) if stored else letter_preview.from_file(read_file(path), path.name)
    made = letter_preview.preview(words, member_id=member, design=design, campaign=campaign)
    files = _write(out, [made.pdf.content] if kind == ".pdf" else made.pictures())
    data = {"files": files, "pages": made.pdf.pages, "design": made.design, "missing": made.missing}

    def show() -> None:
        say(f"样张已存为 {'、'.join(map(str, files))}，共 {made.pdf.pages} 页{'，里面有个人信息' if member else ''}。")
        if made.missing:
            say(f"台账里没有的内容（样张里照原样印出占位符）：{'、'.join(made.missing)}。")

    emit(data, as_json=as_json, show=show)


@app.command()
def files(
    code: Annotated[str, typer.Argument(help="活动代码。", metavar="CODE")],
    as_json: JsonOption = False,
) -> None:
    """印过的书信另存成每人一个 PDF，文件名是编号；里面没有别人的任何内容。"""
    made = letter_files.write_letter_files(code, by=context.by())

    def show() -> None:
        say(f"共 {made.files} 封书信，每封一个文件，在 {made.folder} 里；里面有个人信息，活动清除时一并删除。")
        if made.remark:
            say(made.remark)

    emit(made, as_json=as_json, show=show)


def _write(out: Path, contents: list[bytes]) -> list[Path]:
    """One file a content; those after the first are numbered."""
    paths = [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, len(contents) + 1))]
    try:
        for path, content in zip(paths, contents, strict=True):
            private.file(path).write_bytes(content)
    except OSError as error:
        raise StorageUnavailable(f"文件写不了：{out}（{error.strerror}）") from error
    return paths
