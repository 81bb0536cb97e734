"""What China Post answers and pushes, read piece by piece: pure."""

import json
from collections.abc import Mapping
from typing import Any

from models import ReturnedFor, Tracking
from qianli.couriers.china_post_codes import FAILURES, UNKNOWN, Code, code_of, written
from qianli.couriers.live import Booked, Said, Told
from qianli.couriers.moments import read_moment
from qianli.couriers.numbers import read_number
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable, UnreadableAnswer

FINE = "00000"
#: The interface's failures have codes we know no table of: what they are is read from their words.
PASSING = ("繁忙", "超时", "频繁", "稍后", "限流", "系统异常", "调用次数")
ACCOUNT_WRONG = ("授权", "签名", "验签", "解密", "密钥", "客户代码", "协议客户", "权限")
#: Kind of refusal of ours → words of theirs; the first that fits. All are assumed from how such interfaces speak.
KINDS = {
    "contraband": ("违禁", "禁寄", "禁限寄", "涉禁"),
    "not_served": ("超范围", "不在服务范围", "超区", "不可达", "不通邮", "停限收"),
    "phone": ("电话", "手机", "联系方式"),
    "address": ("地址", "省", "市", "区县"),
    "account": ("余额", "欠费", "产品", "未开通", "合同", "停用"),
}
BOOKED_ALREADY = ("订单号重复", "订单重复", "重复下单", "订单已存在", "订单号已存在")
CANCELLED_ALREADY = ("已取消", "已撤销", "已撤单")
NOTHING_KNOWN = ("无查询信息", "无邮件信息", "无此", "查无", "不存在", "未查询到", "未找到", "无轨迹")
#: What our label needs of a booking's answer → what the interface calls it.
ROUTE = {
    "route_code": "routeCode",  # 四段码, the sorters' code
    "package_code": "packageCode",  # 集包地
    "package_name": "packageCodeName",
    "destination_code": "markDestinationCode",  # 大头笔
    "destination_name": "markDestinationName",
}


class Refused(Exception):
    """An answer that is no success, with its words. It never leaves the courier's modules."""

    def __init__(self, words: str, body: Any) -> None:
        super().__init__(words)
        self.words, self.body = words, body


def body_of(answer: Any) -> Any:
    """The business part of an answer; Refused with the courier's words, or one of our errors."""
    if not isinstance(answer, Mapping) or "retCode" not in answer:
        raise UnreadableAnswer("邮政的应答里没有返回码，请与其技术人员核对。")
    body = _json(answer.get("retBody"))
    if str(answer["retCode"]) == FINE:
        return body
    words = _text(answer, "retMsg") or (body if isinstance(body, str) else "")
    if _says(words, PASSING):
        raise CourierUnavailable("邮政的接口暂时不能用，稍后会再试。")
    if _says(words, ACCOUNT_WRONG):
        raise ConfigurationError("邮政的接口不认这个账号，请核对协议客户号、授权码和签名密钥。")
    raise Refused(words, body)


def booked_of(body: Any) -> Booked:
    """A booking's number, and what the label needs."""
    body = body[0] if isinstance(body, list) and body else body
    number = read_number(_text(body, "waybillNo")) if isinstance(body, Mapping) else None
    if number is None:
        raise UnreadableAnswer("邮政接了单，应答里却没有运单号，请与其技术人员核对。")
    return Booked(number, {ours: _text(body, theirs) for ours, theirs in ROUTE.items() if _text(body, theirs)})


def booked_before(refused: Refused) -> Booked | None:
    """The earlier booking that a refusal of its repetition tells of, if it does."""
    try:
        return booked_of(refused.body)
    except UnreadableAnswer:
        return None


def is_cancelled_already(refused: Refused) -> bool:
    """Whether there is nothing left to cancel."""
    return _says(refused.words, CANCELLED_ALREADY)


def knows_nothing(refused: Refused) -> bool:
    """Whether it only says that it has no news of a parcel."""
    return _says(refused.words, NOTHING_KNOWN)


def rejection_of(refused: Refused) -> BookingRejected:
    """A refusal for good, with what kind it is; its words may name somebody and stay out of the sentence."""
    if _says(refused.words, BOOKED_ALREADY):
        message = "中国邮政说这个包裹已经下过单，却没有给出运单号：请在邮政的系统里按包裹编号查到后，用运单号表导入。"
        return BookingRejected(message, words=refused.words)
    kind = next((kind for kind, words in KINDS.items() if _says(refused.words, words)), "other")
    return BookingRejected("中国邮政不接这个包裹，原因见其答复。", kind=kind, words=refused.words)


def unreadable(refused: Refused) -> UnreadableAnswer:  # noqa: ARG001 - its words may name somebody
    """A question refused for a reason nobody taught us."""
    return UnreadableAnswer("邮政没有回答轨迹查询，请与其技术人员核对。")


def told_of(body: Any) -> Told:
    """Everything an answer or a push says of parcels; entries that cannot be read are named, the rest stand."""
    items = body.get("responseItems", body) if isinstance(body, Mapping) else body
    if items is None:
        return Told()
    said, unread = [], []
    for place, item in enumerate(items if isinstance(items, list) else [items], 1):
        try:
            said.append(_said(item))
        except UnreadableAnswer as error:
            unread.append(f"第{place}条：{error.message}")
    return Told(said, unread)


def _said(item: Any) -> Said:
    if not isinstance(item, Mapping):
        raise UnreadableAnswer("不是一条轨迹。")
    number = read_number(_text(item, "waybillNo"))
    operation, receiver, failure = (_text(item, key) for key in ("opCode", "deliverCode", "attemptDeliveryCode"))
    if number is None or not operation:
        raise UnreadableAnswer("没有运单号或操作码。")
    code = code_of(operation, receiver, failure)
    happened_at = read_moment(_text(item, "opTime"), code.tracking)
    if happened_at is None:
        raise UnreadableAnswer("没有可读的时间。")
    return Said(
        waybill_number=number,
        code=written(operation, receiver, failure),
        tracking=code.tracking,
        happened_at=happened_at,
        text=_text(item, "opDesc") or _text(item, "opName") or code.name,
        place=_place(item),
        delivered_to=code.delivered_to,
        returned_for=_against_the_address(code, failure),
        cancels=code.cancels,
        reference=_text(item, "orderNo"),
        raw=dict(item),
    )


def _against_the_address(code: Code, failure: str) -> ReturnedFor | None:
    """A parcel on its way back may say with the code of the failed attempt why."""
    on_its_way_back = code.tracking in {Tracking.returning, Tracking.returned}
    return FAILURES.get(failure, UNKNOWN).returned_for if on_its_way_back else code.returned_for


def _place(item: Mapping[str, Any]) -> str:
    parts = [_text(item, key) for key in ("opOrgProvName", "opOrgCity", "opOrgName")]
    return "".join(dict.fromkeys(part for part in parts if part))


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _says(words: str, any_of: tuple[str, ...]) -> bool:
    return any(word in words for word in any_of)


def _json(body: Any) -> Any:
    """A retBody is JSON in a string; an address of a file, or words, are strings as they are."""
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body
