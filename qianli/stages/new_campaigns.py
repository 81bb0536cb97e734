"""A campaign from a form: the same definition as a file holds, counted and looked at before it is registered."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models import ImprintKind
from qianli.campaigns import written
from qianli.campaigns.allocation import allocate
from qianli.campaigns.definition import read_campaign
from qianli.couriers.connected import MODULES
from qianli.couriers.registry import COURIERS
from qianli.documents.pictures import one_below_the_other
from qianli.errors import NotFound
from qianli.stages import audiences, letter_preview, message_channels
from qianli.stages.campaigns import NewCampaign, new_campaign
from qianli.stages.unit import reading
from qianli.store import audience, kits, replacements, stock

LETTER = "letter.txt"
#: Couriers may be written by the name that people know.
COURIERS_BY_NAME = {one.name: code for code, one in COURIERS.items()}
#: What the definition calls a value → what the form calls it, in the sentences about mistakes.
LABELS = {
    "code": "活动代码", "name": "活动名称", "organisation": "组织", "kit": "资料包", "design": "版式",
    "letter_date": "书信落款日期", "planned_delivery": "计划送达日期", "sender": "信里的落款", "outside": "包裹外面",
    "courier": "快递", "postage": "资费", "audience": "寄给谁", "contacts": "联系人", "imprints": "印章和签名",
    "address_max_age_days": "地址有效天数", "messages": "消息渠道", "follow_up": "送到以后怎么回访",
}  # fmt: skip


def kits_there_are() -> list[tuple[str, str]]:
    """Code and name of every kit, as its newest version has them."""
    with reading() as session:
        return [(one.code, f"{one.name} v{one.version}") for one in kits.current(session)]


def definition(fields: Mapping[str, str]) -> bytes:
    """The definition that the form describes; what is wrong with it, its reader says. What is empty is left out."""

    def said(name: str) -> str:
        return fields.get(name, "").strip()

    months = {name: said(name) for name in ("away_months_at_least", "away_months_at_most") if said(name)}
    only = {"organisations": names} if (names := written.names(said("only"))) else {}
    whole: dict[str, Any] = {
        **{name: said(name) for name in ("code", "name", "organisation", "kit", "design", "labels", "consolidate")},
        "letter": LETTER,
        "letter_date": said("letter_date"),
        "planned_delivery": said("planned_delivery"),
        "sender": {"name": said("sender_name"), "phone": said("sender_phone")},
        "outside": {name: said(f"outside_{name}") for name in ("name", "phone", "address", "content")},
        "contacts": written.contacts(said("contacts")),
        "imprints": _ticked(fields, "imprint_", ImprintKind),
        "audience": {"managed_as": said("managed_as"), "lives_in": written.names(said("lives_in")), **months, **only},
        "courier": _couriers(fields),
        "messages": _ticked(fields, "channel_", message_channels.offered()),
        "follow_up": written.follow_up(said("follow_up")),
        "postage": written.postage(said("postage"), COURIERS_BY_NAME),
    }
    if said("address_max_age_days"):
        whole["address_max_age_days"] = said("address_max_age_days")
    return json.dumps(whole, ensure_ascii=False).encode()


def _couriers(fields: Mapping[str, str]) -> dict[str, Any]:
    """Who carries what where, and what is promised; couriers may be written by name or code."""

    def coded(name: str) -> str:
        return COURIERS_BY_NAME.get(name, name)

    places = written.pairs(fields.get("by_province", ""), "各省的快递", "新疆 顺丰速运")
    days = written.pairs(fields.get("promised_days", ""), "几个工作日送到", "新疆 8")
    accounts = written.pairs(fields.get("accounts", ""), "快递账号", "顺丰速运 sf_office")
    default = fields.get("courier", "").strip()
    by_province = {place: coded(name) for place, name in places.items()}
    mode = fields.get("label_mode", "").strip()
    return {
        "default": default,
        "by_province": by_province,
        "labels": dict.fromkeys([default, *by_province.values()], mode) if mode else {},
        "promised_days": {coded("default" if name == "其余" else name): day for name, day in days.items()},
        "accounts": {coded(name): account for name, account in accounts.items()},
        "trackers": _ticked(fields, "tracker_", trackers()),
    }


def _ticked(fields: Mapping[str, str], prefix: str, there_are: Iterable[str]) -> list[str]:
    return [str(one) for one in there_are if f"{prefix}{one}" in fields]


def trackers() -> dict[str, tuple[str, str]]:
    """Third parties that follow parcels: code → name, and what they would be told."""
    third = {code: one for code, one in MODULES.items() if getattr(one, "THIRD_PARTY", False)}
    return {code: (one.NAME, one.DATA) for code, one in third.items()}


def organisations_named(fields: Mapping[str, str]) -> list[str]:
    """Those the form restricts its audience to."""
    return written.names(fields.get("only", ""))


@dataclass(frozen=True)
class Supply:
    """What the stock says: how many could be served now and how many would wait; what there is too little of."""

    served: int
    waiting: int
    lacking: list[tuple[str, int, int]]


def supply(fields: Mapping[str, str], members: int) -> Supply | None:
    """Whether what nobody else waits for reaches for so many; None while no kit is chosen."""
    with reading() as session:
        kit = kits.latest(session, code=fields.get("kit", "").strip())
        if kit is None:
            return None
        rows = [row for row in kits.rows(session, kit_id=kit.key) if row.kind == "stock"]
        available = {level.item.key: level.available for level in stock.levels(session)}
        needs = {row.item_id: row.quantity for row in rows}
        asked = replacements.wanted(session)
    left = {item: count - asked.get(item, 0) for item, count in available.items()}
    answer = allocate(range(members), needs=needs, available=left, allowed=members)
    lacking = [
        (row.name, max(left.get(row.item_id, 0), 0), row.quantity * members)
        for row in rows
        if left.get(row.item_id, 0) < row.quantity * members
    ]
    return Supply(len(answer.served), len(answer.out_of_stock), lacking)


def count(fields: Mapping[str, str]) -> audiences.Audience:
    """How many are meant."""
    return audiences.of_file(definition(fields))


def picture(fields: Mapping[str, str]) -> bytes:
    """The letter as one of those who are meant would get it, as one PNG; with the samples if nobody is."""
    asked = read_campaign(definition(fields))
    with reading() as session:
        member_id = _shown(session, audiences.of_definition(session, asked), fields.get("shown_to", "").strip())
    words = letter_preview.from_file(fields.get("text", "").encode(), "书信")
    head = letter_preview.Head(asked.sender.name, asked.sender.phone, asked.letter_date)
    shown = letter_preview.preview(words, member_id=member_id, design=asked.design, head=head)
    return one_below_the_other(shown.pictures())


def _shown(session: Session, wanted: audience.Wanted, name: str) -> int | None:
    """The member a letter is shown for: who is called so among those who are meant, else the first of them."""
    if not name:
        return audience.first(session, wanted=wanted)
    found = audience.first(session, wanted=wanted, name=name)
    if found is None:
        raise NotFound(f"这次要寄的人里没有叫“{name[:20]}”的，请核对姓名，或者留空看第一个人的。")
    return found


def register(fields: Mapping[str, str], *, by: str) -> NewCampaign:
    """Register it as a draft."""
    text = fields.get("text", "").encode()
    return new_campaign(definition(fields), read_beside=lambda _name: text, by=by)


def plain(problem: str, labels: Mapping[str, str] = LABELS) -> str:
    """A sentence about a mistake, with the form's own words for what it names."""
    return re.sub(r"^([a-z_]+)", lambda found: labels.get(found[1], found[1]), problem)
