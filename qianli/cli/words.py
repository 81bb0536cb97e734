"""All first words of `qianli`: what each is for, and where it is. A command loads what it needs, not all there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True)
class Word:
    """What it is for, as its own help says too; its module and name in it; commands of other modules under it."""

    says: str
    at: str
    more: Mapping[str, str] = field(default_factory=dict)


#: In the order in which help lists them.
WORDS = {
    "init": Word("建立数据库，或升级到当前版本。", "database:init"),
    "organisation": Word(
        "组织：上下级、类别，各有多少党员。",
        "organisation:app",
        {
            "seal": "imprint:seal",
            "signature": "imprint:signature",
            "imprints": "imprint:list_",
            "withdraw": "imprint:withdraw",
        },
    ),
    "user": Word("用户：谁可以登录工作台。", "user:app"),
    "member": Word(
        "党员台账：导入、导出、查看。",
        "member:app",
        {
            "show": "member_card:show",
            "host": "member_card:host",
            "addresses": "residence:history",
            "move": "residence:move",
            "correct": "residence:correct",
            "verify": "residence:verify",
            "duplicates": "duplicates:duplicates",
            "merge": "duplicates:merge",
            "unmerge": "duplicates:unmerge",
            "distinct": "duplicates:distinct",
        },
    ),
    "ledger": Word("台账质量：六个掌握，月度核对。", "ledger:app"),
    "movement": Word("流动：流出地报外出，流入地登记到来（凡出必报、凡进必登）。", "movement:app"),
    "activity": Word("参加活动：导入签到表，或逐人登记；member show 里能看到。", "activity:app"),
    "programme": Word(
        "网上党支部：学习栏目、每日发布、学习页面、讨论、月报。",
        "programme:app",
        {
            "page": "programme_members:page",
            "links": "programme_members:links",
            "revoke": "programme_members:revoke",
            "notices": "programme_members:notices",
            "sheet": "programme_members:sheet",
            "wants": "programme_members:wants",
            "contributions": "programme_members:contributions",
            "release": "programme_members:release",
            "silent": "programme_members:silent",
            "calls": "programme_members:calls",
        },
    ),
    "address": Word("地址：识别省、市、县和门牌。", "address:app"),
    "item": Word("物品与库存。", "item:app"),
    "kit": Word("资料包。", "item:kit_app"),
    "campaign": Word(
        "活动：从定义到结束。",
        "campaign:app",
        {"moved": "moved:moved", "ask": "address_round:ask", "answer": "address_round:answer", "sample": "sample:draw"},
    ),
    "sample": Word("抽样核实：随机抽人，打电话或上门问收到没有。", "sample:app"),
    "letter": Word("书信：占位符、文稿和版本、样张。", "letter:app"),
    "print": Word("打印：印次、打坏、重印、数目核对。", "print_room:app"),
    "parcel": Word(
        "包裹：装箱、补寄、收回退件。",
        "parcel:app",
        {
            "book": "booking:book",
            "unbook": "booking:unbook",
            "waybills": "courier_files:waybills",
            "events": "courier_files:events",
        },
    ),
    "courier": Word("快递公司：接口、看不懂的状态码。", "courier:app"),
    "channel": Word("消息渠道：短信、微信、邮件的接口。", "channel:app"),
    "message": Word("消息：短信、微信、邮件，到时间发出，每条只发一次。", "message:app"),
    "call": Word("电话：要打给谁、由谁打、怎么说。", "call:app"),
    "manifest": Word("交接单：封单、交接。", "manifest:app"),
    "invoice": Word("快递公司的账单：导入，与预算邮资逐件核对。", "invoice:app"),
    "consignment": Word("寄送：一名党员在一次活动里的一份。", "consignment:app"),
    "case": Word("问题：寄出后的退件、丢失、缺少、破损等，逐件处理。", "case:app"),
    "receipt": Word("收件答复：登记和查看党员说收到没有。", "receipt:app"),
    "journal": Word("从头到尾发生了什么：谁、何时、做了什么。", "journal:journal"),
    "fonts": Word("印制文书的字体：按什么顺序用、本机有没有；写上姓名，看每个字用哪种字体印。", "fonts:fonts"),
    "backup": Word("把数据库和全部文件备份成一个文件；不必停机。", "backup:backup"),
    "restore": Word("把备份恢复到空的数据库和空的文件目录。", "backup:restore"),
    "reconcile": Word("找出停住或中断的工作，接着做完。", "serve:reconcile"),
    "serve": Word("只提供网页（确认收到的页面）。", "serve:serve"),
    "up": Word("网页、本机 Prefect 服务和全部定时流程一起运行，直到按 Ctrl-C。", "serve:up"),
    "deploy": Word("把流程登记到您自己的 Prefect 服务：工作池、全部流程、失联检查。再运行一次也无妨。", "serve:deploy"),
    "demo": Word(
        "运行两个示例活动和学习栏目，从台账到确认收到，两分钟左右；或用 --members 看一个省的规模。", "demo:demo"
    ),
}


class Words(TyperGroup):
    """Lists all words at once; the one that is typed is loaded."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self.commands = {name: TyperCommand(name, help=word.says) for name, word in WORDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The real command in place of what stands for it in the list."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else None, rest


@cache
def loaded(name: str) -> Any:
    """The command or the group of commands of this first word, of which there is one."""
    word = WORDS[name]
    found = _found(word.at)
    if isinstance(found, typer.Typer):
        for under, at in word.more.items():
            found.command(under)(_found(at))
        made: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        made = typer.main.get_command(alone)
    made.name = name
    return made


def _found(at: str) -> Any:
    module, _, name = at.partition(":")
    return getattr(import_module(f"qianli.cli.{module}"), name)
