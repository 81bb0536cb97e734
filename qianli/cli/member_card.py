"""`qianli member show` and `member host`: one member, and who looks after them."""

from typing import Annotated

import typer

from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.stages import member_card
from qianli.stages.member_card import MemberCard
from qianli.state_words import TOOK_PART

Member = Annotated[int, typer.Argument(metavar="ID", help="党员编号，见 member list。", min=1, max=2**31 - 1)]


def show(
    member: Member,
    whole: Annotated[bool, typer.Option("--show", help="显示完整的姓名、电话、地址。")] = False,
    as_json: JsonOption = False,
) -> None:
    """一名党员的情况：六个掌握、活动证、在哪个组织、参加了哪些活动。"""
    found = member_card.card(member, whole=whole)
    emit(found, as_json=as_json, show=lambda: _show(found))


def _show(found: MemberCard) -> None:
    certificate = found.certificate_number or ("（号码已隐去）" if found.certificate_issued_on else "")
    rows = [
        ("组织", found.home),
        ("流入地管理", found.host),
        ("出生", found.born),
        ("入党日期", found.joined_on),
        ("外出时间", found.away_since),
        ("从事职业", found.occupation),
        ("现居住地", found.lives_in),
        ("电话", found.phone),
        ("党费交至", found.dues_paid_until),
        ("活动证", certificate),
        ("活动证发证", found.certificate_issued_on),
        ("活动证查验", found.certificate_checked_on),
    ]
    table(f"{found.id} {found.name}", ["项目", "内容"], rows)
    if found.missing:
        say(f"六个掌握还缺：{found.missing}")
    if found.took_part:
        told = [(one.held_on, one.activity, TOOK_PART[one.how]) for one in found.took_part]
        table("参加活动", ["日期", "活动", "方式"], told)


def host(
    member: Member,
    organisation: Annotated[str | None, typer.Argument(metavar="ORG", help="流入地管理的组织。")] = None,
    none: Annotated[bool, typer.Option("--none", help="不再由流入地管理。")] = False,
    as_json: JsonOption = False,
) -> None:
    """登记流入地管理的组织（双重管理）；本人的组织关系不变。"""
    if (organisation is None) != none:
        raise BadInput("请写明由哪个组织管理，或加 --none 表示不再由流入地管理。")
    changed = member_card.host(member, organisation=organisation, by=context.by())
    said = f"{member} 号党员{f'由“{organisation}”参与管理' if organisation else '不再由流入地管理'}"
    emit(
        {"id": member, "host": organisation, "changed": changed},
        as_json=as_json,
        show=lambda: say(f"{said}。" if changed else f"{said}，早已如此登记，没有改动。"),
    )
