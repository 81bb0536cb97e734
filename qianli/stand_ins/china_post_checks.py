"""What the stand-in for China Post insists on before it does anything."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qianli.couriers.china_post_payloads import BOOK, CANCEL, TRACK, VERSION
from qianli.couriers.sm4_envelope import MARK, decrypted

FIELDS = ("apiCode", "senderNo", "authorization", "msgType", "timeStamp", "version", "logitcsInterface")
MOMENT = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")
ORDER = (
    "createdTime", "ecommerceUserId", "logisticsOrderNo", "contentsAttribute", "bizProductNo", "paymentMode", "weight",
)  # fmt: skip
PARTY = ("name", "prov", "city", "address")
PRODUCTS = {"1", "2", "3", "9", "10", "11"}


class Refusal(Exception):
    """Why it does not do it; `body` is what it says all the same."""

    def __init__(self, words: str, *, code: str = "99999", body: Any = None) -> None:
        super().__init__(words)
        self.words, self.code, self.body = words, code, body


def content_of(form: Mapping[str, str], *, sender_no: str, authorization: str, sign_key: str) -> Any:
    """What a call of a known account is about."""
    _complete(form, FIELDS)
    if form["apiCode"] not in {BOOK, CANCEL, TRACK}:
        raise Refusal("接口代码不存在")
    if (form["senderNo"], form["authorization"]) != (sender_no, authorization):
        raise Refusal("协议客户号或授权码不正确")
    if not MOMENT.fullmatch(form["timeStamp"]) or form["version"] != VERSION or form["msgType"] != "0":
        raise Refusal("请求时间、版本或消息类型不正确")
    if not form["logitcsInterface"].startswith(MARK):
        raise Refusal("报文未加密")
    try:
        text = decrypted(form["logitcsInterface"], sign_key)
        if not text.endswith(sign_key):
            raise Refusal("验签失败")
        return json.loads(text.removesuffix(sign_key))
    except ValueError:
        raise Refusal("报文解密失败") from None


def order_of(content: Any, *, unserved: Sequence[str], contraband: Sequence[str]) -> Mapping[str, Any]:
    """The one order of a booking, complete and one it takes."""
    if not isinstance(content, list) or len(content) != 1 or not isinstance(content[0], Mapping):
        raise Refusal("订单应是只有一项的列表")
    order: Mapping[str, Any] = content[0]
    _complete(order, ORDER)
    for role in ("sender", "receiver"):
        party = order.get(role) or {}
        _complete(party, PARTY)
        if not (party.get("mobile") or party.get("phone")):
            raise Refusal("手机和电话不能都为空")
    if order["bizProductNo"] not in PRODUCTS or order["contentsAttribute"] not in {"1", "3"}:
        raise Refusal("业务产品或内件性质不正确")
    cargos = order.get("cargos") or [{}]
    for cargo in cargos:
        _complete(cargo, ("cargoName",))
        if any(word in cargo["cargoName"] for word in contraband):
            raise Refusal("内件属于禁寄物品")
    to = order["receiver"]
    if any(place in f"{to['prov']}{to['city']}{to.get('county', '')}" for place in unserved):
        raise Refusal("收件地址超范围")
    return order


def _complete(given: Mapping[str, Any], wanted: Sequence[str]) -> None:
    for name in wanted:
        value = given.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Refusal(f"{name}为空")
