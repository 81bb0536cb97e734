"""The access token of an official account: fetched once, kept in this process until it is nearly over.

Source: 获取稳定版接口调用凭据 (developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken), of 2026-11-30.
Asked again within its time it answers the same token, so several processes do not drive each other's out, as they would
with the older interface; 7,200 seconds at most, a new one 5 minutes before the end, 10,000 calls a minute.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from qianli.channels.reading import LONGEST_ID, number_of, text_of
from qianli.channels.refusals import refusal
from qianli.channels.wechat_template_codes import CODES
from qianli.errors import UnreadableAnswer

MARGIN_S = 300
LONGEST_TOKEN = 1024


@dataclass
class Tokens:
    """Tokens by account, for all threads of this process."""

    now_s: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, ...], tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, account: tuple[str, ...], fetch: Callable[[], Any]) -> str:
        """The token that is kept, or another one; `fetch` asks for it and gives the answer."""
        with self._lock:
            token, until_s = self._kept.get(account, ("", 0.0))
            if self.now_s() >= until_s or not token:
                token, lasts_s = token_in(fetch())
                self._kept[account] = (token, self.now_s() + max(lasts_s - MARGIN_S, lasts_s / 2))
            return token

    def drop(self, account: tuple[str, ...], token: str) -> None:
        """Forget a token that was refused, unless somebody has another one by now."""
        with self._lock:
            if self._kept.get(account, ("", 0.0))[0] == token:
                del self._kept[account]


def question_of(app_id: str, app_secret: str) -> bytes:
    """What is asked."""
    return json.dumps({"grant_type": "client_credential", "appid": app_id, "secret": app_secret}).encode()


def token_in(answer: Any) -> tuple[str, int]:
    """The token and how many seconds it lasts; or one of our errors."""
    token, lasts_s = text_of(answer, "access_token", LONGEST_TOKEN), number_of(answer, "expires_in")
    if token and lasts_s is not None and lasts_s > 0:
        return token, lasts_s
    code = text_of(answer, "errcode", LONGEST_ID)
    if not code:
        raise UnreadableAnswer("微信的应答里没有 access_token，请与其技术人员核对。")
    raise refusal("微信公众号", code, CODES, text_of(answer, "errmsg"))
