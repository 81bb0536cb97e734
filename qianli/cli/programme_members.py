"""`qianli programme`, the part with members: pages, links, discussions, calls."""

from pathlib import Path
from typing import Annotated

import typer

from qianli.cli.common import JsonOption, SpreadsheetOption, context, emit, say, table
from qianli.cli.message import show_sheets
from qianli.cli.programme import Code
from qianli.errors import BadInput
from qianli.folding import HIGHEST_ID, whole_number
from qianli.ledger import phones
from qianli.stages import discussions, message_sheets, study_calls, study_links, study_months, study_telling
from qianli.stages.study_calls import StudyCalls, ToCall
from qianli.stages.study_telling import Told
from qianli.stages.unit import today
from qianli.store.messages import BY_HAND

Branch = Annotated[str, typer.Argument(metavar="ORGANISATION", help="哪个组织。")]
THROUGH = "消息账号，见 channel list；file 是人工发。"
ToList = Annotated[bool, typer.Option("--list", help="列入电话名单（一个月每人一次），打了登记结果。")]
WRITTEN = "已存为 {path}。含个人信息，用完请删除。"


def page(
    code: Code,
    organisation: Branch,
    close: Annotated[bool, typer.Option("--close", help="关闭：链接外泄时用；再运行一次就是新的链接。")] = False,
    as_json: JsonOption = False,
) -> None:
    """开设一个组织的学习页面，给出发到群里的链接。"""
    if close:
        was_open = study_links.close_page(code, organisation, by=context.by())
        emit(
            {"closed": was_open},
            as_json=as_json,
            show=lambda: say("已关闭，原来的链接不能用了。" if was_open else "没有开设过，或者早已关闭。"),
        )
        return
    found = study_links.open_page(code, organisation, by=context.by())
    emit(found, as_json=as_json, show=lambda: say(f"{found.organisation}的学习页面：{found.url}"))


def notices(
    code: Code,
    through: Annotated[
        str, typer.Option("--through", help="消息账号，见 channel list；file 是人工发。", metavar="ACCOUNT")
    ] = "",
    group: Annotated[str, typer.Option("--group", help="改为提醒这个组织的群。", metavar="ORGANISATION")] = "",
    off: Annotated[bool, typer.Option("--off", help="不再提醒。")] = False,
    as_json: JsonOption = False,
) -> None:
    """有新内容时由哪个消息账号提醒：愿意收的党员，或（--group）一个组织的群。"""
    if bool(through) is off:
        raise BadInput("请用 --through 写明用哪个消息账号，或用 --off 停止提醒。")
    if group:
        told = study_telling.group_through(code, group, through, by=context.by())
    else:
        told = study_telling.members_through(code, through, by=context.by())
    emit(told, as_json=as_json, show=lambda: say(_told(told, group)))


def _told(told: Told, group: str) -> str:
    whom = f"{group}的群" if group else "愿意收的党员（一周最多一条）"
    if not told.account:
        return f"不再提醒{whom}。"
    goes = f"数据将提供给{told.name}（{told.third_party_data}）。" if told.third_party_data else ""
    if told.account == BY_HAND:
        return f"有新内容时由人工提醒{whom}：用“programme sheet”出表，发完用“message results”登记。"
    return f"有新内容时由“{told.account}”提醒{whom}。{goes}"


def sheet(code: Code, as_json: JsonOption = False) -> None:
    """由人工发的新内容提醒列成一张表：发给谁、哪个群，发什么；每条只列一次，发完用 message results 登记。"""
    show_sheets(message_sheets.give_out_study(code, by=context.by()), as_json=as_json)


def wants(
    code: Code,
    members: Annotated[list[str], typer.Argument(metavar="MEMBER...", help="党员编号，见 member list。")],
    stop: Annotated[bool, typer.Option("--stop", help="改为登记不再要提醒。")] = False,
    as_json: JsonOption = False,
) -> None:
    """登记这些党员愿意收新内容提醒；本人也可以在自己的学习页面上点。"""
    count = study_telling.note_wanted(code, members, wanted=not stop, by=context.by())
    word = "不再提醒" if stop else "愿意收提醒"
    emit({"changed": count}, as_json=as_json, show=lambda: say(f"登记了 {count} 人{word}。"))


def revoke(
    code: Code,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="党员编号，见 member list。")],
    as_json: JsonOption = False,
) -> None:
    """换掉一名党员自己的学习链接：外泄了用；再运行 programme links 就是新链接。"""
    done = study_telling.revoke(code, member, by=context.by())
    said = "原来的链接不能用了，请重新导出链接发给本人。" if done else "这名党员还没有自己的学习链接。"
    emit({"revoked": done}, as_json=as_json, show=lambda: say(said))


def links(
    code: Code,
    organisation: Branch,
    xlsx: Annotated[Path, typer.Option("--xlsx", help="存成的表格，以 .xlsx 或 .csv 结尾。", metavar="FILE")],
    as_json: JsonOption = False,
) -> None:
    """每名党员自己的学习链接，存成表格，逐人发给本人；本人从它进来才能点“我学过了”。"""
    found = study_links.own_links(code, organisation, by=context.by())
    study_links.write_links(xlsx, found)
    emit(
        {"members": len(found), "path": str(xlsx)},
        as_json=as_json,
        show=lambda: say(f"{len(found)} 人的学习链接{WRITTEN.format(path=xlsx)}"),
    )


def contributions(
    code: Code,
    organisation: Branch,
    everything: Annotated[bool, typer.Option("--all", help="已经公开的也列出来。")] = False,
    as_json: JsonOption = False,
) -> None:
    """本组织党员在讨论里写的发言，等支部看过再公开。"""
    found = discussions.contributions(code, organisation, released=None if everything else False)
    rows = [
        [
            f"{one.id}:{one.version}", one.item, one.name, one.text, one.written_on,
            "已公开" if one.released else "待看",
        ]
        for one in found
    ]  # fmt: skip
    columns = ["编号:版本", "讨论", "姓名", "发言", "日期", ""]
    emit(found, as_json=as_json, show=lambda: table(f"讨论发言（{len(found)} 篇）", columns, rows))


def release(
    code: Code,
    organisation: Branch,
    read: Annotated[
        list[str],
        typer.Argument(metavar="ID:VERSION...", help="看过的发言，照 programme contributions 列出的“编号:版本”写。"),
    ],
    as_json: JsonOption = False,
) -> None:
    """公开看过的发言：同组织的人在讨论页面上看得到，姓名隐去一部分；看过以后本人又改了的，不公开。"""
    count = discussions.release(code, organisation, dict(map(_read, read)), by=context.by())
    emit({"released": count}, as_json=as_json, show=lambda: say(f"公开 {count} 篇。"))


def _read(written: str) -> tuple[int, str]:
    """The contribution that was read, and which version of it."""
    id_, _, version = written.partition(":")
    number = whole_number(id_, HIGHEST_ID)
    if not number or not version:
        raise BadInput(f"“{written}”不对，请照 programme contributions 列出的“编号:版本”写。")
    return number, version


def silent(
    code: Code,
    organisation: Branch,
    to_list: ToList = False,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """本支部 90 天以上没有参加的：请打电话问候。只看这一个支部，不含下级。"""
    added = study_calls.list_silent(code, organisation, by=context.by()) if to_list else None
    found = study_calls.silent(code, organisation)
    if xlsx is not None:
        study_calls.write_calls(xlsx, found)

    def show() -> None:
        _show_people("请打电话问候", found, xlsx)
        _show_added(added)

    emit({"people": _hidden(found), "added": added}, as_json=as_json, show=show)


def calls(
    code: Code,
    organisation: Branch,
    month: Annotated[str | None, typer.Option("--month", help="哪个月的内容，如 2026-12；不写就是本月。")] = None,
    to_list: ToList = False,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """没有智能手机的党员（台账里“是否使用智能手机”写了否的），和可以在电话里念的内容。"""
    which = study_months.read_month(month) if month else today()
    added = study_calls.list_calls(code, which, organisation, by=context.by()) if to_list else None
    found = study_calls.calls(code, which, organisation)
    if xlsx is not None:
        study_calls.write_calls(xlsx, found.people)

    def show() -> None:
        _show_calls(found, xlsx)
        _show_added(added)

    emit({"people": _hidden(found.people), "items": found.items, "added": added}, as_json=as_json, show=show)


def _hidden(found: list[ToCall]) -> list[dict[str, object]]:
    """Whole telephone numbers stand in the spreadsheet only."""
    return [
        {
            "member": one.member, "name": one.name, "phone": phones.masked(one.phone) if one.phone else None,
            "last": one.noted,
        }
        for one in found
    ]  # fmt: skip


def _show_added(added: int | None) -> None:
    if added is not None:
        on_it = f"新列入电话名单 {added} 人；结果在工作台“打电话”页登记。"
        say(on_it if added else "没有新列入的：都在名单上，或者这个月打过了。")


def _show_people(title: str, found: list[ToCall], xlsx: Path | None) -> None:
    rows = [[one.member, one.name, phones.masked(one.phone) if one.phone else "没有电话", one.noted] for one in found]
    table(f"{title}（{len(found)} 人）", ["编号", "姓名", "电话", "上次"], rows)
    if xlsx is not None:
        say(f"带电话的名单{WRITTEN.format(path=xlsx)}")


def _show_calls(found: StudyCalls, xlsx: Path | None) -> None:
    _show_people("电话送学", found.people, xlsx)
    for one in found.items:
        say(f"【{one.column}】{one.title}")
        say(one.words)
