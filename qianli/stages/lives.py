"""One consignment's life on one page, found by its number, a parcel's reference or waybill, or a confirmation code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import CallEnd, Case, ConsignmentState, Parcel
from qianli.addresses.hiding import without_room
from qianli.campaigns.page_steps import of_case
from qianli.campaigns.references import consignment_number, split_consignment_number
from qianli.couriers.left_reasons import LEFT
from qianli.errors import NotFound
from qianli.receipts import codes
from qianli.receipts.names import masked
from qianli.stages import telling
from qianli.stages.artefacts import fetch
from qianli.stages.codes import look_up_hashes
from qianli.stages.message_views import became_of
from qianli.stages.typed import folded, reference
from qianli.stages.unit import reading
from qianli.state_words import CALL_END, CONSIGNMENTS, SAID_BY
from qianli.store import lives as rows
from qianli.store import receipt_photos
from qianli.store.scope import Scope

#: Ends of calls that nobody made.
NOT_CALLED = (CallEnd.confirmed, CallEnd.overtaken)
UNANSWERED = (ConsignmentState.under_way, ConsignmentState.denied)
OWN_LINK = "（本人的链接）"
UNKNOWN = "没有找到。请扫描或输入书信上的寄送编号、确认码，或面单上的包裹编号、运单号；别的组织的寄送也查不到。"


@dataclass(frozen=True)
class Moment:
    """Something that happened."""

    at: datetime
    kind: str
    said: str
    note: str = ""


@dataclass(frozen=True)
class Life:
    """Everything there is to know of one consignment; what may not be seen whole is masked already.

    `told` are the words where nothing is sent by post; there is neither letter nor kit then. `awaits`: of one who was
    told so, an answer can be written down.
    """

    number: str
    campaign: str
    campaign_code: str
    state: str
    organisation: str
    name: str
    address: str
    why: str
    told: str
    letter: str
    kit: str
    contents: list[tuple[str, int]]
    parcels: list[Parcel]
    cases: list[Case]
    moments: list[Moment]
    photos: int = 0
    awaits: bool = False


def find(scope: Scope, typed: str) -> str:
    """The number of the consignment that was typed or scanned; NotFound says what can be."""
    with reading() as session:
        found = of_letter(session, scope, typed)
        if found is None:
            found = rows.by_reference(session, scope, reference=reference(typed))
        if found is None:
            raise NotFound(UNKNOWN)
        return _number(found)


def of_letter(session: Session, scope: Scope, typed: str) -> rows.Owed | None:
    """Whose letter was typed or scanned: its number, its confirmation code, or the link in its QR code."""
    text = folded(typed)
    parts = split_consignment_number(text)
    for code in dict.fromkeys((parts[0], parts[0].upper())) if parts is not None else ():
        try:
            return rows.by_number(session, scope, code=code, number=parts[1] if parts else 0)
        except NotFound:
            continue
    secret = codes.normalise(text.rpartition("/r/")[2])
    return rows.by_code(session, scope, hashes=look_up_hashes(secret)) if secret is not None else None


def _number(found: rows.Owed) -> str:
    return consignment_number(found.campaign.code, found.consignment.number)


def life(scope: Scope, number: str, *, whole: bool) -> Life:
    """One consignment; without `whole` the member's name and door stay hidden."""
    parts = split_consignment_number(number)
    if parts is None:
        raise NotFound(UNKNOWN)
    with reading() as session:
        found = rows.by_number(session, scope, code=parts[0], number=parts[1])
        id_, snapshot, channel = found.consignment.key, found.snapshot, found.campaign.channel
        place = (snapshot.province, snapshot.city, snapshot.district) if snapshot else ()
        detail = snapshot.detail if snapshot else ""
        name = snapshot.name if snapshot else ""
        seen_as = name if whole else masked(name)
        told = telling.as_told(session, found.campaign, name=seen_as, link=OWN_LINK)
        cases = rows.cases(session, consignment_id=id_)
        moments = [Moment(snapshot.made_at, "snapshot", "")] if snapshot else []
        moments += [Moment(one.opened_at, "hold", one.sentence) for one in rows.holds(session, consignment_id=id_)]
        moments += [
            Moment(event.happened_at, "event", event.text if whole else "", f"{event.tracking} {reference}")
            for event, reference in rows.events(session, consignment_id=id_)
        ]
        moments += [
            Moment(one.recorded_at, "receipt", SAID_BY[channel][one.said], one.note if whole else "")
            for one in rows.receipts(session, consignment_id=id_)
        ]
        moments += [
            Moment(one.opened_at, "case", one.sentence, of_case(channel, one.reason, one.next_step)) for one in cases
        ]
        moments += [
            Moment(one.at, one.state.value, LEFT[one.reason] if one.reason else "", f"{one.reference} {one.manifest}")
            for one in rows.handovers(session, consignment_id=id_)
        ]
        moments += [*_messages(session, id_, whole=whole), *_calls(session, id_)]
        moments += [
            Moment(at, "told", sentence) for sentence, at in rows.told(session, consignment_id=id_) if at is not None
        ]
        return Life(
            number=_number(found),
            campaign=found.campaign.name,
            campaign_code=found.campaign.code,
            state=CONSIGNMENTS[channel][found.consignment.state],
            organisation=found.organisation or "",
            name=seen_as,
            address="".join(part for part in place if part) + (detail if whole else without_room(detail)),
            why=snapshot.why if snapshot else "",
            told=told,
            letter=f"{found.letter.code} v{found.letter.version}",
            kit=f"{found.kit.name} v{found.kit.version}" if found.kit else "",
            contents=rows.contents(session, kit_id=found.campaign.kit_id),
            parcels=rows.parcels(session, consignment_id=id_),
            cases=cases,
            moments=sorted(moments, key=lambda one: one.at),
            awaits=bool(told) and found.consignment.state in UNANSWERED,
            photos=len(_photos(session, id_)) if whole else 0,
        )


def _messages(session: Session, consignment_id: int, *, whole: bool) -> Iterator[Moment]:
    """What became of each message; of one that waits nothing has happened yet."""
    for one in rows.messages(session, consignment_id=consignment_id):
        became, why = became_of(one)
        if at := one.cancelled_at or one.failed_at or one.unclear_at or one.delivered_at or one.answered_at:
            yield Moment(at, "message", became, why if whole else "")


def _calls(session: Session, consignment_id: int) -> Iterator[Moment]:
    """What came of each call that was made."""
    for one in rows.calls(session, consignment_id=consignment_id):
        outcome = one.outcome or CallEnd.no_answer
        if outcome not in NOT_CALLED and (at := one.ended_at or one.tried_at):
            times = f"（{one.tries} 次）" if outcome is CallEnd.no_answer and one.tries > 1 else ""
            yield Moment(at, "call", f"{CALL_END[outcome]}{times}")


def photo(scope: Scope, number: str, position: int) -> bytes:
    """One of the pictures the member sent, from 1; NotFound outside the scope, and for one that was taken back."""
    parts = split_consignment_number(number)
    if parts is None:
        raise NotFound(UNKNOWN)
    with reading() as session:
        found = rows.by_number(session, scope, code=parts[0], number=parts[1])
        paths = _photos(session, found.consignment.key)
    if not 1 <= position <= len(paths):
        raise NotFound("没有这张照片，可能本人已经收回，或者已经按期清除。")
    return fetch(paths[position - 1])


def _photos(session: Session, consignment_id: int) -> list[str]:
    """Where the pictures are kept that are there and not erased."""
    files = [file for _, file in receipt_photos.there(session, consignment_id=consignment_id)]
    return [file.path for file in files if file.published_at is not None and file.deleted_at is None]
