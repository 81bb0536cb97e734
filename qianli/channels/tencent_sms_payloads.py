"""What 腾讯云短信 is told, and its signature TC3-HMAC-SHA256: pure.

Sources, read 2026-11-30: 签名方法 v3 (cloud.tencent.com/document/api/382/52072) with its published example, which is a
test; SendSms and PullSmsSendStatusByPhoneNumber of 2021-01-11 (cloud.tencent.com/document/api/382/55981 and its SDKs).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from qianli.channels.live import Outgoing
from qianli.channels.reading import ZONE
from qianli.channels.sms import mobile
from qianli.channels.templates import filled, read

SERVICE, VERSION = "sms", "2021-01-11"
SEND, PULL = "SendSms", "PullSmsSendStatusByPhoneNumber"
ALGORITHM = "TC3-HMAC-SHA256"
CONTENT_TYPE = "application/json; charset=utf-8"
SIGNED = "content-type;host;x-tc-action"
MOST = 100
#: A day's messages are looked for this long after it as well: what was sent before midnight may be received later.
LATER = timedelta(hours=6)


def sending_of(one: Outgoing, *, sdk_app_id: str, sign_name: str) -> dict[str, Any]:
    """The content of SendSms; our key comes back in SessionContext."""
    return {
        "PhoneNumberSet": [f"+86{number}" if (number := mobile(one.to)) else one.to],
        "SmsSdkAppId": sdk_app_id,
        "SignName": sign_name,
        "TemplateId": read(one.template).id,
        "TemplateParamSet": list(filled(one).values()),
        "SessionContext": one.key,
    }


def question_of(number: str, day: date, *, sdk_app_id: str, now: datetime) -> dict[str, Any]:
    """The content of a question for what a number was sent on this day."""
    begins = datetime.combine(day, time(), ZONE)
    ends = min(begins + timedelta(days=1) + LATER, now)
    return {
        "BeginTime": int(begins.timestamp()),
        "EndTime": int(ends.timestamp()),
        "Offset": 0,
        "Limit": MOST,
        "PhoneNumber": f"+86{mobile(number)}",
        "SmsSdkAppId": sdk_app_id,
    }


def headers_of(
    action: str, payload: bytes, *, host: str, region: str, secret_id: str, secret_key: str, at: datetime
) -> dict[str, str]:
    """The signed headers of a call, but for Content-Type and Host."""
    authorization = authorization_of(
        action, payload, host=host, service=SERVICE, secret_id=secret_id, secret_key=secret_key, at=at
    )
    return {
        "Authorization": authorization,
        "X-TC-Action": action,
        "X-TC-Version": VERSION,
        "X-TC-Timestamp": str(int(at.timestamp())),
        "X-TC-Region": region,
    }


def authorization_of(
    action: str, payload: bytes, *, host: str, service: str, secret_id: str, secret_key: str, at: datetime
) -> str:
    """The header Authorization."""
    day = at.astimezone(UTC).date().isoformat()
    scope = f"{day}/{service}/tc3_request"
    headers = f"content-type:{CONTENT_TYPE}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    canonical = f"POST\n/\n\n{headers}\n{SIGNED}\n{_hash(payload)}"
    to_sign = f"{ALGORITHM}\n{int(at.timestamp())}\n{scope}\n{_hash(canonical.encode())}"
    key = f"TC3{secret_key}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"


def written(content: Mapping[str, Any]) -> bytes:
    """The very bytes that are signed and sent."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
