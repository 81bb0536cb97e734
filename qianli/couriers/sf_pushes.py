"""What SF pushes: routes and states of orders, told apart by their shape.

Nothing is known of a signature on SF's pushes. What shows that a push is SF's is a secret of ours in the address that
is registered with it: `…/hooks/sf?token=…` (`push_token` of the account). Without a token in settings every push is
refused.
"""

import hmac
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from qianli.couriers import sf_codes as codes
from qianli.couriers.live import Said, Told
from qianli.couriers.sf_answers import said, said_of, text_of, told
from qianli.errors import UnreadableAnswer
from qianli.interfaces.pushes import Push, PushAnswer

TAKEN = {"return_code": "0000", "return_msg": "成功"}
#: Published is only what a push that was taken is answered with; anything else has to be read as a failure.
NOT_TAKEN = {"return_code": "1000", "return_msg": "系统异常"}


def is_authentic(push: Push, token: str) -> bool:
    """Whether the address it came to holds our secret."""
    return bool(token) and hmac.compare_digest(push.query.get("token", "").encode(errors="replace"), token.encode())


def read(push: Push) -> Told:
    """What a push says, of whichever of the two kinds it is."""
    try:
        content = json.loads(push.body)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, Mapping):
        body = content.get("Body")
        if isinstance(body, Mapping) and "WaybillRoute" in body:
            routes = _list(body["WaybillRoute"])
            return told([partial(said_of, text_of(route, "mailno"), route) for route in routes])
        if "orderState" in content:
            return told([partial(_state, state) for state in _list(content["orderState"])])
    raise UnreadableAnswer("顺丰推送的内容看不懂：既不是路由，也不是订单状态。")


def answer(*, accepted: bool) -> PushAnswer:
    """What SF expects to hear back; that it takes the same for order states is assumed."""
    return PushAnswer(json.dumps(TAKEN if accepted else NOT_TAKEN, ensure_ascii=False).encode())


def _state(item: Any) -> Said:
    written = text_of(item, "orderStateCode")
    return said(
        text_of(item, "waybillNo"),
        written,
        codes.ORDER_STATES.get(written, codes.UNKNOWN),
        item,
        at=text_of(item, "lastTime") or text_of(item, "createTm"),
        text=text_of(item, "orderStateDesc"),
        place="",
        reference=text_of(item, "orderNo"),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
