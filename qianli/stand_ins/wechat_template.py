"""A stand-in for an official account's template messages, as strict as what is known of them.

Tokens live 7,200 seconds and can be ended; receivers must follow; fields keep their forms; a key is known for ten
minutes. Assumed: that the second of two messages under one key is answered like the first.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from qianli.channels.wechat_template_codes import problem_of
from qianli.channels.wechat_template_events import signature
from qianli.stand_ins.faults import Faults
from qianli.stand_ins.inbox import Shown, fill

TOKEN_LASTS = timedelta(seconds=7200)
KEY_KEPT = timedelta(minutes=10)
EVENT = """<xml><ToUserName><![CDATA[gh_standin00000]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>
<CreateTime>{at}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>
<MsgID>{msgid}</MsgID><Status><![CDATA[{status}]]></Status></xml>"""


@dataclass
class Followed:
    """An official account: who follows it, its templates (id → text with {{thing1}} as {thing1}), what it sent."""

    app_id: str = "wx5353535353535353"
    app_secret: str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"  # noqa: S105 - nobody\'s
    token: str = "stand-in-token"  # noqa: S105 - nobody\'s
    name: str = "支部服务号"
    followers: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    templates: dict[str, str] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    inbox: list[Shown] = field(default_factory=list)
    fetched: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    _sent: dict[tuple[str, str], tuple[int, datetime]] = field(default_factory=dict)
    _until: datetime | None = None

    def values(self, url: str) -> dict[str, str]:
        """What an account with it has to be given."""
        own = {"app_id": self.app_id, "app_secret": self.app_secret, "token": self.token}
        return own | {"url": f"{url}/cgi-bin/message/template/send", "token_url": f"{url}/cgi-bin/stable_token"}

    def app(self) -> ASGIApp:
        """The interface, faults included."""
        app = FastAPI(openapi_url=None)

        @app.post("/cgi-bin/stable_token")
        async def _token(request: Request) -> dict[str, Any]:
            return self.answer_token(json.loads(await request.body()))

        @app.post("/cgi-bin/message/template/send")
        async def _send(request: Request, access_token: str = "") -> dict[str, Any]:
            return self.answer(access_token, json.loads(await request.body()))

        return self.faults.around(app)

    def answer_token(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A question for the token: the same one while it lasts."""
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != self.app_id:
            return {"errcode": 40013, "errmsg": "invalid appid rid: 0"}
        if asked.get("secret") != self.app_secret:
            return {"errcode": 40125, "errmsg": "invalid appsecret rid: 0"}
        if self._until is None or self.now() >= self._until:
            self.fetched += 1
            self._until = self.now() + TOKEN_LASTS
        left = int((self._until - self.now()).total_seconds())
        return {"access_token": self._current, "expires_in": left}

    def end_token(self) -> None:
        """Let the token be over before its time."""
        self._until = None

    def answer(self, access_token: str, message: dict[str, Any]) -> dict[str, Any]:
        """A message to one follower."""
        self.calls["send"] += 1
        if self._until is None or access_token != self._current:
            return {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest rid: 0"}
        if self.now() >= self._until:
            return {"errcode": 42001, "errmsg": "access_token expired rid: 0"}
        if wrong := self._wrong(message):
            return wrong
        openid, key = message["touser"], str(message.get("client_msg_id", ""))
        before, at = self._sent.get((openid, key), (0, self.now()))
        if key and before and self.now() - at < KEY_KEPT:
            return {"errcode": 0, "errmsg": "ok", "msgid": before}
        number = 200_163_000 + len(self._sent) + 1
        self._sent[(openid, key or str(number))] = (number, self.now())
        values = {name: one["value"] for name, one in message["data"].items()}
        text = fill(self.templates[message["template_id"]], values)
        shown = Shown(openid, self.name, text, "微信公众号", key, message.get("url", ""), self.now())
        self.inbox.append(shown)
        return {"errcode": 0, "errmsg": "ok", "msgid": number}

    def event_of(self, openid: str, number: int | str, status: str = "success") -> bytes:
        """The body of what it says of a message."""
        return EVENT.format(openid=openid, at=int(self.now().timestamp()), msgid=number, status=status).encode()

    def signed(self, token: str, at: datetime | None = None) -> dict[str, str]:
        """The query with which it proves who it is."""
        timestamp, nonce = str(int((at or self.now()).timestamp())), "1320562132"
        return {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}

    def push(self, url: str, body: bytes, *, at: datetime | None = None, token: str | None = None) -> bool:
        """Tell an address; whether it was taken."""
        query = self.signed(token or self.token, at)
        answer = requests.post(url, params=query, data=body, headers={"Content-Type": "text/xml"}, timeout=30)
        return answer.ok and answer.content in {b"success", b""}

    @property
    def _current(self) -> str:
        return f"token-{self.fetched}"

    def _wrong(self, message: dict[str, Any]) -> dict[str, Any] | None:
        if message.get("template_id") not in self.templates:
            return {"errcode": 40037, "errmsg": "invalid template_id rid: 0"}
        if message.get("touser") in self.refusing:
            return {"errcode": 43101, "errmsg": "user refuse to accept the msg rid: 0"}
        if message.get("touser") not in self.followers:
            is_openid = str(message.get("touser", "")).startswith("o")
            return (
                {"errcode": 43004, "errmsg": "require subscribe rid: 0"}
                if is_openid
                else {"errcode": 40003, "errmsg": "invalid openid rid: 0"}
            )
        for name, one in message.get("data", {}).items():
            if not one.get("value") or problem_of(name, one["value"]):
                return {"errcode": 47003, "errmsg": f"argument invalid! data.{name}.value invalid rid: 0"}
        return None
