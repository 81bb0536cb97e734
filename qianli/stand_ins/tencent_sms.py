"""A stand-in for 腾讯云短信, as strict as what is published of it: signature, fields, templates, limits, codes.

It works out the signature for itself, from what arrived. Assumed: how its numbers of messages look inside.
"""

import hashlib
import hmac
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from qianli.channels.reading import written
from qianli.stand_ins.faults import Faults
from qianli.stand_ins.inbox import Shown, fill

PARTS = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/]+)/(?P<scope>\S+), SignedHeaders=(?P<signed>\S+), Signature=(?P<value>\w+)"
)
VERSION = "2021-01-11"
SKEW = timedelta(minutes=5)
NUMBER = re.compile(r"\+861[3-9]\d{9}")
ADDRESS = re.compile(r"https?://|www\.|\.(com|cn)")
LONGEST_VALUE, LONGEST_TEXT, LONGEST_SESSION = 12, 500, 512
PAUSE = timedelta(seconds=30)


class Refusal(Exception):
    """A whole call that is not served."""


@dataclass
class TencentCloud:
    """Its account with us, its approved templates (id → text with {1}), what it sent."""

    secret_id: str = "AKIDstandin0000000000000000000000000"  # noqa: S105 - nobody\'s
    secret_key: str = "stand-in-secret-key-00000000000"  # noqa: S105 - nobody\'s
    sdk_app_id: str = "1400006666"
    sign_name: str = "千里传书"
    templates: dict[str, str] = field(default_factory=dict)
    blacklist: set[str] = field(default_factory=set)
    sensitive: tuple[str, ...] = ("中奖",)
    balance: int | None = None
    pauses: bool = True
    knows_context: bool = True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    inbox: list[Shown] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    sent: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)  # number of it → phone, key, when
    _last: dict[str, datetime] = field(default_factory=lambda: defaultdict(lambda: datetime.min.replace(tzinfo=UTC)))

    def values(self, url: str) -> dict[str, str]:
        """What an account with it has to be given."""
        own = {"secret_id": self.secret_id, "secret_key": self.secret_key, "sdk_app_id": self.sdk_app_id}
        return own | {"sign_name": self.sign_name, "url": f"{url}/"}

    def app(self) -> ASGIApp:
        """The interface, faults included."""
        app = FastAPI(openapi_url=None)

        @app.post("/")
        async def _call(request: Request) -> dict[str, Any]:
            return self.answer(dict(request.headers), await request.body())

        return self.faults.around(app)

    def answer(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """One call."""
        action = headers.get("x-tc-action", "")
        self.calls[action] += 1
        try:
            self._check(headers, body)
            serve = {"SendSms": self._send, "PullSmsSendStatusByPhoneNumber": self._pull}.get(action)
            if serve is None:
                raise Refusal("InvalidAction", "The request action is invalid.")  # noqa: TRY301
            return {"Response": {**serve(json.loads(body)), "RequestId": f"standin-{self.calls.total()}"}}
        except Refusal as refusal:
            code, words = refusal.args
            return {"Response": {"Error": {"Code": code, "Message": words}, "RequestId": "standin"}}

    def report_of(
        self, number: str, status: str = "SUCCESS", code: str = "DELIVRD", words: str = "用户短信送达成功"
    ) -> bytes:
        """The body of a callback on one message."""
        phone = self.sent[number][0]
        entry = {
            "user_receive_time": written(self.now()), "nationcode": "86", "mobile": phone.removeprefix("+86"),
            "report_status": status, "errmsg": code, "description": words, "sid": number,
        }  # fmt: skip
        return json.dumps([entry], ensure_ascii=False).encode()

    def push(self, url: str, body: bytes) -> bool:
        """Call back; whether it was taken."""
        answer = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30)
        return answer.ok and answer.json()["result"] == 0

    def _check(self, headers: Mapping[str, str], body: bytes) -> None:
        found = PARTS.fullmatch(headers.get("authorization", ""))
        if found is None or headers.get("x-tc-version") != VERSION or not headers.get("x-tc-region"):
            raise Refusal("AuthFailure.InvalidAuthorization", "Authorization header is not valid.")
        if found["id"] != self.secret_id:
            raise Refusal("AuthFailure.SecretIdNotFound", "The SecretId is not found.")
        if abs(self.now().timestamp() - int(headers["x-tc-timestamp"])) > SKEW.total_seconds():
            raise Refusal("AuthFailure.SignatureExpire", "The provided credentials have expired.")
        if not hmac.compare_digest(found["value"], self._signature(found, headers, body)):
            raise Refusal("AuthFailure.SignatureFailure", "The provided credentials could not be validated.")

    def _signature(self, found: re.Match[str], headers: Mapping[str, str], body: bytes) -> str:
        lines = "".join(f"{name}:{headers[name].lower()}\n" for name in found["signed"].split(";"))
        canonical = f"POST\n/\n\n{lines}\n{found['signed']}\n{hashlib.sha256(body).hexdigest()}"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"TC3-HMAC-SHA256\n{headers['x-tc-timestamp']}\n{found['scope']}\n{digest}"
        key = ("TC3" + self.secret_key).encode()
        for part in found["scope"].split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()

    def _send(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        for name in ("PhoneNumberSet", "SmsSdkAppId", "TemplateId"):
            if not asked.get(name):
                raise Refusal("MissingParameter", f"The request is missing a required parameter {name}.")
        if asked["SmsSdkAppId"] != self.sdk_app_id:
            raise Refusal("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SdkAppId verify failed.")
        (phone,) = asked["PhoneNumberSet"]
        code = self._refused(phone, asked)
        number = ""
        if not code:
            number = f"5000:{1045710669157053657849499619 + len(self.sent)}"
            self._keep(number, phone, asked)
        status = {
            "SerialNo": number, "PhoneNumber": phone, "Fee": 0 if code else 1,
            "SessionContext": asked.get("SessionContext", ""), "Code": code or "Ok",
            "Message": code or "send success", "IsoCode": "CN",
        }  # fmt: skip
        return {"SendStatusSet": [status]}

    def _refused(self, phone: str, asked: Mapping[str, Any]) -> str:
        template, values = self.templates.get(asked["TemplateId"]), asked.get("TemplateParamSet") or []
        wanted = set(re.findall(r"\{(\d+)\}", template or ""))
        text = fill(template or "", {str(place): value for place, value in enumerate(values, 1)})
        tests = (
            (not NUMBER.fullmatch(phone), "InvalidParameterValue.IncorrectPhoneNumber"),
            (asked.get("SignName") != self.sign_name, "FailedOperation.SignatureIncorrectOrUnapproved"),
            (template is None, "FailedOperation.TemplateIncorrectOrUnapproved"),
            (len(wanted) != len(values), "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
            (any(ADDRESS.search(one) for one in values), "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"),
            (any(len(one) > LONGEST_VALUE for one in values), "InvalidParameterValue.TemplateParameterLengthLimit"),
            (len(text) + len(self.sign_name) + 2 > LONGEST_TEXT, "InvalidParameterValue.ContentLengthLimit"),
            (any(word in text for word in self.sensitive), "FailedOperation.ContainSensitiveWord"),
            (len(asked.get("SessionContext", "").encode()) >= LONGEST_SESSION, "InvalidParameterValue"),
            (phone in self.blacklist, "FailedOperation.PhoneNumberInBlacklist"),
            (self.balance == 0, "FailedOperation.InsufficientBalanceInSmsPackage"),
            (self.pauses and self.now() - self._last[phone] < PAUSE, "LimitExceeded.PhoneNumberThirtySecondLimit"),
        )
        return next((code for is_so, code in tests if is_so), "")

    def _keep(self, number: str, phone: str, asked: Mapping[str, Any]) -> None:
        if self.balance is not None:
            self.balance -= 1
        self._last[phone] = self.now()
        key = asked.get("SessionContext", "")
        self.sent[number] = (phone, key, self.now())
        values = {str(place): value for place, value in enumerate(asked.get("TemplateParamSet") or [], 1)}
        text = f"【{self.sign_name}】{fill(self.templates[asked['TemplateId']], values)}"
        self.inbox.append(Shown(phone.removeprefix("+86"), "10690000", text, "短信", key, at=self.now()))

    def _pull(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        statuses = [
            {
                "UserReceiveTime": int(at.timestamp()), "CountryCode": "86", "SubscriberNumber": phone[3:],
                "PhoneNumber": phone, "SerialNo": number, "ReportStatus": "SUCCESS", "Description": "DELIVRD",
                "SessionContext": key if self.knows_context else "",
            }
            for number, (phone, key, at) in self.sent.items()
            if phone == asked["PhoneNumber"] and asked["BeginTime"] <= at.timestamp() <= asked["EndTime"]
        ]  # fmt: skip
        return {"PullSmsSendStatusSet": statuses[: asked["Limit"]]}
