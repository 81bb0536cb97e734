"""腾讯云短信: approved templates to mainland numbers, one message a call. Off until an account is in settings.

It knows no idempotency: our key travels in SessionContext, comes back with the answer and, where their support switched
that on for the application, with the statuses that can be pulled for a number (kept for 7 days; only what an operator
reported is in them). So a message that is found was sent, while one that is not found may have been sent as well: it is
never sent again by itself (`absent_after_s`). Known from its published documentation (sources beside each part), not
from a live service.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from qianli.channels import tencent_sms_answers as answers
from qianli.channels import tencent_sms_payloads as payloads
from qianli.channels.live import Accepted, Delivery, Outgoing, To
from qianli.channels.sms import ShortMessages
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.pushes import Push, PushAnswer
from qianli.interfaces.wire import Limit, Wire

NAME = answers.NAME
TO = To.phone
TEMPLATES = True
THIRD_PARTY = True
DATA = "手机号码、短信模板里填的内容"
NEEDS = (
    Need("secret_id", "密钥 SecretId"),
    Need("secret_key", "密钥 SecretKey"),
    Need("sdk_app_id", "短信应用 SdkAppId"),
    Need("sign_name", "短信签名 SignName（不带【】）"),
    Need("region", "地域 Region", "ap-guangzhou"),
    Need("push_token", "状态回调地址里的口令 token", ""),
    Need("url", "接口地址", "https://sms.tencentcloudapi.com/"),
)
PUSH_SECRET = "push_token"  # noqa: S105 - the name of a value; without it every callback is refused
#: Published: 3,000 and 20 a second.
LIMITS = {
    payloads.SEND: Limit("tencent_sms_send", per_second=100),
    payloads.PULL: Limit("tencent_sms_pull", per_second=20),
}
#: Most characters of one variable: error 1036 says 12; for other kinds of template more may be agreed.
LONGEST_VALUE = 12


class TencentSms(ShortMessages):
    """Sends, finds what was reported, reads what is called back."""

    needs, longest_value = NEEDS, LONGEST_VALUE
    takes_key = False
    absent_after_s = None

    def send(self, one: Outgoing) -> Accepted:
        """Send it."""
        own = {"sdk_app_id": self._value("sdk_app_id"), "sign_name": self._value("sign_name")}
        return answers.accepted_of(self._call(payloads.SEND, payloads.sending_of(one, **own)))

    def find(self, one: Outgoing, day: date) -> Accepted | None:
        """What an operator reported under our key; that there is nothing proves nothing."""
        question = payloads.question_of(one.to, day, sdk_app_id=self._value("sdk_app_id"), now=self._now())
        return answers.found_in(self._call(payloads.PULL, question), one.key)

    def read_push(self, push: Push) -> Sequence[Delivery]:
        """What a callback reports."""
        return answers.deliveries_in(push.body)

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:  # noqa: ARG002 - the same to every callback
        """What it expects to hear."""
        return PushAnswer(answers.answered(accepted=accepted))

    def _call(self, action: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        url, payload = self._value("url"), payloads.written(content)
        own = {key: self._value(key) for key in ("region", "secret_id", "secret_key")}
        headers = payloads.headers_of(action, payload, host=urlsplit(url).netloc, at=self._now(), **own)
        kind = payloads.CONTENT_TYPE
        return answers.response_of(
            self._wire.post_body(url, payload, limit=LIMITS[action], content_type=kind, headers=headers)
        )


def connect(account: Account, wire: Wire) -> TencentSms:
    """The provider under this account."""
    return TencentSms(account, wire)
