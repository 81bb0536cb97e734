"""What 阿里云短信 answers and pushes, read piece by piece: pure."""

import json
from collections.abc import Mapping
from typing import Any

from qianli.channels.aliyun_sms_codes import CODES, FINE
from qianli.channels.live import KEY_LENGTH, Accepted, Delivery
from qianli.channels.reading import LONGEST_CODE, LONGEST_ID, moment_of, reports_in, text_of
from qianli.channels.refusals import refusal
from qianli.errors import UnreadableAnswer

NAME = "阿里云短信"
#: SmsReport's answer: it looks at the status and at whether `code` is a number.
TAKEN, NOT_TAKEN = {"code": 0, "msg": "成功"}, {"code": 1, "msg": "失败"}


def body_of(answer: Any) -> Mapping[str, Any]:
    """The answer, if it is a good one; or the error it is."""
    code = text_of(answer, "Code", LONGEST_CODE)
    if not code:
        raise UnreadableAnswer(f"{NAME}的应答看不懂，请与其技术人员核对。")
    if code != FINE:
        raise refusal(NAME, code, CODES, text_of(answer, "Message"))
    return dict(answer)


def accepted_of(body: Mapping[str, Any]) -> Accepted:
    """Its number of the message it took."""
    number = text_of(body, "BizId", LONGEST_ID)
    if not number:
        raise UnreadableAnswer(f"{NAME}说发了，应答里却没有 BizId，请与其技术人员核对。")
    return Accepted(number)


def found_in(body: Mapping[str, Any], key: str) -> tuple[Accepted | None, int]:
    """The message under our key on this page, if it is there, and how many entries the page has.

    The details bear our key but not their own number of the message, so what is found has none.
    """
    details = body.get("SmsSendDetailDTOs")
    entries = details.get("SmsSendDetailDTO") if isinstance(details, Mapping) else None
    if not isinstance(entries, list):
        raise UnreadableAnswer(f"{NAME}的应答里没有发送详情，请与其技术人员核对。")
    ours = any(text_of(one, "OutId", KEY_LENGTH) == key for one in entries)
    return Accepted() if ours else None, len(entries)


def deliveries_in(body: bytes) -> list[Delivery]:
    """What a push reports; an entry without number and key, or without time, does not lose the others."""
    read = [_delivery(one) for one in reports_in(body, NAME)]
    return [one for one in read if one is not None]


def answered(*, accepted: bool) -> bytes:
    """What a push expects to hear."""
    return json.dumps(TAKEN if accepted else NOT_TAKEN, ensure_ascii=False).encode()


def _delivery(one: Mapping[str, Any]) -> Delivery | None:
    number, key = text_of(one, "biz_id", LONGEST_ID), text_of(one, "out_id", KEY_LENGTH)
    at = moment_of(text_of(one, "report_time"))
    if at is None or not (number or key):
        return None
    success = one.get("success")
    received = success if isinstance(success, bool) else None
    return Delivery(number, key, received, text_of(one, "err_code", LONGEST_CODE), text_of(one, "err_msg"), at)
