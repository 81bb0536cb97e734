"""What SF's interface checks before it does anything: account, signature, fields, lengths."""

import json
from collections.abc import Mapping
from typing import Any

from qianli.couriers.sf_payloads import MOST_ASKED, digest

CONTACT_MISSING = {1: "1010", 2: "1013"}  # which of 1010 to 1016 stands for which field is assumed
LONGEST = {"orderId": 64, "address": 200, "remark": 100, "requestID": 40}


class Fault(Exception):
    """The gateway refuses the call."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


class Refusal(Fault):
    """The business refuses what was asked."""


def content_of(form: Mapping[str, str], *, partner_id: str, checkword: str) -> dict[str, Any]:
    """The content of a call whose form and signature are right."""
    for key in ("partnerID", "requestID", "serviceCode", "timestamp", "msgDigest", "msgData"):
        if not form.get(key):
            raise Fault("A1001", f"必传参数不可为空：{key}")
    if len(form["requestID"]) > LONGEST["requestID"] or not form["timestamp"].isdigit():
        raise Fault("A1001", "参数不合要求")
    if form["partnerID"] != partner_id:
        raise Fault("A1004", "无对应服务权限")
    if form["msgDigest"] != digest(form["msgData"], form["timestamp"], checkword):
        raise Fault("A1006", "数字签名无效")
    try:
        content = json.loads(form["msgData"])
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Fault("A1001", "msgData 不是 JSON")
    return content


def check_order(order: Mapping[str, Any], *, monthly_card: str) -> None:
    """Refuse an order that lacks something or is too long."""
    reference = order.get("orderId")
    if not isinstance(reference, str) or not 0 < len(reference) <= LONGEST["orderId"] or not order.get("language"):
        raise Refusal("1001", "客户订单号不合要求")
    if len(str(order.get("monthlyCard", ""))) != len(monthly_card) or order["monthlyCard"] != monthly_card:
        raise Refusal("6126", "月结卡号不合法，应为10位数字")
    if not all(isinstance(order.get(key), int) for key in ("expressTypeId", "isReturnRoutelabel")):
        raise Refusal("1002", "产品类型或路由标签标志不合要求")
    if not all(cargo.get("name") for cargo in order.get("cargoDetails") or [{}]):
        raise Refusal("1003", "托寄物名称不能为空")
    contacts = {one.get("contactType"): one for one in order.get("contactInfoList") or []}
    for kind, missing in CONTACT_MISSING.items():
        _check_contact(contacts.get(kind, {}), missing)


def check_question(question: Mapping[str, Any]) -> list[str]:
    """The numbers a question for routes asks after."""
    numbers = question.get("trackingNumber")
    if not isinstance(numbers, list) or not numbers:
        raise Refusal("8013", "未传入查询单号")
    if len(numbers) > MOST_ASKED:
        raise Refusal("8003", "查询单号超过最大数量")
    if question.get("trackingType") != 1 or question.get("methodType") != 1:
        raise Refusal("8014", "查询类型不支持")
    return numbers


def _check_contact(contact: Mapping[str, Any], missing: str) -> None:
    if not all(contact.get(key) for key in ("contact", "address", "province", "city")) or contact["country"] != "CN":
        raise Refusal(missing, "联系人或地址信息不能为空")
    if len(contact["address"]) > LONGEST["address"]:
        raise Refusal(missing, "地址超过长度限制")
    phone = str(contact.get("mobile") or contact.get("tel") or "")
    if sum(char.isdigit() for char in phone) < 7:  # noqa: PLR2004 - a local number without its area's code
        raise Refusal("8196", "信息异常：电话号码")
