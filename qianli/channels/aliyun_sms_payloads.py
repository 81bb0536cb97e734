"""What 阿里云短信 is told, and its signature ACS3-HMAC-SHA256: pure.

Sources, read 2026-11-30: V3版本请求体&签名机制 (help.aliyun.com/zh/resource-management/common-parameters) with its
published example, which is a test; SendSms and QuerySendDetails of 2017-05-25 (help.aliyun.com/document_detail/419277
and its SDKs). Its own SDKs write the parameters into the query of a POST without a body, and so do we: the address of a
call holds the receiver's number and is never logged or shown.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import quote

from qianli.channels.live import Outgoing
from qianli.channels.sms import mobile
from qianli.channels.templates import filled, read

VERSION = "2017-05-25"
SEND, QUERY = "SendSms", "QuerySendDetails"
ALGORITHM = "ACS3-HMAC-SHA256"
MOST = 50  # on a page
NOTHING = hashlib.sha256(b"").hexdigest()


def sending_of(one: Outgoing, *, sign_name: str) -> dict[str, str]:
    """The parameters of SendSms; our key is OutId and comes back with answers, details and reports."""
    values = json.dumps(filled(one), ensure_ascii=False, separators=(",", ":"))
    return {
        "PhoneNumbers": mobile(one.to) or one.to,
        "SignName": sign_name,
        "TemplateCode": read(one.template).id,
        "TemplateParam": values,
        "OutId": one.key,
    }


def question_of(number: str, day: date, page: int) -> dict[str, str]:
    """The parameters of a question for what a number was sent on a day (the last 30 can be asked for)."""
    return {
        "PhoneNumber": mobile(number) or "",
        "SendDate": f"{day:%Y%m%d}",
        "PageSize": str(MOST),
        "CurrentPage": str(page),
    }


def query_of(parameters: Mapping[str, str]) -> str:
    """The canonical query, which is also the one that is sent."""
    return "&".join(f"{_encoded(key)}={_encoded(value)}" for key, value in sorted(parameters.items()))


def headers_of(
    action: str, query: str, *, host: str, access_key_id: str, access_key_secret: str, nonce: str, at: datetime
) -> dict[str, str]:
    """The signed headers of a call, but for Host; `nonce` is another one for every call."""
    signed = {
        "x-acs-action": action,
        "x-acs-content-sha256": NOTHING,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": VERSION,
    }
    return signed | {
        "Authorization": authorization_of(query, {"host": host} | signed, access_key_id, access_key_secret)
    }


def authorization_of(query: str, headers: Mapping[str, str], access_key_id: str, access_key_secret: str) -> str:
    """The header Authorization of a POST to / without a body."""
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = f"POST\n/\n{query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(access_key_secret.encode(), to_sign.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={access_key_id},SignedHeaders={names},Signature={signature}"


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
