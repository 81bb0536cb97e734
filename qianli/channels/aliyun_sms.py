"""阿里云短信: approved templates to mainland numbers, one message a call. Off until an account is in settings.

It says itself that SendSms knows no idempotency (its description of the interface), and that after a time-out one
should ask first: our key travels as OutId and stands in the details of what a number was sent on a day. Known from its
published documentation (sources beside each part), not from a live service; how soon a message stands in the details
after it was taken is not published.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from qianli.channels import aliyun_sms_answers as answers
from qianli.channels import aliyun_sms_payloads as payloads
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
    Need("access_key_id", "AccessKey ID"),
    Need("access_key_secret", "AccessKey Secret"),
    Need("sign_name", "短信签名 SignName（不带【】）"),
    Need("push_token", "状态报告接收地址里的口令 token", ""),
    Need("url", "接口地址", "https://dysmsapi.aliyuncs.com/"),
)
PUSH_SECRET = "push_token"  # noqa: S105 - the name of a value; without it every report is refused
#: Published: 5,000 a second for both; these are modest.
LIMITS = {
    payloads.SEND: Limit("aliyun_sms_send", per_second=100),
    payloads.QUERY: Limit("aliyun_sms_query", per_second=20),
}
#: Most characters of one variable of a notice (templates since 2018-01-10).
LONGEST_VALUE = 35
#: Statuses under which its gateway says what was wrong, in the same words.
REFUSED = (400, 403, 404, 429)
MOST_PAGES = 20


class AliyunSms(ShortMessages):
    """Sends, finds by our key, reads what is pushed."""

    needs, longest_value = NEEDS, LONGEST_VALUE
    takes_key = False
    absent_after_s = 600  # assumed, see above

    def send(self, one: Outgoing) -> Accepted:
        """Send it."""
        parameters = payloads.sending_of(one, sign_name=self._value("sign_name"))
        return answers.accepted_of(self._call(payloads.SEND, parameters))

    def find(self, one: Outgoing, day: date) -> Accepted | None:
        """What stands under our key among the messages this number was sent on this day."""
        for page in range(1, MOST_PAGES + 1):
            body = self._call(payloads.QUERY, payloads.question_of(one.to, day, page))
            found, entries = answers.found_in(body, one.key)
            if found is not None or entries < payloads.MOST:
                return found
        return None

    def read_push(self, push: Push) -> Sequence[Delivery]:
        """What a push reports."""
        return answers.deliveries_in(push.body)

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:  # noqa: ARG002 - the same to every report
        """What it expects to hear; pushed again after 1, 5 and 10 minutes under any status but 200."""
        return PushAnswer(answers.answered(accepted=accepted))

    def _call(self, action: str, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        url, query = self._value("url"), payloads.query_of(parameters)
        headers = payloads.headers_of(
            action,
            query,
            host=urlsplit(url).netloc,
            access_key_id=self._value("access_key_id"),
            access_key_secret=self._value("access_key_secret"),
            nonce=uuid.uuid4().hex,
            at=self._now(),
        )
        asked = f"{url}?{query}"
        return answers.body_of(
            self._wire.post_body(asked, b"", limit=LIMITS[action], headers=headers, readable=REFUSED)
        )


def connect(account: Account, wire: Wire) -> AliyunSms:
    """The provider under this account."""
    return AliyunSms(account, wire)
