"""What is set on a member by hand, and stops everything that was on its way to them: has died, do not contact."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from models import CallEnd, HoldReason, Member, MessageEnd, Subject
from qianli.errors import BadInput
from qianli.stages import typed
from qianli.stages.unit import now, today, writing
from qianli.stages.withholding import Withheld, withhold
from qianli.store import consignments, journal, members, messages, phone_calls

CALL_END = {HoldReason.deceased: CallEnd.overtaken, HoldReason.do_not_contact: CallEnd.do_not_contact}
END = {HoldReason.deceased: MessageEnd.gone, HoldReason.do_not_contact: MessageEnd.do_not_contact}


@dataclass(frozen=True)
class Marked:
    """Whose record it is, whether it changed, and what does not go any more."""

    member_id: int
    name: str
    changed: bool
    withheld: Withheld = field(default_factory=Withheld)


def mark_deceased(member: str, *, on: date | None, undo: bool = False, by: str) -> Marked:
    """Somebody has died: nothing is sent and nobody calls. `undo` takes a wrong report back."""
    if on is not None and on > today():
        raise BadInput("去世日期在今天之后，请核对。")
    if undo and on is not None:
        raise BadInput("撤销时不用写日期。")
    with writing(by) as session:
        found = typed.member(session, member)
        day = None if undo else on or found.deceased_on or today()
        if day == found.deceased_on:
            return Marked(found.key, found.name, changed=False)
        members.write(session, member=found, values={"deceased_on": day})
        if undo:
            journal.note(session, subject=Subject.member, ids=[found.key], what="not deceased")
        else:
            journal.note(session, subject=Subject.member, ids=[found.key], what="deceased")
        return _marked(session, found, None if undo else HoldReason.deceased)


def mark_do_not_contact(member: str, *, undo: bool = False, by: str) -> Marked:
    """Somebody asked to be left alone, or changed their mind."""
    with writing(by) as session:
        found = typed.member(session, member)
        if found.do_not_contact is not undo:
            return Marked(found.key, found.name, changed=False)
        members.write(session, member=found, values={"do_not_contact": not undo})
        if undo:
            journal.note(session, subject=Subject.member, ids=[found.key], what="may be contacted")
        else:
            journal.note(session, subject=Subject.member, ids=[found.key], what="do not contact")
        return _marked(session, found, None if undo else HoldReason.do_not_contact)


def _marked(session: Session, member: Member, reason: HoldReason | None) -> Marked:
    fell = withhold_of(session, [member.key], reason) if reason else Withheld()
    if reason:
        messages.cancel(session, member_ids=[member.key], reason=END[reason], at=now())
        phone_calls.end(session, member_ids=[member.key], outcome=CALL_END[reason], at=now())
    return Marked(member.key, member.name, changed=True, withheld=fell)


def withhold_of(session: Session, member_ids: list[int], reason: HoldReason) -> Withheld:
    """Whatever of these members no courier has yet stays here."""
    owed = consignments.of_members(session, member_ids=member_ids)
    return withhold(session, consignment_ids=[one.key for one in owed], reason=reason)
