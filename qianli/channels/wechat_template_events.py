"""What 微信 tells the address of an official account: whether template messages arrived, and that it wants to know us.

Sources, read 2026-11-30: the event TEMPLATESENDJOBFINISH with its samples as public clients quote the documentation.
It proves who speaks by sha1 over our token, a time and a number, which says nothing of the body: so that a call that
was overheard is of little use, its time must be near ours. Only 明文模式 is read; what comes encrypted says nothing.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from qianli.channels.live import Delivery
from qianli.channels.reading import LONGEST_CODE, LONGEST_ID
from qianli.errors import UnreadableAnswer
from qianli.interfaces.pushes import Push, PushAnswer

FINISHED = "TEMPLATESENDJOBFINISH"
FRESH = timedelta(minutes=10)
RECEIVED = {"success": True, "failed:user block": False, "failed:system failed": False}
LONGEST_NUMBER = 12


def signature(token: str, timestamp: str, nonce: str) -> str:
    """Sha1 over the three in order of the alphabet."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode(), usedforsecurity=False).hexdigest()


def is_authentic(push: Push, token: str, now: datetime) -> bool:
    """Whether it was signed with our token, not long ago."""
    timestamp, nonce = push.query.get("timestamp", ""), push.query.get("nonce", "")
    if not token or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_NUMBER):
        return False
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        return False
    try:
        expected = signature(token, timestamp, nonce)
    except UnicodeEncodeError:
        return False
    return hmac.compare_digest(expected.encode(), push.query.get("signature", "").encode(errors="replace"))


def is_report(push: Push) -> bool:
    """Whether it says what became of a message; all else (what people write to the account) is none of ours."""
    return FINISHED.encode() in push.body


def deliveries_in(push: Push) -> list[Delivery]:
    """What an event reports; nothing for another event or for what somebody wrote to the account."""
    try:
        root = fromstring(push.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise UnreadableAnswer("微信推送的内容看不懂：不是 XML。") from None
    said = {child.tag: (child.text or "").strip() for child in root}
    if said.get("Event") != FINISHED:
        return []
    number, at = said.get("MsgID", "") or said.get("MsgId", ""), _moment(said.get("CreateTime", ""))
    if not number or at is None:
        raise UnreadableAnswer("微信推送的模板消息结果里没有编号或时间。")
    status = said.get("Status", "").replace(": ", ":")
    return [Delivery(number[:LONGEST_ID], "", RECEIVED.get(status), status[:LONGEST_CODE], "", at)]


def answered(*, accepted: bool) -> PushAnswer:
    """`success` or nothing is taken for yes; anything else makes it come three times in all."""
    return PushAnswer(b"success" if accepted else b"failed", "text/plain; charset=utf-8")


def _moment(seconds: str) -> datetime | None:
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= LONGEST_NUMBER):
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
