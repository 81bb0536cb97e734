"""A stand-in for 快递100: checks sign, company and phone, locks a number for half an hour, calls back with salted sign.

What it answers for a locked number is assumed: no code is published for it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from fastapi import FastAPI, Request

LOCK = timedelta(minutes=30)
COMPANIES = {"shunfeng", "ems", "youzhengguonei", "jd", "zhongtong", "yuantong", "shentong", "yunda", "jtexpress"}
LONGEST_NUMBER = 32


def _md5(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


@dataclass
class Tracker:
    """Its account with us, what it knows of each number, who wants to be told."""

    customer: str = "STANDIN"
    key: str = "stand-in-key"
    salt: str = "stand-in-salt"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    phones: dict[str, str] = field(default_factory=dict)
    histories: dict[str, dict[str, Any]] = field(default_factory=dict)
    subscribed: dict[str, dict[str, str]] = field(default_factory=dict)
    asked_at: dict[str, datetime] = field(default_factory=dict)
    queries: int = 0
    companies: list[str] = field(default_factory=list)

    def values(self, url: str) -> dict[str, str]:
        """What an account with it has to be given."""
        own = {"customer": self.customer, "key": self.key, "salt": self.salt}
        return own | {"query_url": f"{url}/poll/query.do", "subscribe_url": f"{url}/poll"}

    def app(self) -> FastAPI:
        """The interface."""
        app = FastAPI(openapi_url=None)

        @app.post("/poll/query.do")
        async def _query(request: Request) -> dict[str, Any]:
            return self.query(await _form(request))

        @app.post("/poll")
        async def _subscribe(request: Request) -> dict[str, Any]:
            return self.subscribe(await _form(request))

        return app

    def query(self, form: Mapping[str, str]) -> dict[str, Any]:
        """A realtime query."""
        self.queries += 1
        param = form.get("param", "")
        if form.get("customer") != self.customer or form.get("sign") != _md5(param, self.key, self.customer):
            return _refused("503", "验证签名失败")
        asked = json.loads(param)
        number, company = str(asked.get("num", "")), asked.get("com")
        if company not in COMPANIES or not 0 < len(number) <= LONGEST_NUMBER:
            return _refused("400", "提交的数据不完整")
        if company == "shunfeng" and self.phones.get(number) not in {None, asked.get("phone")}:
            return _refused("408", "快递公司参数异常：验证码错误")
        if (before := self.asked_at.get(number)) and self.now() - before < LOCK:
            return _refused("502", "单号查询过于频繁，已锁定")
        self.asked_at[number] = self.now()
        known = self.histories.get(number)
        return known or _refused("500", "查询无结果，请隔段时间再查")

    def subscribe(self, form: Mapping[str, str]) -> dict[str, Any]:
        """A subscription."""
        param = json.loads(form.get("param", "null"))
        if form.get("schema") != "json" or not isinstance(param, dict) or not param.get("number"):
            return _refused("700", "订阅方的订阅数据存在错误")
        if param.get("key") != self.key:
            return _refused("600", "您不是合法的订阅者")
        parameters = param["parameters"]
        if param["company"] not in COMPANIES and parameters.get("autoCom") != "1":
            return _refused("701", "订阅方的快递公司编码不正确")
        self.companies.append(param["company"])
        if param["number"] in self.subscribed:
            return _refused("501", "重复订阅")
        self.subscribed[param["number"]] = parameters
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    def know(self, number: str, *entries: Mapping[str, str], state: str, company: str = "shunfeng") -> None:
        """Let it know this history, newest first."""
        self.histories[number] = {
            "message": "ok", "nu": number, "ischeck": "1" if state in {"3", "4", "14"} else "0", "com": company,
            "status": "200", "state": state, "condition": "00", "data": list(entries),
        }  # fmt: skip

    def callback_of(self, number: str, *, status: str = "polling", **more: str) -> dict[str, str]:
        """The form it calls back with; `more` are comOld, comNew, message …."""
        nothing = {"nu": number, "state": "0", "data": []}
        message = {"status": status, "message": "", "lastResult": self.histories.get(number, nothing), **more}
        param = json.dumps(message, ensure_ascii=False)
        return {"sign": _md5(param, self.salt), "param": param}

    def push(self, number: str, **more: str) -> bool:
        """Call back who subscribed; whether it was taken. A number that it gives up is no longer followed."""
        url = self.subscribed[number]["callbackurl"]
        answer = requests.post(url, data=self.callback_of(number, **more), timeout=30)
        if more.get("status") == "abort":
            del self.subscribed[number]
        return answer.ok and answer.json().get("returnCode") == "200"


async def _form(request: Request) -> dict[str, str]:
    async with request.form() as form:
        return {key: value for key, value in form.items() if isinstance(value, str)}


def _refused(code: str, message: str) -> dict[str, Any]:
    return {"result": False, "returnCode": code, "message": message}
