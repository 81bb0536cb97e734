"""快递100's codes of what happened, as data: a state, or with `resultv2=4` a finer statusCode. Others are unknown.

Quoted by several clients from its documentation; which state of ours a code comes to is our reading of its name. What
it calls 签收 is a courier's word handed on, never the member's receipt: in a locker or a pick-up point a parcel waits.
"""

from dataclasses import dataclass

from models import DeliveredTo, Tracking

T, D = Tracking, DeliveredTo


@dataclass(frozen=True)
class Code:
    """A code: its name, the state it comes to, who took the parcel."""

    name: str
    tracking: Tracking
    delivered_to: DeliveredTo | None = None


CODES: dict[str, Code] = {
    "0": Code("在途", T.in_transit),
    "1001": Code("到达派件城市", T.in_transit),
    "1002": Code("干线", T.in_transit),
    "1003": Code("转递", T.in_transit),
    "1": Code("揽收", T.accepted),
    "101": Code("已下单", T.unknown),
    "102": Code("待揽收", T.unknown),
    "103": Code("已揽收", T.accepted),
    "2": Code("疑难", T.failed_attempt),
    "201": Code("超时未签收", T.failed_attempt),
    "202": Code("超时未更新", T.in_transit),
    "203": Code("拒收", T.refused),
    "204": Code("派件异常", T.failed_attempt),
    "205": Code("柜或驿站超时未取", T.awaiting_pickup),
    "206": Code("无法联系", T.failed_attempt),
    "207": Code("超区", T.failed_attempt),
    "208": Code("滞留", T.in_transit),
    "209": Code("破损", T.in_transit),
    "210": Code("销单", T.unknown),
    "3": Code("签收", T.delivered, D.unknown),
    "301": Code("本人签收", T.delivered, D.member),
    "302": Code("派件异常后签收", T.delivered, D.unknown),
    "303": Code("代签", T.delivered, D.other_person),
    "304": Code("投柜或站签收", T.awaiting_pickup),
    "4": Code("退签", T.returned),
    "401": Code("已销单", T.unknown),
    "5": Code("派件", T.out_for_delivery),
    "501": Code("投柜或驿站", T.awaiting_pickup),
    "6": Code("退回", T.returning),
    "7": Code("转投", T.in_transit),
    "8": Code("清关", T.in_transit),
    "10": Code("待清关", T.in_transit),
    "11": Code("清关中", T.in_transit),
    "12": Code("已清关", T.in_transit),
    "13": Code("清关异常", T.in_transit),
    "14": Code("拒签", T.refused),
}
NAMES = {code.name: number for number, code in CODES.items()}
UNKNOWN = Code("", T.unknown)
#: A parcel's state that says it did not arrive, whatever its last entry is called: a return is signed for, too.
NOT_ARRIVED = {T.refused, T.returning, T.returned}

#: Our courier → 快递100's `com`. A courier that is not here is left to it to recognise (subscriptions only).
COMPANIES: dict[str, str] = {"sf": "shunfeng", "china_post": "youzhengguonei", "jd": "jd"}
#: Asks for the last four digits of the phone.
WANTS_PHONE = frozenset({"shunfeng"})
