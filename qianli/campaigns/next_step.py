"""What a campaign needs next: the one act, or whom it waits for; by how it gets to its members. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from models import CampaignState, Channel


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

    print_room = "print_room"
    packing = "packing"
    handover = "handover"
    calls = "calls"
    call_list = "call_list"
    messages = "messages"
    samples = "samples"
    cases = "cases"


@dataclass(frozen=True)
class Next:
    """A sentence, the act if somebody has to start one, and the room where the work is done if there is one."""

    sentence: str
    act: Act | None = None
    room: Room | None = None


@dataclass(frozen=True)
class Waits:
    """What is next while these counts are not all zero; the sentence has a place for their sum."""

    counts: tuple[str, ...]
    next: Next


@dataclass(frozen=True)
class Life:
    """A campaign's life until it is closed: before anything is done, before it is approved, and what waits after."""

    draft: Next
    prepared: Next
    waits: tuple[Waits, ...]


CASES = Waits(("cases",), Next("还有 {count} 件问题等处理，处理完才能办结。", room=Room.cases))
LIVES = {
    Channel.post: Life(
        Next("还没有准备：为每名党员确定地址，分出可寄与暂缓。", Act.prepare),
        Next("已准备好，等批准。批准之前不打印任何东西。", Act.approve),
        (
            Waits(("to_fulfil", "to_replace"), Next("{count} 份可以编包裹、出单据。", Act.fulfil)),
            Waits(
                ("to_pack",),
                Next("{count} 个包裹等装箱。扫码一个个装，或者全部装好后点一下。", Act.pack, Room.packing),
            ),
            Waits(("to_seal",), Next("{count} 个包裹已装好，等封交接单。", Act.seal)),
            Waits(
                ("to_hand_over",), Next("{count} 个包裹等快递公司来取。交接时当面清点、签字。", room=Room.handover)
            ),
            Waits(("to_confirm",), Next("{count} 份已寄出，等本人答复。", room=Room.calls)),
            CASES,
        ),
    ),
    Channel.message: Life(
        Next("还没有准备：看每名党员用哪个渠道通知得到，分出可通知与暂缓。", Act.prepare),
        Next("已准备好，等批准。批准之前一条消息也不发。", Act.approve),
        (
            Waits(("to_fulfil",), Next("{count} 人可以通知，一人编一条消息，到了日子再发。", Act.fulfil)),
            Waits(
                ("to_send",),
                Next("{count} 条消息等发送。到了日子自动发；由人发送的，按列表发完登记结果。", room=Room.messages),
            ),
            CASES,
            Waits(("to_confirm",), Next("{count} 人已经通知，等本人答复。", room=Room.messages)),
        ),
    ),
    Channel.phone: Life(
        Next("还没有准备：核对每名党员的电话，分出可打与暂缓。", Act.prepare),
        Next("已准备好，等批准。批准之前一个电话也不打。", Act.approve),
        (
            Waits(("to_fulfil",), Next("{count} 人可以打电话，列出名单就能开始。", Act.fulfil)),
            Waits(("to_call",), Next("{count} 个电话要打。照着念，打完点一下结果。", room=Room.call_list)),
            CASES,
            Waits(("to_confirm",), Next("{count} 人还没有答复；问不到的，写明原因就可以办结。")),
        ),
    ),
}  # fmt: skip
CLOSE = Next("都有了着落，可以办结，出结项报告。", Act.close)
ENDED = {
    CampaignState.closed: Next("活动已办结。"),
    CampaignState.cancelled: Next("活动已取消。"),
}


def next_step(channel: Channel, state: CampaignState, waiting: Mapping[str, int]) -> Next:
    """The first thing that can be done, in the order of a campaign's life."""
    life = LIVES[channel]
    by_state = {CampaignState.draft: life.draft, CampaignState.prepared: life.prepared, **ENDED}
    if state in by_state:
        return by_state[state]
    for one in life.waits:
        if count := sum(waiting[name] for name in one.counts):
            return replace(one.next, sentence=one.next.sentence.format(count=count))
    return CLOSE
