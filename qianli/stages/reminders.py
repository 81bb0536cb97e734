"""Reminders that follow from what couriers say. They confirm nothing: only the member does."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from models import CallPurpose, MessagePurpose, Reminder, ReminderEnd, ReminderReason, ToldVia, TrackingEvent
from qianli.campaigns.reminders import Wanted, end_of, key_of, wanted
from qianli.campaigns.tracking import Folded
from qianli.errors import RuleBroken
from qianli.stages import outreach
from qianli.stages.typed import consignment as typed_consignment
from qianli.stages.unit import now, writing
from qianli.store import reminders as store

TEXT = {ReminderReason.waiting_at: "parcel_waiting", ReminderReason.left_with: "parcel_left"}
KIND = outreach.Kind(MessagePurpose.follow_up, CallPurpose.reminder)


def follow(session: Session, history: Mapping[int, Sequence[TrackingEvent]], folded: Mapping[int, Folded]) -> None:
    """Open, correct and end the reminders of the parcels that were spoken of."""
    found = {parcel: wanted(answer, history[parcel]) for parcel, answer in folded.items()}
    standing: dict[tuple[int, int], Reminder] = {}
    ended: dict[ReminderEnd, list[int]] = {}
    for one in store.open_of(session, parcel_ids=folded):
        now_so = found[one.parcel_id]
        if now_so is None or now_so.reason != one.reason:
            ended.setdefault(end_of(folded[one.parcel_id]), []).append(one.key)
        else:
            standing[one.parcel_id, one.consignment_id] = one
    for outcome, ids in ended.items():
        store.end(session, ids=ids, outcome=outcome, at=now())
    _write(session, {parcel: one for parcel, one in found.items() if one}, standing)


def _write(session: Session, found: Mapping[int, Wanted], standing: Mapping[tuple[int, int], Reminder]) -> None:
    waiting = store.who_waits(session, parcel_ids=found) if found else {}
    new = [
        {
            "parcel_id": parcel,
            "consignment_id": consignment,
            "reason": found[parcel].reason,
            "sentence": found[parcel].sentence,
            "since_at": found[parcel].since_at,
            "opened_at": now(),
        }
        for parcel, consignments in waiting.items()
        for consignment in consignments
        if (parcel, consignment) not in standing
    ]
    added = store.add(session, rows=new)
    matters = [outreach.Matter(key_of(id_), consignment, TEXT[reason]) for id_, consignment, reason in added]
    outreach.begin(session, matters, KIND)
    otherwise = [
        {"id": one.key, "sentence": found[parcel].sentence, "since_at": found[parcel].since_at}
        for (parcel, _), one in standing.items()
        if (one.sentence, one.since_at) != (found[parcel].sentence, found[parcel].since_at)
    ]
    store.correct(session, rows=otherwise)


def told(consignment_number: str, *, via: ToldVia, by: str) -> str:
    """A person told the member what there is to tell; the answer is the number. It is no receipt."""
    with writing(by) as session:
        number, consignment = typed_consignment(session, consignment_number)
        if not store.note_told(session, consignment_id=consignment.key, via=via, at=now()):
            raise RuleBroken(f"{number} 没有要提醒的事；本人有答复的，请用“receipt record”登记。", number=number)
    return number
