"""顺丰 (丰桥): booked, cancelled and followed through its interface of services (EXP_RECE_…).

Known from client code and published samples, not from a live service. Its codes and how sure each is: `sf_codes`. How
it proves who pushes: `sf_pushes`. SF does have a service for parcels under way (EXP_RECE_WANTED_INTERCEPT), but its
fields are not known to us, so there is no `redirect`. A reference once cancelled cannot be booked again.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from qianli.couriers import sf_answers as answers
from qianli.couriers import sf_codes as codes
from qianli.couriers import sf_payloads as payloads
from qianli.couriers import sf_pushes as pushes
from qianli.couriers.live import Asked, Booked, Order, Told
from qianli.errors import BookingRejected, ConfigurationError
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.pushes import Push, PushAnswer
from qianli.interfaces.wire import Limit, Wire

NAME = "顺丰速运"
NEEDS = (
    Need("partner_id", "顾客编码 partnerID"),
    Need("checkword", "校验码 checkword"),
    Need("monthly_card", "月结卡号 monthlyCard"),
    Need("express_type_id", "产品类型 expressTypeId", "2"),  # 顺丰标快; 1 顺丰特快
    Need("pay_method", "付款方式 payMethod", "1"),  # the sender pays; 2 the consignee, 3 a third party
    Need("push_token", "推送地址里的口令 token", ""),
    Need("url", "接口地址", "https://bspgw.sf-express.com/std/service"),
)
PUSH_SECRET = "push_token"  # noqa: S105 - the name of a value; without it every push is refused
#: By service: SF counts each of them apart.
LIMITS = {
    service: Limit(f"sf_{service}", per_second=30, per_day=3000)
    for service in (payloads.BOOK, payloads.FIND, payloads.CHANGE, payloads.TRACK)
}
is_known = codes.is_known


class SF:
    """Books, finds, cancels, tracks ten numbers a call, and reads what is pushed."""

    most_asked = payloads.MOST_ASKED

    def __init__(self, account: Account, wire: Wire, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._account, self._wire, self._now = account, wire, now
        self._order = {key: self._number(key) for key in ("express_type_id", "pay_method")}

    def book(self, order: Order) -> Booked:
        """Book one parcel; an order it already has under this reference is fetched."""
        content = payloads.order_of(order, monthly_card=self._value("monthly_card"), **self._order)
        try:
            return answers.booked_of(self._call(payloads.BOOK, content))
        except answers.Refused as refused:
            if refused.code != codes.BOOKED_ALREADY:
                raise answers.rejection_of(refused) from None
        before = self.find(order.reference)
        if before is None:
            raise BookingRejected("顺丰说这个单号下过单，却查不到这笔订单（可能已经取消），请换一个单号再下。")
        return before

    def find(self, reference: str) -> Booked | None:
        """The booking under our reference, if there is a live one; BookingRejected if it is one SF does not serve."""
        try:
            return answers.booked_of(self._call(payloads.FIND, payloads.search_of(reference)))
        except answers.Refused as refused:
            if refused.code in codes.NO_ORDER | {codes.CANCELLED}:
                return None
            raise answers.rejection_of(refused) from None

    def cancel(self, reference: str, waybill_number: str) -> None:  # noqa: ARG002 - SF asks for the reference only
        """Cancel before collection; one that is cancelled already is no error."""
        try:
            self._call(payloads.CHANGE, payloads.cancellation_of(reference))
        except answers.Refused as refused:
            if refused.code != codes.CANCELLED:
                raise answers.rejection_of(refused) from None

    def track(self, asked: Sequence[Asked]) -> Told:
        """Everything it knows of these parcels, a call for each last four digits of a phone among them."""
        told = [self._track(question) for question in payloads.questions_of(asked)]
        return Told([said for one in told for said in one.said], [line for one in told for line in one.unread])

    def is_authentic(self, push: Push) -> bool:
        """Whether it came to the address that only SF was told."""
        return pushes.is_authentic(push, self._value("push_token"))

    def read_push(self, push: Push) -> Told:
        """What an authentic push says: routes, or states of orders."""
        return pushes.read(push)

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:  # noqa: ARG002 - both kinds are answered alike
        """What it expects to hear back."""
        return pushes.answer(accepted=accepted)

    def _track(self, question: Mapping[str, Any]) -> Told:
        try:
            return answers.told_of(self._call(payloads.TRACK, question))
        except answers.Refused as refused:
            asked_for = len(question["trackingNumber"])
            return Told(
                unread=[f"顺丰没有回答{asked_for}个运单号的查询（{refused.code[:10]}），请核对单号和电话后四位。"]
            )

    def _value(self, key: str) -> str:
        return self._account.value(NEEDS, key)

    def _number(self, key: str) -> int:
        value = self._value(key)
        if not (value.isascii() and value.isdigit()):
            raise ConfigurationError(f"顺丰账号的 {key} 应当是数字，请核对设置。")
        return int(value)

    def _call(self, service: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        form = payloads.form_of(
            service,
            content,
            partner_id=self._value("partner_id"),
            checkword=self._value("checkword"),
            request_id=str(uuid.uuid4()),
            at=self._now(),
        )
        return answers.body_of(self._wire.post_form(self._value("url"), form, limit=LIMITS[service]))


def connect(account: Account, wire: Wire) -> SF:
    """The courier under this account; ConfigurationError if product or payment are no numbers."""
    return SF(account, wire)
