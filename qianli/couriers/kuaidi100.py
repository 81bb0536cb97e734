"""快递100: a third party that follows parcels of any courier. Off until an account is in settings.

Told are the waybill number, the courier and, where that asks for it, the last four digits of the phone. It pushes what
it learns; a number that it gives up (`abort`) may be subscribed again after half an hour, and one number may be
queried every half hour. Known from its own public SDKs, not from a live service.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from qianli.couriers import kuaidi100_answers as answers
from qianli.couriers.kuaidi100_codes import CODES, COMPANIES, WANTS_PHONE
from qianli.couriers.live import Asked, Told
from qianli.couriers.registry import COURIERS
from qianli.errors import UnreadableAnswer
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.pushes import Push, PushAnswer
from qianli.interfaces.wire import Limit, Wire

NAME = "快递100"
THIRD_PARTY = True
DATA = "运单号、收件电话后四位"
NEEDS = (
    Need("customer", "授权参数 customer"),
    Need("key", "授权密钥 key"),
    Need("salt", "回调签名用的 salt（自己定，长而随机）"),
    Need("query_url", "实时查询地址", "https://poll.kuaidi100.com/poll/query.do"),
    Need("subscribe_url", "订阅地址", "https://poll.kuaidi100.com/poll"),
)
QUERY, SUBSCRIBE = "kuaidi100_query", "kuaidi100_subscribe"
#: No rate is published but the pause for one number; these are modest.
LIMITS = {name: Limit(name, per_second=10) for name in (QUERY, SUBSCRIBE)}
#: Between two queries of one number, and before a number that was given up is subscribed again.
PAUSE = timedelta(minutes=30)
MOST_FIELDS = 20
TAKEN = {"result": True, "returnCode": "200", "message": "成功"}
NOT_TAKEN = {"result": False, "returnCode": "500", "message": "失败"}


def query_form(asked: Asked, *, customer: str, key: str) -> dict[str, str]:
    """What a realtime query sends; signed is the very text that is sent."""
    company = _company(asked)
    if company is None:
        raise UnreadableAnswer("快递100 的实时查询要写明快递公司，这一家还没有对应的代码。")
    content = {"com": company, "num": asked.waybill_number, "resultv2": "4", "show": "0", "order": "desc"}
    param = _written(content | _phone(asked, company))
    return {"customer": customer, "sign": signature(param, key, customer), "param": param}


def subscription_form(asked: Asked, callback_url: str, *, key: str, salt: str) -> dict[str, str]:
    """What a subscription sends; a courier without a code is left to be recognised."""
    company = _company(asked)
    parameters = {"callbackurl": callback_url, "salt": salt, "resultv2": "4", "autoCom": "0" if company else "1"}
    param = {
        "company": company or "",
        "number": asked.waybill_number,
        "key": key,
        "parameters": parameters | _phone(asked, company),
    }
    return {"schema": "json", "param": _written(param)}


def signature(*parts: str) -> str:
    """MD5 over the parts in a row, in capitals, as published."""
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


def is_known(code: str) -> bool:
    """Whether it is in the table, if only as one that says nothing of where the parcel is."""
    return code in CODES


def _company(asked: Asked) -> str | None:
    """Its code of the courier: by ours, or its own, as it corrected it once; None for one it has to recognise."""
    return COMPANIES.get(asked.courier, None if asked.courier in COURIERS else asked.courier)


def _phone(asked: Asked, company: str | None) -> dict[str, str]:
    """Least sight: only to who asks for it, and when nobody knows who it is."""
    wanted = company is None or company in WANTS_PHONE
    return {"phone": asked.phone_last_four[-4:]} if wanted and asked.phone_last_four else {}


def _written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class Kuaidi100:
    """Tracks one number a call, subscribes, reads what is called back."""

    most_asked = 1

    def __init__(self, account: Account, wire: Wire) -> None:
        self._account, self._wire = account, wire

    def track(self, asked: Sequence[Asked]) -> Told:
        """Everything it knows of these parcels, a call each."""
        told = [self._track(one) for one in asked]
        return Told([said for one in told for said in one.said], [line for one in told for line in one.unread])

    def subscribe(self, asked: Asked, callback_url: str) -> None:
        """Have it followed; one that is followed already is no error."""
        form = subscription_form(asked, callback_url, key=self._value("key"), salt=self._value("salt"))
        answers.check_subscribed(self._wire.post_form(self._value("subscribe_url"), form, limit=LIMITS[SUBSCRIBE]))

    def is_authentic(self, push: Push) -> bool:
        """Whether it was signed with our salt."""
        try:
            fields = _fields(push)
        except UnreadableAnswer:
            return False
        expected = signature(fields["param"], self._value("salt"))
        return hmac.compare_digest(expected.encode(), fields["sign"].upper().encode())

    def read_push(self, push: Push) -> Told:
        """What an authentic callback says."""
        return answers.pushed(_fields(push)["param"])

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:  # noqa: ARG002 - the same to every callback
        """Anything but the first makes it call again, three times, every 35 minutes."""
        return PushAnswer(json.dumps(TAKEN if accepted else NOT_TAKEN, ensure_ascii=False).encode())

    def _track(self, one: Asked) -> Told:
        form = query_form(one, customer=self._value("customer"), key=self._value("key"))
        return answers.told_of(self._wire.post_form(self._value("query_url"), form, limit=LIMITS[QUERY]))

    def _value(self, key: str) -> str:
        return self._account.value(NEEDS, key)


def _fields(push: Push) -> dict[str, str]:
    """`sign` and `param` of a form, each once."""
    try:
        pairs = parse_qsl(push.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise UnreadableAnswer("快递100 推送的内容看不懂。") from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or not {"sign", "param"} <= fields.keys():
        raise UnreadableAnswer("快递100 推送的内容里没有签名。")
    return fields


def connect(account: Account, wire: Wire) -> Kuaidi100:
    """The tracker under this account."""
    return Kuaidi100(account, wire)
