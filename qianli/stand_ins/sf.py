"""A stand-in for SF's interface (丰桥), as strict as what is known of it.

It checks account, signature, fields, lengths and rate, books an orderId once only, and tells what it was told to say,
once its clock has come there. Faults between it and us: `faults`, armed from outside. Assumed: which code stands for
which missing field, that a call repeated with its requestID is A1007, and what its waybill numbers look like inside.
"""

import json
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import requests
from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from qianli.couriers.moments import ZONE
from qianli.couriers.sf_payloads import BOOK, CANCEL, CHANGE, FIND, TRACK
from qianli.couriers.sf_pushes import TAKEN
from qianli.stand_ins.faults import Faults
from qianli.stand_ins.sf_checks import Fault, Refusal, check_order, check_question, content_of

SECOND = timedelta(seconds=1)


@dataclass
class Booking:
    """An order it took."""

    waybill_number: str
    order: Mapping[str, Any]
    filter_result: int = 2
    cancelled: bool = False


@dataclass
class Express:
    """SF: its account with us, what it booked, what it says of each parcel and when."""

    partner_id: str = "QIANLI_T"
    checkword: str = "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci"
    monthly_card: str = "7551234567"
    per_second: int | None = None
    per_day: int | None = None
    unserved: tuple[str, ...] = ("三沙市",)
    by_hand: tuple[str, ...] = ()
    contraband: tuple[str, ...] = ("打火机", "酒精")
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    bookings: dict[str, Booking] = field(default_factory=dict)
    said: dict[str, list[tuple[datetime, dict[str, str]]]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    references: dict[str, str] = field(default_factory=dict)  # by waybill number
    _requests: set[str] = field(default_factory=set)
    _recent: deque[datetime] = field(default_factory=deque)

    @property
    def values(self) -> dict[str, str]:
        """What an account with it has to be given, but for its address."""
        return {"partner_id": self.partner_id, "checkword": self.checkword, "monthly_card": self.monthly_card}

    def app(self) -> ASGIApp:
        """The interface, faults included."""
        app = FastAPI(openapi_url=None)

        @app.post("/std/service")
        async def _service(request: Request) -> dict[str, str]:
            async with request.form() as form:
                return self.answer({key: value for key, value in form.items() if isinstance(value, str)})

        return self.faults.around(app)

    def answer(self, form: Mapping[str, str]) -> dict[str, str]:
        """One call."""
        try:
            content = content_of(form, partner_id=self.partner_id, checkword=self.checkword)
            self._count(form)
            services = {BOOK: self._book, FIND: self._find, CHANGE: self._change, TRACK: self._track}
            serve = services.get(form["serviceCode"], _unknown)
            done = {"success": True, "errorCode": "S0000", "msgData": serve(content)}
        except Refusal as refusal:
            done = {"success": False, "errorCode": refusal.code, "errorMsg": refusal.words}
        except Fault as fault:
            return self._envelope(fault.code, fault.words, "")
        return self._envelope("A1000", "", json.dumps(done, ensure_ascii=False))

    def tell(self, waybill_number: str, code: str, at: datetime, text: str, place: str = "") -> dict[str, str]:
        """Let it say something of a parcel from that moment on."""
        local = at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
        route = {"acceptTime": local, "acceptAddress": place, "remark": text, "opCode": code}
        self.said.setdefault(waybill_number, []).append((at, route))
        return route

    def push_of(self, waybill_number: str, route: Mapping[str, str]) -> bytes:
        """The body of a push of one route."""
        entry = {
            "mailno": waybill_number,
            "orderid": self.references.get(waybill_number, ""),
            "id": str(crc32(repr(sorted(route.items())).encode())),
            "reasonName": "",
            "reasonCode": "",
            **route,
        }
        return json.dumps({"Body": {"WaybillRoute": [entry]}}, ensure_ascii=False).encode()

    def push(self, url: str, waybill_number: str, route: Mapping[str, str]) -> bool:
        """Push one route; whether it was taken."""
        body = self.push_of(waybill_number, route)
        answer = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30)
        return answer.ok and answer.json() == TAKEN

    def _count(self, form: Mapping[str, str]) -> None:
        self.calls[form["serviceCode"]] += 1
        if form["requestID"] in self._requests:
            raise Fault("A1007", "重复的请求")
        self._requests.add(form["requestID"])
        while self._recent and self._recent[0] <= self.now() - SECOND:
            self._recent.popleft()
        self._recent.append(self.now())
        too_fast = self.per_second is not None and len(self._recent) > self.per_second
        if too_fast or (self.per_day is not None and self.calls[form["serviceCode"]] > self.per_day):
            raise Fault("A1005", "流量控制")

    def _book(self, order: Mapping[str, Any]) -> dict[str, Any]:
        check_order(order, monthly_card=self.monthly_card)
        if order["orderId"] in self.bookings:
            raise Refusal("8016", "重复下单")
        if any(word in cargo["name"] for cargo in order["cargoDetails"] for word in self.contraband):
            raise Refusal("20035", "托寄物为违禁品")
        to = next(one for one in order["contactInfoList"] if one["contactType"] == 2)  # noqa: PLR2004
        regions = {to["province"], to["city"]}
        judged = 3 if not regions.isdisjoint(self.unserved) else 1 if not regions.isdisjoint(self.by_hand) else 2
        number = f"SF7{len(self.bookings) + 1:012d}"
        booking = self.bookings[order["orderId"]] = Booking(number, order, judged)
        self.references[number] = order["orderId"]
        return self._booked(order["orderId"], booking)

    def _booked(self, reference: str, booking: Booking) -> dict[str, Any]:
        answer = {"orderId": reference, "originCode": "010", "destCode": "755", "filterResult": booking.filter_result}
        if booking.filter_result == 3:  # noqa: PLR2004 - not served
            return {**answer, "remark": "1", "waybillNoInfoList": []}
        number, district = booking.waybill_number, crc32(repr(booking.order["contactInfoList"]).encode()) % 90 + 10
        label = {
            "waybillNo": number,
            "destRouteLabel": f"755W-{district}",
            "codingMapping": f"K{district}",
            "printFlag": "000000000",
            "twoDimensionCode": f"MMM={{'k1':'755W','k2':'755CK','k3':'','k4':'T801','k5':'{number}','k6':'','k7':''}}",
            "proCode": "标快",
        }
        return {
            **answer,
            "remark": "",
            "waybillNoInfoList": [{"waybillType": 1, "waybillNo": number}],
            "routeLabelInfo": [{"code": "1000", "routeLabelData": label}],
        }

    def _booking(self, content: Mapping[str, Any]) -> Booking:
        booking = self.bookings.get(str(content.get("orderId")))
        if booking is None:
            raise Refusal("8018", "未获取到订单信息")
        if booking.cancelled:
            raise Refusal("8037", "已消单")
        return booking

    def _find(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return self._booked(str(content["orderId"]), self._booking(content))

    def _change(self, content: Mapping[str, Any]) -> dict[str, Any]:
        booking = self._booking(content)
        if content.get("dealType") != CANCEL:
            raise Refusal("8245", "操作类型不支持")
        if self._heard(booking.waybill_number):
            raise Refusal("8252", "已确认，不能取消")
        booking.cancelled = True
        return {"orderId": content["orderId"], "resStatus": 2}

    def _track(self, content: Mapping[str, Any]) -> dict[str, Any]:
        routes = [
            {"mailNo": number, "routes": self._heard(number) if self._may_ask(number, content) else []}
            for number in check_question(content)
        ]
        return {"routeResps": routes}

    def _heard(self, number: str) -> list[dict[str, str]]:
        return [route for at, route in self.said.get(number, []) if at <= self.now()]

    def _may_ask(self, number: str, content: Mapping[str, Any]) -> bool:
        phone, reference = content.get("checkPhoneNo"), self.references.get(number)
        contacts = self.bookings[reference].order["contactInfoList"] if reference else []
        phones = [one.get("mobile") or one.get("tel") for one in contacts]
        return bool(phone) and any(str(one).endswith(str(phone)) for one in phones)

    def _envelope(self, code: str, words: str, data: str) -> dict[str, str]:
        response = f"{self.calls.total():032X}"
        return {"apiErrorMsg": words, "apiResponseID": response, "apiResultCode": code, "apiResultData": data}


def _unknown(_content: Mapping[str, Any]) -> dict[str, Any]:
    raise Fault("A1004", "无对应服务权限")
