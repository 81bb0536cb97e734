"""`qianli member`: importing ledgers, sending them out to be corrected, looking at members."""

from pathlib import Path
from typing import Annotated

import typer

from models import AddressStatus
from qianli.cli import long_lists
from qianli.cli.common import JsonOption, context, day, emit, read_file, say, stages_of, table
from qianli.stages.exporting import NOTICE, Exported, export_members
from qianli.stages.importing import ImportResult, import_members
from qianli.stages.member_marks import Marked, mark_deceased, mark_do_not_contact
from qianli.stages.members import MemberLine, list_members
from qianli.state_words import ADDRESS

app = typer.Typer(help="党员台账：导入、导出、查看。", no_args_is_help=True)

ADDRESS_WORDS: dict[AddressStatus | None, str] = {None: "没有地址"} | ADDRESS

MemberArgument = Annotated[str, typer.Argument(metavar="ID", help="党员编号（见 member list），或表格里的行标识。")]
FileArgument = Annotated[Path, typer.Argument(help="台账文件：XLSX，或 UTF-8、GB18030 编码的 CSV。")]
OrganisationOption = Annotated[str, typer.Option("--organisation", help="党员所属组织；下级写作“上级/下级”。")]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="只导入这一张工作表。")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="只检查，不写入。")]


@app.command("import")
def import_(
    file: FileArgument,
    organisation: OrganisationOption,
    sheet: SheetOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """导入党员台账：好的行入册，有问题的行写进待改表。同一文件再导一次，什么也不会变。"""
    content = read_file(file)
    with stages_of("正在读取台账", None) as told:
        result = import_members(
            content,
            filename=file.name,
            organisation=organisation,
            sheet=sheet,
            dry_run=dry_run,
            told=told,
            by=context.by(),
        )
    emit(result, as_json=as_json, show=lambda: _show(result, dry_run=dry_run))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="存到哪里，文件名以 .xlsx 或 .csv 结尾。")],
    organisation: Annotated[str, typer.Option("--organisation", help="导出这个组织和它的下级。")],
    as_json: JsonOption = False,
) -> None:
    """导出台账，改好后可以再导入：按“行标识”认人，姓名、日期、电话、地址都能改。"""
    done = export_members(file, organisation=organisation)
    emit(done, as_json=as_json, show=lambda: _show_exported(done, organisation))


def _show_exported(done: Exported, organisation: str) -> None:
    say(f"{done.organisation}的台账已存为 {done.path}，共 {done.members} 人。")
    say(NOTICE)
    say(f"改好后：qianli member import {done.path} --organisation {organisation}")


@app.command()
def deceased(
    member: MemberArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="去世日期，不写则记今天。")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="登记错了，撤销。")] = False,
    as_json: JsonOption = False,
) -> None:
    """登记党员去世：以后不寄、不联系，还没有交寄的都停下来。"""
    done = mark_deceased(member, on=day(on) if on else None, undo=undo, by=context.by())
    emit(done, as_json=as_json, show=lambda: _show_marked(done, "已撤销去世登记" if undo else "已登记去世"))


@app.command("do-not-contact")
def do_not_contact(
    member: MemberArgument,
    undo: Annotated[bool, typer.Option("--undo", help="本人改了主意，可以联系。")] = False,
    as_json: JsonOption = False,
) -> None:
    """登记本人要求不再联系；还没有交寄的都停下来。"""
    done = mark_do_not_contact(member, undo=undo, by=context.by())
    emit(done, as_json=as_json, show=lambda: _show_marked(done, "可以联系" if undo else "已登记不再联系"))


def _show_marked(done: Marked, said: str) -> None:
    say(f"{done.name}（编号 {done.member_id}）：{said if done.changed else '本来就是这样，没有变化'}。")
    for sentence in done.withheld.sentences():
        say(sentence)
    if done.changed and not done.withheld.held:
        say("正在进行的活动，请各运行一次“campaign prepare”。")


@app.command("list")
def list_(
    organisation: Annotated[str | None, typer.Option("--organisation", help="只看这个组织和它的下级。")] = None,
    as_json: JsonOption = False,
) -> None:
    """列出党员；电话只显示首尾几位。"""
    lines = list_members(organisation=organisation)
    emit(lines, as_json=as_json, show=lambda: _show_members(lines))


def _show(result: ImportResult, *, dry_run: bool) -> None:
    title = "检查结果（没有写入）" if dry_run else "导入结果"
    refused = len({(problem.sheet, problem.row) for problem in result.rejected})
    table(
        title,
        ["新增", "有变化", "没有变化", "退回"],
        [[f"{result.added} 人", f"{result.changed} 人", f"{result.unchanged} 人", f"{refused} 行"]],
    )
    long_lists.problems(result.rejected, result.notices, result.fix_file)


def _show_members(lines: list[MemberLine]) -> None:
    table(
        f"党员（{len(lines)} 人）",
        ["编号", "姓名", "组织", "电话", "现居住地", "地址", "登记于", "外出自"],
        [
            [
                line.id,
                line.name,
                line.organisation,
                line.phone or "无",
                line.lives_in or "",
                ADDRESS_WORDS[line.address_status],
                line.reported_on or "",
                line.away_since or "",
            ]
            for line in lines
        ],
    )
