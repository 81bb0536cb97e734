"""China Post's codes of what happened, as data, with how sure each is. A code that is not here is unknown.

`seen` codes stand with their Chinese name in client code or in published tables of the interface (V2.7); which state
of ours they come to is our reading of the name. `assumed` ones are named there too, but the name leaves open what
became of the parcel: they come to the state that claims least.
"""

from dataclasses import dataclass
from typing import Literal

from models import DeliveredTo, ReturnedFor, Tracking

Certainty = Literal["seen", "assumed"]
T, D, R = Tracking, DeliveredTo, ReturnedFor


@dataclass(frozen=True)
class Code:
    """A code of theirs: its name, the state it comes to, and what else it says."""

    name: str
    tracking: Tracking
    delivered_to: DeliveredTo | None = None
    returned_for: ReturnedFor | None = None
    cancels: bool = False
    certainty: Certainty = "seen"


DELIVERED, NOT_DELIVERED = "704", "705"

#: opCode. The three that take something back do not name what: it is the latest event before them.
OPERATIONS: dict[str, Code] = {
    "203": Code("收寄", T.accepted),
    "305": Code("发运", T.in_transit),
    "389": Code("封车", T.in_transit),
    "954": Code("到达处理中心", T.in_transit),
    "713": Code("到达投递机构", T.in_transit),
    "702": Code("派送", T.out_for_delivery),
    DELIVERED: Code("妥投", T.delivered, D.unknown),
    NOT_DELIVERED: Code("未妥投", T.failed_attempt),
    "708": Code("退件登记", T.returning),
    "711": Code("退回妥投", T.returned),
    "723": Code("转窗投", T.awaiting_pickup),
    "742": Code("撤销前事件", T.unknown, cancels=True),
    "743": Code("撤销前事件", T.unknown, cancels=True),
    "744": Code("撤销前事件", T.unknown, cancels=True),
    "747": Code("柜或自提点已接收", T.awaiting_pickup),
    "748": Code("收件人已取走", T.delivered, D.member),
    "801": Code("撤单", T.unknown, certainty="assumed"),  # the sender's wish; what became of it, later scans tell
    "802": Code("改址", T.in_transit),
    "987": Code("丢失赔付", T.lost),
    "988": Code("丢失赔付", T.lost),
}

#: deliverCode: who took a parcel that is 妥投. A cabinet or a pick-up point is no receiver: it waits there.
RECEIVERS: dict[str, Code] = {
    "10": Code("本人签收", T.delivered, D.member),
    "20": Code("他人代收", T.delivered, D.other_person),
    "30": Code("自提点", T.awaiting_pickup),
    "50": Code("包裹柜", T.awaiting_pickup),
    "60": Code("收发室", T.delivered, D.reception),
    "70": Code("物业", T.delivered, D.reception),
    "80": Code("刊邮站", T.awaiting_pickup, certainty="assumed"),
    "90": Code("协议信箱", T.delivered, D.unknown, certainty="assumed"),
    "100": Code("其他", T.delivered, D.unknown),
    "150": Code("信报箱", T.delivered, D.unknown, certainty="assumed"),
    "160": Code("村委会", T.delivered, D.village_committee),
    "161": Code("家门口", T.delivered, D.left_at_door),
    "162": Code("办公室", T.delivered, D.reception),
    "169": Code("无人代收", T.delivered, D.unknown, certainty="assumed"),
    "181": Code("", T.delivered, D.unknown, certainty="assumed"),
}

#: attemptDeliveryCode: why a parcel is 未妥投.
FAILURES: dict[str, Code] = {
    "1": Code("", T.failed_attempt, certainty="assumed"),
    "2": Code("名址有误", T.failed_attempt, returned_for=R.wrong_address),
    "3": Code("查无此人", T.failed_attempt, returned_for=R.unknown_person),
    "4": Code("收件人不在", T.failed_attempt),
    "5": Code("迁移", T.failed_attempt, returned_for=R.moved),
    "6": Code("延迟投递", T.failed_attempt),
    "7": Code("拒收", T.refused),
    "8": Code("收件人自取", T.awaiting_pickup),
    "9": Code("转窗投", T.awaiting_pickup),
    "10": Code("撤回", T.returning),
    "11": Code("改址", T.in_transit),
    "12": Code("改址", T.in_transit),
    "13": Code("丢失", T.lost),
    "14": Code("待收费", T.failed_attempt, certainty="assumed"),
    "15": Code("待退", T.returning),
    "16": Code("其他", T.failed_attempt),
}
UNKNOWN = Code("", T.unknown)


def code_of(operation: str, receiver: str = "", failure: str = "") -> Code:
    """What an opCode with its deliverCode or attemptDeliveryCode says; unknown for an opCode nobody taught us.

    A 妥投 or 未妥投 whose second code is new stays what it is, without saying more.
    """
    known = OPERATIONS.get(operation, UNKNOWN)
    if operation == DELIVERED:
        return RECEIVERS.get(receiver, known)
    if operation == NOT_DELIVERED:
        return FAILURES.get(failure, known)
    return known


def is_known(code: str) -> bool:
    """Whether somebody taught us a code as we keep it; `written` makes them."""
    return code.partition("-")[0] in OPERATIONS


def written(operation: str, receiver: str = "", failure: str = "") -> str:
    """The code as we keep and list it: 704-10, 705-3, 203."""
    second = {DELIVERED: receiver, NOT_DELIVERED: failure}.get(operation, "")
    return f"{operation}-{second}" if second else operation
