"""What SF answers, read piece by piece: pure."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from qianli.couriers import sf_codes as codes
from qianli.couriers.live import Booked, Said, Told
from qianli.couriers.moments import read_moment
from qianli.couriers.numbers import read_number
from qianli.errors import BookingRejected, ConfigurationError, CourierUnavailable, UnreadableAnswer

#: What our label needs of routeLabelData → what SF calls it.
ROUTE = {
    "route_label": "destRouteLabel",  # 路由标签
    "coding": "codingMapping",  # 入港映射码
    "coding_out": "codingMappingOut",
    "product": "proCode",
    "two_dimension_code": "twoDimensionCode",
    "print_flag": "printFlag",
    "ab_flag": "abFlag",
}
PRINTED = ("route_label", "coding")  # together the route_code of our label
ROUTED = "1000"
WAYBILL_ITSELF = "1"  # waybillType: 2 are further parcels of an order, 3 a receipt sent back


class Refused(Exception):
    """A business refusal, with its code and words. It never leaves the courier's modules."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


def body_of(answer: Any) -> Mapping[str, Any]:
    """The business part of an answer; Refused with the courier's code and words, or one of our errors."""
    code = text_of(answer, "apiResultCode")
    if code in codes.PASSING:
        raise CourierUnavailable(f"顺丰的接口暂时不能用（{code}），稍后会再试。")
    if code in codes.WRONG_ACCOUNT:
        raise ConfigurationError(f"顺丰的接口不接受这个账号的请求（{code}），请核对{codes.WRONG_ACCOUNT[code]}。")
    result = _json(answer.get("apiResultData")) if code == codes.FINE else None
    if not isinstance(result, Mapping):
        raise UnreadableAnswer("顺丰的应答看不懂，请与其技术人员核对。")
    if text_of(result, "errorCode") != codes.DONE:
        raise Refused(text_of(result, "errorCode"), text_of(result, "errorMsg"))
    body = _json(result.get("msgData"))
    return body if isinstance(body, Mapping) else {}


def booked_of(body: Mapping[str, Any]) -> Booked:
    """A booking's number and what the label needs; BookingRejected if SF does not go there."""
    judged = text_of(body, "filterResult")
    if judged == codes.NOT_SERVED:
        why = text_of(body, "remark")
        raise BookingRejected(
            "顺丰不收派这个地址，请改用其他快递或核对地址。",
            kind="not_served",
            words=codes.WHY_NOT_SERVED.get(why, why) or "不可以收派",
        )
    number = _number(body)
    if number is not None:
        return Booked(number, _route(body), watch="顺丰还在人工筛单" if judged == codes.BY_HAND else "")
    if judged == codes.BY_HAND:
        raise CourierUnavailable("顺丰还在人工筛单，没有给出运单号，稍后会再问。")
    raise UnreadableAnswer("顺丰接了单，应答里却没有运单号，请与其技术人员核对。")


def rejection_of(refused: Refused) -> BookingRejected:
    """A refusal for good, with what kind it is; its words may name somebody and stay out of the sentence."""
    code = refused.code if refused.code.isalnum() and refused.code.isascii() else "?"
    kind = codes.REFUSALS.get(refused.code, "other")
    return BookingRejected(f"顺丰不接这个包裹（{code}），原因见其答复。", kind=kind, words=refused.words)


def told_of(body: Mapping[str, Any]) -> Told:
    """Everything an answer says of parcels; entries that cannot be read are named, the rest stand."""
    parcels = body.get("routeResps") or []
    if not isinstance(parcels, list):
        raise UnreadableAnswer("顺丰的轨迹应答看不懂，请与其技术人员核对。")
    readings: list[Callable[[], Said]] = []
    for parcel in parcels:
        routes = (parcel.get("routes") or []) if isinstance(parcel, Mapping) else [parcel]
        number = text_of(parcel, "mailNo")
        readings += [partial(said_of, number, route) for route in (routes if isinstance(routes, list) else [routes])]
    return told(readings)


def told(readings: list[Callable[[], Said]]) -> Told:
    """Entries read one by one."""
    said, unread = [], []
    for place, read in enumerate(readings, 1):
        try:
            said.append(read())
        except UnreadableAnswer as error:
            unread.append(f"第{place}条：{error.message}")
    return Told(said, unread)


def said_of(number: str, route: Any) -> Said:
    """One route, answered or pushed."""
    operation = text_of(route, "opCode")
    code = codes.ROUTES.get(operation, codes.UNKNOWN)
    return said(
        number,
        operation,
        code,
        route,
        at=text_of(route, "acceptTime"),
        text=text_of(route, "remark"),
        place=text_of(route, "acceptAddress"),
        reference=text_of(route, "orderid"),
    )


def said(
    number: str, written: str, code: codes.Code, item: Any, *, at: str, text: str, place: str, reference: str
) -> Said:
    """What an entry says; UnreadableAnswer if it lacks number, code or time."""
    waybill_number = read_number(number)
    if waybill_number is None or not written:
        raise UnreadableAnswer("没有运单号或操作码。")
    happened_at = read_moment(at, code.tracking)
    if happened_at is None:
        raise UnreadableAnswer("没有可读的时间。")
    return Said(
        waybill_number=waybill_number,
        code=written,
        tracking=code.tracking,
        happened_at=happened_at,
        text=text or code.name,
        place=place,
        delivered_to=code.delivered_to,
        reference=reference,
        raw=dict(item),
    )


def text_of(item: Any, key: str) -> str:
    """A value as text; empty if there is none."""
    value = item.get(key) if isinstance(item, Mapping) else None
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _number(body: Mapping[str, Any]) -> str | None:
    for one in _list(body.get("waybillNoInfoList")):
        if text_of(one, "waybillType") == WAYBILL_ITSELF:
            return read_number(text_of(one, "waybillNo"))
    return None


def _route(body: Mapping[str, Any]) -> dict[str, str]:
    for one in _list(body.get("routeLabelInfo")):
        if text_of(one, "code") == ROUTED:
            data = one.get("routeLabelData")
            route = {ours: text_of(data, theirs) for ours, theirs in ROUTE.items() if text_of(data, theirs)}
            printed = " ".join(route[key] for key in PRINTED if key in route)
            return {"route_code": printed, **route} if printed else route
    return {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _json(value: Any) -> Any:
    """JSON, for apiResultData and msgData are JSON in a string, or (in the published examples) as they are."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
