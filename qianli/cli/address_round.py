"""`qianli campaign ask` and `answer`: before anything is sent, members are asked whether they still live there."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from models import RoundRule, SaidVia
from qianli.cli import common, long_lists
from qianli.cli.common import JsonOption, SpreadsheetOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.receipts.names import masked
from qianli.stages import address_rounds as stage
from qianli.stages import call_outcomes
from qianli.stages.address_rounds import Asking, ToAsk
from qianli.state_words import ADDRESS_SAID, ROUND_RULE, SAID_VIA

RULE = "到截止日没有答复的怎么办：keep 照寄；hold 暂缓；host_decides 由本人所在（流入地）组织决定。"


class Answer(StrEnum):
    """What came of asking."""

    still_here = "still_here"
    moved = "moved"
    unsure = "unsure"
    no_answer = "no_answer"
    wrong_number = "wrong_number"
    do_not_contact = "do_not_contact"


def ask(
    code: Annotated[str, typer.Argument(help="活动代码，如 QLCS-2027。", metavar="CODE")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="截止日（含当天），如 2027-01-05。")
    ] = None,
    rule: Annotated[RoundRule, typer.Option("--rule", help=RULE)] = RoundRule.keep,
    close: Annotated[bool, typer.Option("--close", help="现在就结束，不等截止日。")] = False,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """寄之前请本人核对住址；不写 --until 就看进展。--xlsx 存下还要问的人、电话、本人网页和怎么问。"""
    if close and until:
        raise BadInput("--until 和 --close 只能写一个。")
    if until:
        found = stage.ask(code, until=common.day(until), rule=rule, by=context.by())
    else:
        found = stage.close(code, by=context.by()) if close else stage.state(code)
    people = stage.to_ask(code)
    if xlsx is not None:
        stage.write_list(xlsx, people)
    emit(found, as_json=as_json, show=lambda: _show(found, people, xlsx))


def _show(found: Asking, people: list[ToAsk], xlsx: Path | None) -> None:
    say(f"请 {found.asked} 人核对住址，已答复 {found.answered} 人，还没有 {found.waiting} 人。")
    table(
        "怎么答的",
        ["答复", "途径", "人数"],
        [(ADDRESS_SAID[said], SAID_VIA[via], n) for said, via, n in found.said],
    )
    if found.closed_at:
        say(f"已经结束；没有答复的：{ROUND_RULE[found.rule]}。下一步：qianli campaign holds {found.code}")
        return
    say(f"{_day(found.cut_off_on)}（含当天）截止；到时没有答复的：{ROUND_RULE[found.rule]}。")
    by_message = sum(one.by_message for one in people)
    by_call = len(people) - by_message
    say(f"还要问的：发消息问 {by_message} 人，打电话问 {by_call} 人（名单见 qianli call list）。")
    columns = ["寄送编号", "姓名", "怎么问"]
    shown = [(one.number, masked(one.name), one.words) for one in people]
    long_lists.first("还要问的", columns, shown, whole="全部（带电话和本人网页）请加 --xlsx 存成表格。")
    if people and people[0].link is None:
        say("没有设置 QIANLI_PUBLIC_URL，本人打不开网页，只能打电话问。")
    if xlsx is not None:
        say(f"名单已存为 {xlsx}。含个人信息，用完请删除。")
    say("登记答复：qianli campaign answer 寄送编号 still_here（或 moved --address 新地址、unsure、no_answer …）")


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def answer(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="寄送编号，如 CODE-0042。")],
    said: Annotated[
        Answer,
        typer.Argument(
            metavar="ANSWER",
            help="still_here 还住在那里；moved 搬家了；unsure 说不准、请再打电话；no_answer 没人接；"
            "wrong_number 号码不对；do_not_contact 不要再联系。",
        ),
    ],
    address: Annotated[str, typer.Option("--address", help="搬到哪里：省、市、区县、街道、门牌。")] = "",
    as_it_is: Annotated[bool, typer.Option("--as-it-is", help="地址就是这样写的，不再挑剔。")] = False,
    via: Annotated[SaidVia, typer.Option("--via", help="phone 电话；visit 当面。")] = SaidVia.phone,
    as_json: JsonOption = False,
) -> None:
    """登记本人对住址的答复：在电话里或当面说的。"""
    if via is SaidVia.page:
        raise BadInput("--via 只能写 phone（电话）或 visit（当面），网页上的答复由党员自己登记。")
    code = number.rpartition("-")[0]
    sentence = call_outcomes.by_number(
        call_outcomes.EVERYTHING,
        code,
        number,
        call_outcomes.Outcome(said),
        address=address,
        as_it_is=as_it_is,
        via=via,
        by=context.by(),
    )
    emit({"number": number, "answer": said}, as_json=as_json, show=lambda: say(sentence))
