"""SF's codes of what happened and of what it refuses, as data, with how sure each is.

`seen` codes stand with these words in real tracks (sandbox logs and public clients, read November 2026). `assumed`
ones are named there too, but leave open what became of the parcel: they come to the state that claims least. A code
that is not here is unknown, kept and listed. `HEARD` holds what is said of further codes by people, or where sources
contradict each other (70, 130): a hint for whoever maps them, mapped by nobody yet. OLTS's table for SF (30 揽收,
160 签收) contradicts real tracks and is not used.
"""

from dataclasses import dataclass
from typing import Literal

from models import DeliveredTo, Tracking

Certainty = Literal["seen", "assumed"]
T = Tracking


@dataclass(frozen=True)
class Code:
    """A code of theirs: its name and the state it comes to."""

    name: str
    tracking: Tracking
    delivered_to: DeliveredTo | None = None
    certainty: Certainty = "seen"


#: opCode of a route. 80 does not say who signed.
ROUTES: dict[str, Code] = {
    "50": Code("已收件", T.accepted),
    "54": Code("已收件", T.accepted),
    "30": Code("分拣、装车", T.in_transit),
    "31": Code("到达", T.in_transit),
    "36": Code("离开", T.in_transit),
    "407": Code("快件已发往", T.in_transit),
    "501": Code("快件运输中", T.in_transit),
    "44": Code("派送分配", T.in_transit, certainty="assumed"),  # a courier is being found: SF itself says 运送中
    "204": Code("派送中", T.out_for_delivery),
    "80": Code("已签收", T.delivered, DeliveredTo.unknown),
}
#: orderStateCode of an order-state push. The first two say nothing of the parcel: it is not collected yet.
ORDER_STATES: dict[str, Code] = {
    "04-40001": Code("调度成功", T.unknown),
    "04-40037": Code("已接收", T.unknown),
    "05-40003": Code("已收件", T.accepted),
}
#: Never used for a state.
HEARD: dict[str, str] = {
    "33": "派送不成功", "70": "派送不成功，也有人记作到达目的地", "99": "转寄或退回", "648": "转寄或退回",
    "631": "已退回", "607": "代理收件", "125": "丰巢或自提柜", "130": "丰巢或自提柜，也有人记作到达派件网点",
    "8000": "在官网查看签收人", "105": "运输中", "106": "到达目的地", "310": "到达",
}  # fmt: skip
UNKNOWN = Code("", T.unknown)


def is_known(code: str) -> bool:
    """Whether it is in one of the tables of states."""
    return code in ROUTES or code in ORDER_STATES


#: apiResultCode, what the gateway says of the call. Tried again: rate, the same request twice, back end, system.
PASSING = {"A1005", "A1007", "A1009", "A1099"}
#: apiResultCode → what to check.
WRONG_ACCOUNT = {
    "A1001": "接口地址和账号各项是否填全",
    "A1002": "服务器的时钟是否准确",
    "A1003": "本机地址是否已在丰桥登记",
    "A1004": "账号是否已开通这个接口",
    "A1006": "顾客编码和校验码",
    "A1008": "顾客编码和校验码",
    "A1010": "接口是否还在沙箱状态",
}
FINE, DONE = "A1000", "S0000"
BOOKED_ALREADY, CANCELLED = "8016", "8037"
NO_ORDER = {"8018", "8024"}
#: errorCode of a refused booking → our kind of refusal; any other is `other`.
REFUSALS = {
    "20035": "contraband",
    "8196": "phone",
    "6126": "account",
    **{str(code): "address" for code in range(1010, 1017)},  # something of the sender's or the consignee's is missing
}
#: filterResult of a booking, and `remark` of one that is not served.
BY_HAND, NOT_SERVED = "1", "3"
WHY_NOT_SERVED = {"1": "收方超范围", "2": "派方超范围", "3": "其他原因"}
