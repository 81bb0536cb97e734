"""040002, what China Post pushes: an envelope under our key for our customer number, and what it expects to hear."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from qianli.couriers.china_post_answers import told_of
from qianli.couriers.china_post_payloads import PUSH
from qianli.couriers.live import Told
from qianli.couriers.sm4_envelope import check_key, opened
from qianli.errors import QianliError, UnreadableAnswer
from qianli.interfaces.pushes import Push, PushAnswer


class Reader:
    """Opens what was pushed to one account."""

    def __init__(self, sender_no: str, sign_key: str) -> None:
        check_key(sign_key)
        self._sender_no, self._sign_key = sender_no, sign_key

    def is_authentic(self, push: Push) -> bool:
        """Whether it names us and opens under our key to something that is told as events are."""
        try:
            message = _message(push)
            content = self._content(message)
        except QianliError:
            return False
        return message.get("senderNo") in {self._sender_no, "", None} and isinstance(content, Mapping | list)

    def read(self, push: Push) -> Told:
        """What it says."""
        return told_of(self._content(_message(push)))

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:
        """The serial number back, and whether it was taken; a push that was not is sent again."""
        try:
            serial = _message(push).get("serialNo")
        except QianliError:
            serial = None
        code, words = ("00000", "成功") if accepted else ("99999", "失败")
        said = {
            "serialNo": serial if isinstance(serial, str) else "",
            "code": code,
            "codeMessage": words,
            "senderNo": self._sender_no,
        }
        return PushAnswer(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))

    def _content(self, message: Mapping[str, Any]) -> Any:
        envelope = message.get("logitcsInterface")
        if message.get("method") != PUSH or not isinstance(envelope, str):
            raise UnreadableAnswer("不是邮政的轨迹推送。")
        return opened(envelope, self._sign_key)


def _message(push: Push) -> Mapping[str, Any]:
    """The body as JSON, or as a form with the same fields."""
    try:
        text = push.body.decode()
        if "form" in push.content_type:
            return dict(parse_qsl(text))
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableAnswer("邮政推送的内容看不懂。") from None
    if not isinstance(message, Mapping):
        raise UnreadableAnswer("邮政推送的内容看不懂。")
    return message
