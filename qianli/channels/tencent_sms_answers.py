"""What 腾讯云短信 answers and pushes, read piece by piece: pure."""

import json
from collections.abc import Mapping
from typing import Any

from qianli.channels.live import Accepted, Delivery
from qianli.channels.reading import LONGEST_CODE, LONGEST_ID, moment_of, reports_in, text_of
from qianli.channels.refusals import refusal
from qianli.channels.tencent_sms_codes import CODES, FINE
from qianli.errors import UnreadableAnswer

NAME = "腾讯云短信"
#: report_status of a callback (cloud.tencent.com/document/product/382/5807).
RECEIVED = {"SUCCESS": True, "FAIL": False}
TAKEN, NOT_TAKEN = {"result": 0, "errmsg": "OK"}, {"result": 1, "errmsg": "FAIL"}


def response_of(answer: Any) -> Mapping[str, Any]:
    """The business part of an answer; or the error it is."""
    response = answer.get("Response") if isinstance(answer, Mapping) else None
    if not isinstance(response, Mapping):
        raise UnreadableAnswer(f"{NAME}的应答看不懂，请与其技术人员核对。")
    error = response.get("Error")
    if isinstance(error, Mapping):
        raise refusal(NAME, text_of(error, "Code", LONGEST_CODE), CODES, text_of(error, "Message"))
    return response


def accepted_of(response: Mapping[str, Any]) -> Accepted:
    """Its number of the message it took; or one of our errors."""
    statuses = response.get("SendStatusSet")
    if not isinstance(statuses, list) or len(statuses) != 1:
        raise UnreadableAnswer(f"{NAME}的应答里没有发送结果，请与其技术人员核对。")
    (status,) = statuses
    code, number = text_of(status, "Code", LONGEST_CODE), text_of(status, "SerialNo", LONGEST_ID)
    if code != FINE:
        raise refusal(NAME, code, CODES, text_of(status, "Message"))
    if not number:
        raise UnreadableAnswer(f"{NAME}说发了，应答里却没有流水号，请与其技术人员核对。")
    return Accepted(number)


def found_in(response: Mapping[str, Any], key: str) -> Accepted | None:
    """The message under our key among a number's statuses, if it is there."""
    statuses = response.get("PullSmsSendStatusSet")
    if not isinstance(statuses, list):
        raise UnreadableAnswer(f"{NAME}的应答里没有下发状态，请与其技术人员核对。")
    ours = [one for one in statuses if text_of(one, "SessionContext", LONGEST_ID) == key]
    return Accepted(text_of(ours[0], "SerialNo", LONGEST_ID)) if ours else None


def deliveries_in(body: bytes) -> list[Delivery]:
    """What a callback reports; an entry without number or time does not lose the others."""
    read = [_delivery(one) for one in reports_in(body, NAME)]
    return [one for one in read if one is not None]


def answered(*, accepted: bool) -> bytes:
    """What a callback expects to hear."""
    return json.dumps(TAKEN if accepted else NOT_TAKEN).encode()


def _delivery(one: Mapping[str, Any]) -> Delivery | None:
    number, at = text_of(one, "sid", LONGEST_ID), moment_of(text_of(one, "user_receive_time"))
    if not number or at is None:
        return None
    received = RECEIVED.get(text_of(one, "report_status"))
    return Delivery(number, "", received, text_of(one, "errmsg", LONGEST_CODE), text_of(one, "description"), at)
