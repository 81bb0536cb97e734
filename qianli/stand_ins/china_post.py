"""A stand-in for China Post's interface (V2.7), as strict as what is known of it.

It opens the envelope, checks the account, the fields and the rate, books under logisticsOrderNo once only, and tells
and pushes what it was told to say. Its failure codes, the look of its route codes and how it answers a repeated
booking are assumed: no table of them is published.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

import requests
from fastapi import FastAPI, Request

from qianli.couriers.china_post_payloads import BOOK, CANCEL, PUSH, TRACK, written_moment
from qianli.couriers.sm4_envelope import encrypted
from qianli.stand_ins.china_post_checks import Refusal, content_of, order_of
from qianli.stand_ins.china_post_journeys import steps

MINUTE = timedelta(minutes=1)


@dataclass
class Booking:
    """An order it took."""

    waybill_number: str
    order: Mapping[str, Any]
    cancelled: bool = False


@dataclass
class Post:
    """The post: its account with us, what it booked, what it says of each parcel."""

    sender_no: str = "1100172843670"
    authorization: str = "stand-in"
    sign_key: str = "WjNoNmhXWE12SFZJdk0zWQ=="
    per_minute: int | None = None
    unserved: tuple[str, ...] = ("三沙市",)
    contraband: tuple[str, ...] = ("打火机", "酒精")
    refuses_repeats: bool = False
    suspended: str = ""  # why it takes nothing from this customer, in its words
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    bookings: dict[str, Booking] = field(default_factory=dict)
    said: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    _recent: deque[datetime] = field(default_factory=deque)

    @property
    def values(self) -> dict[str, str]:
        """What an account with it has to be given, but for its address."""
        return {"sender_no": self.sender_no, "authorization": self.authorization, "sign_key": self.sign_key}

    def app(self) -> FastAPI:
        """The interface."""
        app = FastAPI(openapi_url=None)

        @app.post("/")
        async def _open(request: Request) -> dict[str, Any]:
            async with request.form() as form:
                return self.answer({key: value for key, value in form.items() if isinstance(value, str)})

        return app

    def answer(self, form: Mapping[str, str]) -> dict[str, Any]:
        """One call."""
        try:
            content = content_of(form, **self.values)
            self._count(form["apiCode"])
            body = {BOOK: self._book, CANCEL: self._cancel, TRACK: self._track}[form["apiCode"]](content)
        except Refusal as refusal:
            return self._envelope(refusal.code, refusal.words, refusal.body)
        return self._envelope("00000", "成功", body)

    def tell(self, waybill_number: str, code: str, at: datetime, text: str, **more: str) -> dict[str, str]:
        """Let it say something of a parcel, once its clock is there; `more` are further fields (deliverCode …)."""
        item = {"waybillNo": waybill_number, "opTime": written_moment(at), "opCode": code, "opDesc": text, **more}
        self.said.setdefault(waybill_number, []).append(item)
        return item

    def play(self, waybill_number: str, journey: str, collected_on: date) -> list[dict[str, str]]:
        """Let it say all of a journey; `china_post_journeys` has them by name."""
        return [
            self.tell(waybill_number, step.code, at, step.text, **step.more)
            for at, step in steps(journey, collected_on)
        ]

    def push_of(self, item: Mapping[str, str]) -> bytes:
        """The body of a push of one event; unlike our calls it has no letters of the key behind its content."""
        return json.dumps(
            {
                "logitcsInterface": encrypted(json.dumps(item, ensure_ascii=False), self.sign_key),
                "method": PUSH,
                "msgType": "0",
                "senderNo": self.sender_no,
                "serialNo": f"{crc32(repr(sorted(item.items())).encode()):032X}",
                "timeStamp": written_moment(self.now()),
                "version": "v1.0.0",
            }
        ).encode()

    def push(self, url: str, item: Mapping[str, str]) -> bool:
        """Push one event; whether it was taken."""
        body = self.push_of(item)
        answer = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30)
        return answer.ok and self.took(answer.content)

    def took(self, answer: bytes) -> bool:
        """Whether an answer to a push tells that it was taken."""
        said = json.loads(answer)
        return (said["code"], said["senderNo"]) == ("00000", self.sender_no)

    def reset(self) -> None:
        """Forget everything, as on the first day."""
        self.bookings.clear()
        self.said.clear()
        self.calls.clear()
        self._recent.clear()
        self.per_minute, self.refuses_repeats, self.suspended = None, False, ""

    def _count(self, api: str) -> None:
        self.calls[api] = self.calls.get(api, 0) + 1
        if self.per_minute is None:
            return
        while self._recent and self._recent[0] <= self.now() - MINUTE:
            self._recent.popleft()
        if len(self._recent) >= self.per_minute:
            raise Refusal("调用过于频繁，请稍后再试")
        self._recent.append(self.now())

    def _book(self, content: Any) -> dict[str, str]:
        if self.suspended:
            raise Refusal(self.suspended)
        order = order_of(content, unserved=self.unserved, contraband=self.contraband)
        reference = order["logisticsOrderNo"]
        if before := self.bookings.get(reference):
            if self.refuses_repeats:
                raise Refusal("物流订单号重复", body=self._booked(reference, before))
            return self._booked(reference, before)
        booking = Booking(f"98{len(self.bookings) + 1:011d}", order)
        self.bookings[reference] = booking
        return self._booked(reference, booking)

    def _booked(self, reference: str, booking: Booking) -> dict[str, str]:
        to = booking.order["receiver"]
        district = crc32(f"{to['prov']}{to['city']}{to.get('county', '')}".encode())
        return {
            "logisticsOrderNo": reference,
            "waybillNo": booking.waybill_number,
            "routeCode": f"{district % 900 + 100}-{district // 900 % 90 + 10}-{district // 81_000 % 90 + 10} 01",
            "packageCode": f"{district % 90_000_000 + 10_000_000}",
            "packageCodeName": f"{to['city']}集",
            "markDestinationCode": f"{district % 900 + 100}",
            "markDestinationName": to["city"],
        }

    def _cancel(self, content: Any) -> None:
        if not isinstance(content, Mapping) or not content.get("cancelReason"):
            raise Refusal("取消原因为空")
        booking = self.bookings.get(str(content.get("logisticsOrderNo")))
        if booking is None or booking.waybill_number != content.get("waybillNo"):
            raise Refusal("订单不存在")
        if self.said.get(booking.waybill_number):
            raise Refusal("邮件已收寄，不能取消")
        if booking.cancelled:
            raise Refusal("订单已取消")
        booking.cancelled = True

    def _track(self, content: Any) -> dict[str, Any]:
        number = content.get("waybillNo") if isinstance(content, Mapping) else None
        if not number or content.get("direction") not in {"0", "1"}:
            raise Refusal("运单号或方向为空")
        if number not in self.said:
            raise Refusal("无查询信息")
        happened = written_moment(self.now())
        return {"responseItems": [item for item in self.said[number] if item["opTime"] <= happened]}

    def _envelope(self, code: str, words: str, body: Any) -> dict[str, Any]:
        return {
            "retCode": code,
            "retMsg": words,
            "retBody": None if body is None else json.dumps(body, ensure_ascii=False),
            "retDate": written_moment(self.now()),
            "serialNo": f"{sum(self.calls.values()):032X}",
            "success": code == "00000",
        }
