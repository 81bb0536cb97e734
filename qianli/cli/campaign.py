"""`qianli campaign`: a campaign from its definition to its end."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from models import ArtefactKind, CampaignState
from qianli.cli import long_lists, status_view
from qianli.cli.common import (
    FromLabelOption,
    InlineOption,
    JsonOption,
    SpreadsheetOption,
    context,
    emit,
    read_file,
    say,
    table,
)
from qianli.cli.drive import DriveResult, drive
from qianli.errors import BadInput
from qianli.kits.definition import FEN_A_YUAN, yuan
from qianli.stages import approve as approving
from qianli.stages import (
    audiences,
    campaigns,
    cancelling,
    closing,
    held,
    label_sheets,
    odds,
    postage,
    purging,
    rehearse,
)
from qianli.stages import status as statuses
from qianli.state_words import ARTEFACT, CAMPAIGN

app = typer.Typer(help="活动：从定义到结束。", no_args_is_help=True)
MOST_FEN = 10**12
MOST_CONSIGNMENTS = 10**7
Code = Annotated[str, typer.Argument(help="活动代码，如 QLCS-2027。", metavar="CODE")]


@app.command()
def new(file: Path, as_json: JsonOption = False) -> None:
    """按定义文件（YAML）新建活动。"""
    made = campaigns.new_campaign(
        read_file(file), read_beside=lambda name: read_file(file.parent / name), by=context.by()
    )

    def show() -> None:
        say(f"活动 {made.code}（{made.name}）{'已建立' if made.added else '已经有了，没有变化'}。")
        for warning in made.warnings:
            say(f"请注意：{warning}")
        say(f"下一步：qianli campaign prepare {made.code}")

    emit(made, as_json=as_json, show=show)


@app.command()
def audience(
    which: Annotated[str, typer.Argument(metavar="FILE|CODE", help="活动定义文件，或已建立的活动的代码。")],
    as_json: JsonOption = False,
) -> None:
    """先数一数寄给谁：共多少人，各组织多少人。"""
    path = Path(which)
    is_file = path.suffix.lower() in (".yaml", ".yml") or path.is_file()
    found = audiences.of_file(read_file(path)) if is_file else audiences.of_code(which)

    def show() -> None:
        say(f"按 {found.on} 的情况，共 {found.members} 人。")
        table("各组织", ["组织", "人数"], [(one.organisation, one.members) for one in found.branches])
        if found.place_unknown:
            say(f"另有 {found.place_unknown} 人不知道住在哪个省，没有算进来；补上地址后再数。")
        if found.away_unknown:
            say(f"另有 {found.away_unknown} 人不知道何时外出，没有算进来；补上外出时间后再数。")

    emit(found, as_json=as_json, show=show)


@app.command("list")
def list_campaigns(as_json: JsonOption = False) -> None:
    """所有活动。"""
    rows = campaigns.list_campaigns()
    emit(
        rows,
        as_json=as_json,
        show=lambda: table(
            "活动",
            ["代码", "名称", "状态"],
            [(row["code"], row["name"], CAMPAIGN[CampaignState(row["state"])]) for row in rows],
        ),
    )


@app.command()
def cancel(code: Code, as_json: JsonOption = False) -> None:
    """取消活动；已交寄的照常跟踪到底。"""
    done = cancelling.cancel_campaign(code, by=context.by())
    emit(done, as_json=as_json, show=lambda: say(done.sentence))


@app.command()
def prepare(code: Code, inline: InlineOption = False, as_json: JsonOption = False) -> None:
    """为每名党员确定地址，分出可寄与暂缓。"""
    _driven("prepare_campaign", code, inline=inline, as_json=as_json, after=f"qianli campaign holds {code}")


@app.command()
def fulfil(
    code: Code, from_label: FromLabelOption = None, inline: InlineOption = False, as_json: JsonOption = False
) -> None:
    """编包裹，打印书信、装箱单、面单、拣货单和交接单草稿。"""
    if from_label is not None:
        label_sheets.begin_on(code, from_label, by=context.by())
    _driven("fulfil_campaign", code, inline=inline, as_json=as_json, after=f"qianli campaign documents {code}")


def _driven(flow: str, code: str, *, inline: bool, as_json: bool, after: str) -> None:
    result: DriveResult = drive(flow, campaigns.ask(code, flow, by=context.by()), inline=inline)
    found = statuses.status(code)
    data = {"flow_run": result.run_name, "consignments": found["consignments"], "parcels": found["parcels"]}

    def show() -> None:
        if result.run_name:
            say(f"流程 {flow} 已完成，运行名称：{result.run_name}。")
        counts = found["consignments"]
        going = sum(counts.values()) - counts.get("held", 0)
        say(f"共 {sum(counts.values())} 份：暂缓 {counts.get('held', 0)} 份，其余 {going} 份。")
        for sentence in odds.told(code) if flow == "prepare_campaign" else ():
            say(f"请注意：{sentence}")
        if flow == "fulfil_campaign" and counts.get("held"):
            say(f"暂缓的人和下一步：qianli campaign holds {code}")
        if flow == "fulfil_campaign" and (left := found["open"]["to_fulfil"]):
            say(f"还有 {left} 份原来的包裹作废了，要编进新包裹：再运行一次 qianli campaign fulfil {code}")
        say(f"查看：{after}")

    emit(data, as_json=as_json, show=show)


@app.command()
def holds(
    code: Code,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """谁暂时不能寄、为什么、下一步做什么。"""
    rows = held.holds(code)
    if xlsx is not None:
        held.write_holds(xlsx, rows)

    def show() -> None:
        columns = ["编号", "姓名", "原因", "下一步"]
        long_lists.by_reason((row.sentence for row in rows), unit="份")
        shown = [(row.number, row.member, row.sentence, row.next_step) for row in rows]
        long_lists.first("暂缓寄送", columns, shown, whole="全部请加 --xlsx 存成表格，改好可以导回来。")
        if xlsx is not None:
            say(f"表格已存为 {xlsx}，里面有个人信息。改好后导入：qianli member import {xlsx} --organisation 组织")

    emit(rows, as_json=as_json, show=show)


@app.command(name="rehearse")
def rehearse_campaign(code: Code, as_json: JsonOption = False) -> None:
    """预演：用白话说清会发生什么，并出样张。"""
    done = rehearse.rehearse(code, by=context.by())

    def show() -> None:
        for line in done.sentences:
            say(line)
        say(f"样张：{done.path}")

    emit(done, as_json=as_json, show=show)


@app.command()
def approve(
    code: Code,
    consignments: Annotated[
        int | None, typer.Option(min=0, max=MOST_CONSIGNMENTS, help="最多批准多少份；不写则为全部。")
    ] = None,
    amount: Annotated[str | None, typer.Option("--yuan", help="最多批准多少元；不写则按预计费用。")] = None,
    as_json: JsonOption = False,
) -> None:
    """批准；在此之前不打印任何东西，批准时预留库存。"""
    fen = None if amount is None else _fen(amount)
    said = postage.told(code)  # of what is signed for; afterwards short stock may hold some of it
    done = approving.approve(code, by=context.by(), limit=consignments, amount_fen=fen)

    def show() -> None:
        say(f"已批准 {done.consignments} 份，金额不超过 {yuan(done.amount_fen)}。")
        for sentence in (*done.data_goes_to, *done.by_interface, *said):
            say(sentence)
        say(f"可寄 {done.ready} 份，暂缓 {done.held} 份。下一步：qianli campaign fulfil {code}")

    emit(done, as_json=as_json, show=show)


def _fen(amount: str) -> int:
    try:
        fen = Decimal(amount) * FEN_A_YUAN
        if fen == int(fen) and 0 <= fen <= MOST_FEN:
            return int(fen)
    except (ArithmeticError, ValueError) as error:
        raise BadInput("金额应写成 1234.50 这样的数字。") from error
    raise BadInput("金额应是 0 元以上、最多两位小数的数字，如 1234.50。")


@app.command()
def documents(code: Code, as_json: JsonOption = False) -> None:
    """所有文件：种类、页数、位置、校验和、印次。"""
    rows = campaigns.documents(code)
    columns = ["种类", "位置", "页数", "校验和", "印次"]
    shown = [
        (
            ARTEFACT[ArtefactKind(str(r["kind"]))],
            "（已清除）" if r["deleted_at"] else r["path"],
            r["pages"],
            str(r["sha256"])[:12],
            r["print_run"],
        )
        for r in rows
    ]

    def show() -> None:
        table("文件", columns, shown)
        served: dict[str, set[str]] = {}
        for row in rows:
            for family, characters in row["faces"].items():
                served.setdefault(family, set()).update(characters)
        for family, some in sorted(served.items()):
            say(f"生僻字用字体 {family}：{' '.join(sorted(some))}")

    emit(rows, as_json=as_json, show=show)


@app.command()
def status(code: Code, as_json: JsonOption = False) -> None:
    """走到哪一步：各状态的份数、暂缓、问题、谁在等什么。"""
    found = statuses.status(code)
    emit(found, as_json=as_json, show=lambda: status_view.show(found))


@app.command()
def close(
    code: Code,
    unconfirmed: Annotated[str | None, typer.Option(metavar="REASON", help="仍有人未确认时，写明理由后结束。")] = None,
    as_json: JsonOption = False,
) -> None:
    """办结活动，出结项报告。"""
    done = closing.close(code, unconfirmed=unconfirmed, by=context.by())
    emit(done, as_json=as_json, show=lambda: say(f"活动 {code} 已办结。结项报告：{'、'.join(done.paths)}"))


@app.command()
def purge(
    code: Code,
    reason: Annotated[
        str | None, typer.Option("--now", metavar="REASON", help="保留期未满时，写明理由提前清除。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """清除已结束活动的个人信息：保留期满后每夜自动进行，也可以用这条命令。"""
    done = purging.purge(code, reason=reason, by=context.by())

    def show() -> None:
        say(f"活动 {code} 的个人信息{'此前已经清除' if done.already else '已清除'}：")
        say(f"清空 {sum(done.rows.values())} 条记录，删除 {done.files} 个文件；统计、校验和和原来的结项报告仍保留。")
        if not done.finished:
            say("数据库正被别的程序占用，腾出的旧页面还没有抹掉；今夜会自动接着做，也可以稍后再运行一次本命令。")
        say("提醒：此前做的备份里还有这些信息，请按规定一并销毁。")

    emit(done, as_json=as_json, show=show)
