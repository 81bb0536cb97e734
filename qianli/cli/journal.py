"""`qianli journal`: the story of a member, campaign, consignment, parcel or manifest, in sentences."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from qianli.cli import journal_words as words
from qianli.cli.common import JsonOption, emit, say
from qianli.stages.story import Line, Story, story

KINDS = {
    "member": "党员",
    "campaign": "活动",
    "consignment": "寄送",
    "parcel": "包裹",
    "manifest": "交接单",
    "programme": "学习栏目",
}
WhatArgument = Annotated[
    str,
    typer.Argument(
        metavar="WHAT", help="党员编号（见 member list）、活动代码、学习栏目代码、寄送编号、包裹编号或交接单编号。"
    ),
]


def journal(what: WhatArgument, as_json: JsonOption = False) -> None:
    """从头到尾发生了什么：谁、何时、做了什么。"""
    found = story(what)
    data = {
        "kind": found.kind,
        "name": found.name,
        "entries": [{**asdict(line), "sentence": sentence([line])} for line in found.lines],
    }
    emit(data, as_json=as_json, show=lambda: _show(found))


def _show(found: Story) -> None:
    say(f"{KINDS[found.kind]} {found.name}")
    for lines in joined(found.lines) if found.whole else [[line] for line in found.lines]:
        say(f"  {_time(lines)}  {words.actor(lines[0].actor)}：{sentence(lines)}")
    if not found.lines:
        say("  还没有记录。")


def joined(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of one act, named before the colon of their reason, are one sentence."""
    found: list[list[Line]] = []
    acts: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        act = line.why.partition("：")[0] if "：" in line.why else ""
        if line.subject == "campaign":
            acts.clear()
        key = (act, line.subject, line.actor, str(line.at.date()))
        if act and key in acts:
            acts[key].append(line)
            continue
        found.append([line])
        acts[key] = found[-1]
    return found


def sentence(lines: Sequence[Line]) -> str:
    """One line as a sentence, or several of one act: 准备：可以寄出 58,211 份，暂缓 1,789 份。"""
    first = lines[0]
    if len(lines) > 1:
        act = first.why.partition("：")[0]
        return f"{act}：{'，'.join(words.counted(line.subject, line.what, line.count) for line in lines)}。"
    if first.subject == "residence":
        stay = "，".join(part for part in (first.reference, first.why) if part)
        return f"{words.says(first.subject, first.what)}：{stay}。"
    many = first.count > 1 or not (first.reference or first.subject in ("campaign", "member"))
    said = words.counted(first.subject, first.what, first.count) if many else words.says(first.subject, first.what)
    why = [words.reason(first.why, said)]
    if first.subject == "case" and first.reference:
        why.insert(0, f"编号 {first.reference}")
    elif first.reference and not many:
        said = f"{KINDS[first.subject]} {first.reference} {said}"
    bracket = "，".join(part for part in why if part)
    return f"{said}（{bracket}）。" if bracket else f"{said}。"


def _time(lines: Sequence[Line]) -> str:
    begun, ended = lines[0].at, max(line.until for line in lines)
    shown = f"{begun:%Y-%m-%d %H:%M}"
    return shown if f"{ended:%Y-%m-%d %H:%M}" == shown else f"{shown} 至 {ended:%H:%M}"
