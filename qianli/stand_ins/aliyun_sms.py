"""A stand-in for 阿里云短信, as strict as what is published of it: signature, fields, templates, limits, codes.

It works out the signature for itself, from what arrived, and takes a nonce once. Assumed: that the details of a day
hold a message as soon as it was taken.
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import requests
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp

from qianli.channels.reading import ZONE, written
from qianli.stand_ins.faults import Faults
from qianli.stand_ins.inbox import Shown, fill

PARTS = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<id>[^,]+),SignedHeaders=(?P<signed>[^,]+),Signature=(?P<value>\w+)"
)
MUST_SIGN = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}
SKEW = timedelta(minutes=15)
NUMBER = re.compile(r"1[3-9]\d{9}")
ADDRESS = re.compile(r"https?://|www\.|\.(com|cn)")
LONGEST_VALUE, MOST, A_DAY = 35, 50, 50


class Refusal(Exception):
    """A call that the gateway does not let through: status, code, words."""


@dataclass
class AliyunCloud:
    """Its account with us, its approved templates (code → text with ${name}), what it sent."""

    access_key_id: str = "LTAIstandin00000"
    access_key_secret: str = "stand-in-access-key-secret"  # noqa: S105 - nobody\'s
    sign_name: str = "千里传书"
    templates: dict[str, str] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ("中奖",)
    out_of_service: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    inbox: list[Shown] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)  # BizId → its entry of the details
    _nonces: set[str] = field(default_factory=set)

    def values(self, url: str) -> dict[str, str]:
        """What an account with it has to be given."""
        own = {"access_key_id": self.access_key_id, "access_key_secret": self.access_key_secret}
        return own | {"sign_name": self.sign_name, "url": f"{url}/"}

    def app(self) -> ASGIApp:
        """The interface, faults included."""
        app = FastAPI(openapi_url=None)

        @app.post("/")
        async def _call(request: Request) -> JSONResponse:
            return self.answer(dict(request.headers), request.url.query, await request.body())

        return self.faults.around(app)

    def answer(self, headers: Mapping[str, str], query: str, body: bytes) -> JSONResponse:
        """One call."""
        action = headers.get("x-acs-action", "")
        self.calls[action] += 1
        try:
            self._check(headers, query, body)
            serve = {"SendSms": self._send, "QuerySendDetails": self._details}.get(action)
            if serve is None:
                raise Refusal(404, "InvalidAction.NotFound", "Specified api is not found.")  # noqa: TRY301
            return JSONResponse(serve(dict(parse_qsl(query, keep_blank_values=True))))
        except Refusal as refusal:
            status, code, words = refusal.args
            return JSONResponse({"Code": code, "Message": words, "RequestId": "standin"}, status)

    def report_of(self, number: str, code: str = "DELIVERED", words: str = "用户接收成功") -> bytes:
        """The body of a push on one message."""
        entry = self.sent[number]
        report = {
            "phone_number": entry["PhoneNum"], "send_time": entry["SendDate"], "report_time": written(self.now()),
            "success": code == "DELIVERED", "err_code": code, "err_msg": words, "sms_size": "1", "biz_id": number,
            "out_id": entry["OutId"],
        }  # fmt: skip
        return json.dumps([report], ensure_ascii=False).encode()

    def push(self, url: str, body: bytes) -> bool:
        """Push; whether it was taken: the status is 200, and `code` a number."""
        answer = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30)
        return answer.ok and isinstance(answer.json()["code"], int)

    def _check(self, headers: Mapping[str, str], query: str, body: bytes) -> None:
        found = PARTS.fullmatch(headers.get("authorization", ""))
        if found is None or not set(found["signed"].split(";")) >= MUST_SIGN:
            raise Refusal(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
        if found["id"] != self.access_key_id:
            raise Refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        at = datetime.fromisoformat(headers["x-acs-date"])
        if abs(self.now() - at) > SKEW:
            raise Refusal(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
        if headers["x-acs-content-sha256"] != hashlib.sha256(body).hexdigest():
            raise Refusal(400, "SignatureDoesNotMatch", "Content hash does not match.")
        if not hmac.compare_digest(found["value"], self._signature(found["signed"], headers, query)):
            raise Refusal(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
        if headers["x-acs-signature-nonce"] in self._nonces:
            raise Refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
        self._nonces.add(headers["x-acs-signature-nonce"])

    def _signature(self, signed: str, headers: Mapping[str, str], query: str) -> str:
        lines = "".join(f"{name}:{headers[name]}\n" for name in signed.split(";"))
        ordered = "&".join(sorted(query.split("&")))
        canonical = f"POST\n/\n{ordered}\n{lines}\n{signed}\n{headers['x-acs-content-sha256']}"
        to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
        return hmac.new(self.access_key_secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()

    def _send(self, asked: Mapping[str, str]) -> dict[str, Any]:
        for name in ("PhoneNumbers", "SignName", "TemplateCode"):
            if not asked.get(name):
                raise Refusal(400, f"Missing{name}", f"{name} is mandatory for this action.")
        code = self._refused(asked)
        if code:
            return {"Message": code, "RequestId": "standin", "Code": code}
        number = f"{900619746936498440 + len(self.sent)}^0"
        phone, values = asked["PhoneNumbers"], json.loads(asked.get("TemplateParam") or "{}")
        text = f"【{self.sign_name}】{fill(self.templates[asked['TemplateCode']], values)}"
        self.sent[number] = {
            "PhoneNum": phone, "SendStatus": 1, "TemplateCode": asked["TemplateCode"], "Content": text,
            "SendDate": written(self.now()), "ReceiveDate": "", "ErrCode": "", "OutId": asked.get("OutId", ""),
        }  # fmt: skip
        self.inbox.append(Shown(phone, "10650000", text, "短信", asked.get("OutId", ""), at=self.now()))
        return {"Message": "OK", "RequestId": "standin", "Code": "OK", "BizId": number}

    def _refused(self, asked: Mapping[str, str]) -> str:
        template = self.templates.get(asked["TemplateCode"])
        try:
            values = json.loads(asked.get("TemplateParam") or "{}")
        except ValueError:
            return "isv.INVALID_JSON_PARAM"
        if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
            return "isv.INVALID_JSON_PARAM"
        text = fill(template or "", values)
        before = [one for one in self.sent.values() if one["PhoneNum"] == asked["PhoneNumbers"]]
        tests = (
            (self.out_of_service, "isv.OUT_OF_SERVICE"),
            (not NUMBER.fullmatch(asked["PhoneNumbers"]), "isv.MOBILE_NUMBER_ILLEGAL"),
            (asked["SignName"] != self.sign_name, "isv.SMS_SIGNATURE_ILLEGAL"),
            (template is None, "isv.SMS_TEMPLATE_ILLEGAL"),
            ("${" in text, "isv.TEMPLATE_MISSING_PARAMETERS"),
            (any(ADDRESS.search(one) for one in values.values()), "isv.PARAM_NOT_SUPPORT_URL"),
            (any(len(one) > LONGEST_VALUE for one in values.values()), "isv.PARAM_LENGTH_LIMIT"),
            (any(word in text for word in self.forbidden), "isv.SMS_CONTENT_ILLEGAL"),
            (len(before) >= A_DAY, "isv.BUSINESS_LIMIT_CONTROL"),
        )
        return next((code for is_so, code in tests if is_so), "")

    def _details(self, asked: Mapping[str, str]) -> dict[str, Any]:
        size, page = int(asked["PageSize"]), int(asked["CurrentPage"])
        if not 1 <= size <= MOST or page < 1:
            return {"Message": "参数异常", "RequestId": "standin", "Code": "isv.INVALID_PARAMETERS"}
        day = datetime.strptime(asked["SendDate"], "%Y%m%d").replace(tzinfo=ZONE).date().isoformat()
        found = [
            entry
            for entry in self.sent.values()
            if entry["PhoneNum"] == asked["PhoneNumber"] and entry["SendDate"].startswith(day)
        ]
        some = found[(page - 1) * size : page * size]
        return {
            "Code": "OK", "Message": "OK", "RequestId": "standin", "TotalCount": str(len(found)),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": some},
        }  # fmt: skip
