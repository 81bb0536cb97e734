"""What 快递100 answers and pushes, read piece by piece: pure."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from models import Tracking
from qianli.couriers.kuaidi100_codes import CODES, NAMES, NOT_ARRIVED, UNKNOWN
from qianli.couriers.live import Said, Told
from qianli.couriers.moments import read_moment
from qianli.errors import ConfigurationError, CourierUnavailable, QianliError, UnreadableAnswer

FINE, NOTHING_KNOWN, PHONE_WRONG, FOLLOWED_ALREADY = "200", "500", "408", "501"
PASSING = {"501", "502"}
#: Of a subscription 501 means that it is there already, and 500 that something is wrong on its side.
PASSING_SUBSCRIPTION = {"500", "502"}
ACCOUNT_WRONG = {"503", "600", "601"}
ABORTED = "abort"
COMPANY = re.compile(r"[a-z0-9]{1,20}")
LONGEST_CODE, LONGEST_TEXT, LONGEST_PLACE, LONGEST_NUMBER = 40, 300, 100, 40
KEPT = ("time", "ftime", "context", "status", "statusCode", "location", "areaCode", "areaName")


def told_of(answer: Any) -> Told:
    """What a query's answer says; nothing if it has no news of the number."""
    if not isinstance(answer, Mapping):
        raise UnreadableAnswer("快递100 的应答看不懂，请与其技术人员核对。")
    if isinstance(answer.get("data"), list):
        return history_of(answer)
    code = str(answer.get("returnCode", ""))
    if code == NOTHING_KNOWN:
        return Told()
    if code == PHONE_WRONG:
        return Told(unread=["快递100 说收件人电话后四位对不上，这一件查不到。"])
    raise _refusal(code, PASSING)


def check_subscribed(answer: Any) -> None:
    """Return if the number is followed now, or was already; else one of our errors."""
    code = str(answer.get("returnCode", "")) if isinstance(answer, Mapping) else ""
    if code not in {FINE, FOLLOWED_ALREADY}:
        raise _refusal(code, PASSING_SUBSCRIPTION)


def _refusal(code: str, passing: set[str]) -> QianliError:
    if code in passing:
        return CourierUnavailable("快递100 的接口暂时不能用，稍后会再试。")
    if code in ACCOUNT_WRONG:
        return ConfigurationError("快递100 不认这个账号，或者余额用完了，请核对 customer、key 和套餐。")
    shown = code if code.isdigit() else "没有返回码"
    return UnreadableAnswer(f"快递100 没有受理（{shown[:8]}），请核对快递公司和运单号。")


def pushed(param: str) -> Told:
    """What a callback says."""
    try:
        message = json.loads(param)
    except (ValueError, RecursionError):
        raise UnreadableAnswer("快递100 推送的内容看不懂。") from None
    result = message.get("lastResult") if isinstance(message, Mapping) else None
    if not isinstance(result, Mapping) or not _text(result, "nu", LONGEST_NUMBER):
        raise UnreadableAnswer("快递100 推送的内容里没有运单号。")
    told, number = history_of(result), _text(result, "nu", LONGEST_NUMBER)
    other = _text(message, "comNew", LONGEST_CODE)
    corrected = COMPANY.fullmatch(other) and other != _text(message, "comOld", LONGEST_CODE)
    ended = _text(message, "status", LONGEST_CODE) == ABORTED
    return Told(told.said, told.unread, [number] if ended else [], {number: other} if corrected else {})


def history_of(result: Mapping[str, Any]) -> Told:
    """Every entry of one parcel's history; one that cannot be read does not lose the others."""
    number, entries = _text(result, "nu", LONGEST_NUMBER), result.get("data")
    if not number:
        raise UnreadableAnswer("快递100 的应答里没有运单号。")
    state = _text(result, "state", LONGEST_CODE)
    read = [_said(number, entry) for entry in (entries if isinstance(entries, list) else ())]
    said = [one for one in read if one is not None]
    unread = ["快递100 的一条轨迹看不懂，其余照录。"] * (len(read) - len(said))
    return Told(list(_with_state(said, state)), unread)


def _with_state(said: list[Said], state: str) -> Iterator[Said]:
    """The parcel's state belongs to its newest entry: where that bears no code, or is called signed for a return.

    `ischeck` is not looked at: it is set for refused and returned parcels as well.
    """
    newest = max(range(len(said)), key=lambda index: (said[index].happened_at, -index), default=None)
    whole = CODES.get(state, UNKNOWN)
    for index, one in enumerate(said):
        overruled = one.tracking is Tracking.delivered and whole.tracking in NOT_ARRIVED
        if index == newest and state and (not one.code or overruled):
            yield _coded(one, state)
        else:
            yield one


def _coded(one: Said, code: str) -> Said:
    found = CODES.get(code, UNKNOWN)
    return Said(one.waybill_number, code, found.tracking, one.happened_at, one.text, one.place,
                found.delivered_to, raw=one.raw)  # fmt: skip


def _said(number: str, entry: Any) -> Said | None:
    """One entry; its code is its statusCode, or the one of its status in words."""
    if not isinstance(entry, Mapping):
        return None
    status = _text(entry, "status", LONGEST_CODE)
    code = _text(entry, "statusCode", LONGEST_CODE) or NAMES.get(status, status)
    found = CODES.get(code, UNKNOWN)
    at = read_moment(_text(entry, "ftime", LONGEST_CODE) or _text(entry, "time", LONGEST_CODE), found.tracking)
    if at is None:
        return None
    return Said(
        number,
        code,
        found.tracking,
        at,
        _text(entry, "context", LONGEST_TEXT),
        _text(entry, "areaName", LONGEST_PLACE) or _text(entry, "location", LONGEST_PLACE),
        found.delivered_to,
        raw={key: _text(entry, key, LONGEST_TEXT) for key in KEPT if entry.get(key) is not None},
    )


def _text(source: Mapping[str, Any], key: str, longest: int) -> str:
    """A field as text a database takes: no NUL, no half of a pair, no more than so many characters."""
    value = source.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and abs(value) >= 10**longest:
        return ""
    clean = str(value).replace("\0", "").encode("utf-8", "ignore").decode()
    return clean.strip()[:longest]
