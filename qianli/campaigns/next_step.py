"""What a campaign needs next: the one act, or whom it waits for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models import CampaignState


class Act(StrEnum):
    """What a person starts."""

    prepare = "prepare"
    approve = "approve"
    fulfil = "fulfil"
    pack = "pack"
    seal = "seal"
    close = "close"


class Room(StrEnum):
    """Where a campaign's work is done."""

    packing = "packing"
    handover = "handover"
    calls = "calls"
    cases = "cases"


@dataclass(frozen=True)
class Next:
    """A sentence, the act if somebody has to start one, and the room where the work is done if there is one."""

    sentence: str
    act: Act | None = None
    room: Room | None = None


BY_STATE = {
    CampaignState.draft: Next("还没有准备：为每名党员确定地址，分出可寄与暂缓。", Act.prepare),
    CampaignState.prepared: Next("已准备好，等批准。批准之前不打印任何东西。", Act.approve),
    CampaignState.closed: Next("活动已办结。"),
    CampaignState.cancelled: Next("活动已取消。"),
}


def next_step(state: CampaignState, waiting: Mapping[str, int]) -> Next:
    """The first thing that can be done, in the order of a campaign's life."""
    if state in BY_STATE:
        return BY_STATE[state]
    if count := waiting["to_fulfil"] + waiting["to_replace"]:
        return Next(f"{count} 份可以编包裹、出单据。", Act.fulfil)
    if count := waiting["to_pack"]:
        return Next(f"{count} 个包裹等装箱。扫码一个个装，或者全部装好后点一下。", Act.pack, Room.packing)
    if count := waiting["to_seal"]:
        return Next(f"{count} 个包裹已装好，等封交接单。", Act.seal)
    return _waits(waiting)


def _waits(waiting: Mapping[str, int]) -> Next:
    if count := waiting["to_hand_over"]:
        return Next(f"{count} 个包裹等快递公司来取。交接时当面清点、签字。", room=Room.handover)
    if count := waiting["to_confirm"]:
        return Next(f"{count} 份已寄出，等本人答复。", room=Room.calls)
    if count := waiting["cases"]:
        return Next(f"还有 {count} 件问题等处理，处理完才能办结。", room=Room.cases)
    return Next("都有了着落，可以办结，出结项报告。", Act.close)
