"""What China Post is told, as its interface (V2.7) wants it: pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qianli.couriers.live import Order, Party
from qianli.couriers.moments import ZONE
from qianli.couriers.sm4_envelope import sealed

BOOK, CANCEL, TRACK, PUSH = "020003", "020006", "040001", "040002"
VERSION = "V1.0.0"
GOODS = "3"  # contentsAttribute: 1 documents, 3 goods
SENDER_PAYS = "1"
NO_CASH_ON_DELIVERY = "9"
MOBILE = re.compile(r"1\d{10}")
REASON = "寄件人取消"


def form_of(
    api: str, content: Any, *, sender_no: str, authorization: str, sign_key: str, at: datetime
) -> dict[str, str]:
    """The form of one call; `logitcsInterface` is spelt as the interface spells it."""
    return {
        "apiCode": api,
        "senderNo": sender_no,
        "authorization": authorization,
        "msgType": "0",
        "timeStamp": written_moment(at),
        "version": VERSION,
        "logitcsInterface": sealed(content, sign_key),
    }


def order_of(order: Order, *, customer: str, product: str) -> list[Mapping[str, Any]]:
    """A booking: a list of one order. `customer` is what the interface calls ecommerceUserId."""
    return [
        {
            "createdTime": written_moment(order.ordered_at),
            "ecommerceUserId": customer,
            "logisticsOrderNo": order.reference,
            "oneBillFlag": "0",
            "contentsAttribute": GOODS,
            "bizProductNo": product,
            "weight": str(order.weight_g),
            "paymentMode": SENDER_PAYS,
            "codFlag": NO_CASH_ON_DELIVERY,
            "sender": _party(order.sender),
            "receiver": _party(order.consignee),
            "cargos": [{"cargoName": order.content, "cargoQuantity": "1", "cargoWeight": str(order.weight_g)}],
        }
    ]


def cancellation_of(reference: str, waybill_number: str) -> Mapping[str, str]:
    """A booking taken back."""
    return {"logisticsOrderNo": reference, "waybillNo": waybill_number, "cancelReason": REASON}


def question_of(waybill_number: str) -> Mapping[str, str]:
    """A question after one parcel; direction 0 is on its way out."""
    return {"waybillNo": waybill_number, "direction": "0"}


def written_moment(at: datetime) -> str:
    """China's clock."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def _party(party: Party) -> Mapping[str, str]:
    digits = re.sub(r"[\s-]", "", party.phone).removeprefix("+86")
    phone = {"mobile": digits} if MOBILE.fullmatch(digits) else {"phone": party.phone}
    return {
        "name": party.name,
        **phone,
        "prov": party.province,
        "city": party.city,
        "county": party.district,
        "address": party.detail,
    }
