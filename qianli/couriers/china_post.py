"""中国邮政 (EMS included): the domestic interface for contract customers, 《中小电商企业接口规范 V2.7》.

Known from client code, not from a live service. Two things nobody has published are assumed, and the stand-in follows
the same: a 020003 repeated with the same logisticsOrderNo is the same booking (answered with its number, as a success
or as a refusal that carries it), and how often one may ask. The interface has no way to ask for a booking by our
reference, and none to change an address, so `find` knows nothing and there is no `redirect`: booking again finds.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from qianli.couriers import china_post_answers as answers
from qianli.couriers import china_post_codes as codes
from qianli.couriers import china_post_payloads as payloads
from qianli.couriers.china_post_pushes import Reader
from qianli.couriers.live import Asked, Booked, Order, Told
from qianli.errors import ConfigurationError
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.pushes import Push, PushAnswer
from qianli.interfaces.wire import Limit, Wire

NAME = "中国邮政"
NEEDS = (
    Need("sender_no", "协议客户号 senderNo"),
    Need("authorization", "授权码 authorization"),
    Need("sign_key", "签名密钥 signKey"),
    Need("ecommerce_user_id", "电商客户标识 ecommerceUserId", ""),
    Need("biz_product_no", "业务产品 bizProductNo", "2"),  # 快递包裹; 1 特快专递, 10 电商标快, 11 国内标快
    Need("per_minute", "每分钟可以调用几次", ""),
    Need("url", "接口地址", "https://api.ems.com.cn/amp-prod-api/f/amp/api/open"),
)
#: By apiCode. How often is not published with the interface: twenty a minute is what customers are told, unless the
#: account has other terms.
LIMITS = {
    api: Limit(f"china_post_{api}", per_minute=20) for api in (payloads.BOOK, payloads.CANCEL, payloads.TRACK)
}  # fmt: skip
is_known = codes.is_known


class ChinaPost:
    """Books, cancels, tracks one number a call, and reads what is pushed."""

    most_asked = 1

    def __init__(self, account: Account, wire: Wire, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._account, self._wire, self._now = account, wire, now
        self._pushes = Reader(self._value("sender_no"), self._value("sign_key"))

    def book(self, order: Order) -> Booked:
        """Book one parcel; an order it already has is answered like a new one."""
        customer = self._value("ecommerce_user_id") or self._value("sender_no")
        content = payloads.order_of(order, customer=customer, product=self._value("biz_product_no"))
        try:
            return answers.booked_of(self._call(payloads.BOOK, content))
        except answers.Refused as refused:
            if before := answers.booked_before(refused):
                return before
            raise answers.rejection_of(refused) from None

    def find(self, reference: str) -> Booked | None:  # noqa: ARG002 - the interface cannot be asked by it
        """None: there is no such question. Booking again under the reference gives the booking there is."""
        return None

    def cancel(self, reference: str, waybill_number: str) -> None:
        """Cancel before collection; one that is cancelled already is no error."""
        try:
            self._call(payloads.CANCEL, payloads.cancellation_of(reference, waybill_number))
        except answers.Refused as refused:
            if not answers.is_cancelled_already(refused):
                raise answers.rejection_of(refused) from None

    def track(self, asked: Sequence[Asked]) -> Told:
        """Everything it knows of these parcels, a call each; a parcel it has no news of says nothing."""
        told = [self._track(one.waybill_number) for one in asked]
        return Told([said for one in told for said in one.said], [line for one in told for line in one.unread])

    def is_authentic(self, push: Push) -> bool:
        """Whether it was made with our key, for us."""
        return self._pushes.is_authentic(push)

    def read_push(self, push: Push) -> Told:
        """What an authentic push says."""
        return self._pushes.read(push)

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:
        """What it expects to hear back."""
        return self._pushes.answer(push, accepted=accepted)

    def _track(self, waybill_number: str) -> Told:
        try:
            return answers.told_of(self._call(payloads.TRACK, payloads.question_of(waybill_number)))
        except answers.Refused as refused:
            if answers.knows_nothing(refused):
                return Told()
            raise answers.unreadable(refused) from None

    def _value(self, key: str) -> str:
        return self._account.value(NEEDS, key)

    def _call(self, api: str, content: Any) -> Any:
        form = payloads.form_of(
            api,
            content,
            sender_no=self._value("sender_no"),
            authorization=self._value("authorization"),
            sign_key=self._value("sign_key"),
            at=self._now(),
        )
        return answers.body_of(self._wire.post_form(self._value("url"), form, limit=self._limit(api)))

    def _limit(self, api: str) -> Limit:
        often = self._value("per_minute")
        return replace(LIMITS[api], per_minute=int(often)) if often else LIMITS[api]


def connect(account: Account, wire: Wire) -> ChinaPost:
    """The courier under this account; ConfigurationError if its key, or its limit, cannot be one."""
    often = account.value(NEEDS, "per_minute")
    if often and not (often.isascii() and often.isdigit() and int(often)):
        raise ConfigurationError(f"QIANLI_COURIERS__{account.code.upper()}__PER_MINUTE 应当是大于 0 的整数。")
    return ChinaPost(account, wire)
