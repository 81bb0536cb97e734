"""What SF is told: pure. Neutral content, one parcel an order, nothing of the campaign."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from qianli.couriers.live import Asked, Order, Party

BOOK, FIND, CHANGE, TRACK = (
    "EXP_RECE_CREATE_ORDER",
    "EXP_RECE_SEARCH_ORDER_RESP",
    "EXP_RECE_UPDATE_ORDER",
    "EXP_RECE_SEARCH_ROUTES",
)
SENDER, CONSIGNEE = 1, 2
CANCEL = 2
MOST_ASKED = 10
MOBILE = re.compile(r"(?:\+?86)?(1\d{10})")


def digest(msg_data: str, timestamp: str, checkword: str) -> str:
    """msgDigest: base64 of the MD5 of the three, encoded as Java's URLEncoder does (a tilde too, a star not)."""
    encoded = quote_plus(f"{msg_data}{timestamp}{checkword}", safe="*").replace("~", "%7E")
    return base64.b64encode(hashlib.md5(encoded.encode(), usedforsecurity=False).digest()).decode()


def form_of(
    service: str, content: Mapping[str, Any], *, partner_id: str, checkword: str, request_id: str, at: datetime
) -> dict[str, str]:
    """One signed call; `request_id` is another one for every call."""
    msg_data = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    timestamp = str(int(at.timestamp() * 1000))
    return {
        "partnerID": partner_id,
        "requestID": request_id,
        "serviceCode": service,
        "timestamp": timestamp,
        "msgDigest": digest(msg_data, timestamp, checkword),
        "msgData": msg_data,
    }


def order_of(order: Order, *, monthly_card: str, express_type_id: int, pay_method: int) -> dict[str, Any]:
    """The content of a booking; weight in kilograms. It asks for the label's routing and a long number."""
    return {
        "language": "zh-CN",
        "orderId": order.reference,
        "cargoDetails": [{"name": order.content, "count": 1}],
        "contactInfoList": [_contact(SENDER, order.sender), _contact(CONSIGNEE, order.consignee)],
        "monthlyCard": monthly_card,
        "payMethod": pay_method,
        "expressTypeId": express_type_id,
        "parcelQty": 1,
        "totalWeight": round(order.weight_g / 1000, 3),
        "isReturnRoutelabel": 1,
        "isUnifiedWaybillNo": 1,
    }


def search_of(reference: str) -> dict[str, Any]:
    """The question for a booking."""
    return {"language": "zh-CN", "orderId": reference}


def cancellation_of(reference: str) -> dict[str, Any]:
    """The cancelling of a booking."""
    return {"orderId": reference, "dealType": CANCEL}


def questions_of(asked: Sequence[Asked]) -> Iterator[dict[str, Any]]:
    """Questions for routes: a call has one phone, so parcels share it only under the same last four digits."""
    by_phone: dict[str, list[str]] = {}
    for one in asked:
        by_phone.setdefault(one.phone_last_four, []).append(one.waybill_number)
    for phone, numbers in by_phone.items():
        for start in range(0, len(numbers), MOST_ASKED):
            yield {
                "language": "zh-CN",
                "trackingType": 1,
                "trackingNumber": numbers[start : start + MOST_ASKED],
                "methodType": 1,
                **({"checkPhoneNo": phone} if phone else {}),
            }


def _contact(kind: int, party: Party) -> dict[str, Any]:
    digits = re.sub(r"[\s-]", "", party.phone)
    mobile = MOBILE.fullmatch(digits)
    return {
        "contactType": kind,
        "contact": party.name,
        **({"mobile": mobile[1]} if mobile else {"tel": party.phone}),
        "country": "CN",
        "province": party.province,
        "city": party.city,
        **({"county": party.district} if party.district else {}),
        "address": party.detail,
    }
