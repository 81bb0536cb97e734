"""Couriers' codes that nobody knows: listed, and mapped by a person."""

import re
from dataclasses import dataclass
from datetime import datetime

from models import DeliveredTo, Tracking
from qianli.couriers.connected import is_known
from qianli.errors import BadInput
from qianli.stages.tracking import refold
from qianli.stages.unit import now, reading, writing
from qianli.store import code_mappings as store
from qianli.store.code_mappings import Unmapped

_NUMBERS = re.compile(r"\+?\d[\d*\- ]{4,}")
_SAYS_WHO = re.compile(
    r"([员人理话机傅收]\s*[:\uff1a]\s*)[^,;\uff0c\u3002\uff1b\u3001\s\[\]\u3010\u3011()\uff08\uff09]+"
)


@dataclass(frozen=True)
class UnknownCode:
    """A code nobody mapped: how many events bear it, since when, and what one of them said, without names."""

    courier: str
    code: str
    count: int
    since: datetime
    example: str


def unknown_codes() -> list[UnknownCode]:
    """What couriers say that neither our tables nor a person knows, the most frequent first."""
    with reading() as session:
        found = [one for one in store.unmapped(session) if not is_known(one.courier, one.code)]
    return [UnknownCode(one.courier, one.code, one.count, one.since, _nameless(one)) for one in found]


def map_code(courier: str, code: str, *, tracking: Tracking, delivered_to: DeliveredTo | None, by: str) -> int:
    """Say what a code means: the answer is how many parcels are elsewhere now. The events stay as they came."""
    if delivered_to and tracking != Tracking.delivered:
        raise BadInput("只有“已妥投”的状态码才能写由谁签收。")
    with writing(by) as session:
        listed = {(one.courier, one.code) for one in store.unmapped(session)}
        if (courier, code) not in listed | store.live(session).keys():
            raise BadInput(
                f"没有收到过快递“{courier}”的状态码“{code}”，或者系统本来就认识它。请先看“courier unknown”。"
            )
        at = now()
        store.set_live(session, courier=courier, code=code, tracking=tracking, delivered_to=delivered_to, by=by, at=at)
        return len(refold(session, store.lock_parcels(session, courier=courier, code=code), by))


def _nameless(one: Unmapped) -> str:
    text = one.text.replace(one.consignee, "某某") if one.consignee else one.text
    return _SAYS_WHO.sub(r"\1某某", _NUMBERS.sub("…", text))
