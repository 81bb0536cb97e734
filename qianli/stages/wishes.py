"""What members ask for on their page: a call, to be left alone, to be forgotten, or a parcel sent elsewhere.

Each becomes a piece of work for the branch; nothing is done by itself. One transaction each, and twice is once.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import AddressSaid, CaseOutcome, CaseReason, Member, Movement, SaidVia
from qianli.campaigns.cases import case_words
from qianli.campaigns.references import consignment_number
from qianli.errors import RuleBroken
from qianli.receipts.answers import standing
from qianli.receipts.contents import was_sent
from qianli.receipts.wishes import HEARD, Wish, new_home
from qianli.stages import address_answers
from qianli.stages import movements as reports
from qianli.stages.movement_pairs import open_cases
from qianli.stages.movement_reports import BY_MEMBER, by_member
from qianli.stages.unit import now, today, writing
from qianli.store import cases, members, movements
from qianli.store import receipts as rows

TOO_LATE = "这次寄送已经结束，页面上不能再登记，请打电话给寄件单位。"


@dataclass(frozen=True)
class Wished:
    """What a member asked for and nobody settled yet, since when; `moved_at`: they gave a new address."""

    wishes: dict[Wish, datetime]
    moved_at: datetime | None = None


def standing_wishes(session: Session, *, consignment_id: int, member_id: int | None) -> Wished:
    """What waits for the branch."""
    open_ones = cases.open_cases(session, consignment_ids=[consignment_id])
    named = {wish.reason: wish for wish in Wish}
    wishes = {named[one.reason]: one.opened_at for one in open_ones if one.reason in named}
    told = _told(session, member_id) if member_id is not None else []
    return Wished(wishes, max((one.recorded_at for one in told), default=None))


def _told(session: Session, member_id: int) -> list[Movement]:
    """A member's own reports that nobody settled."""
    found = movements.of_members(session, member_ids=[member_id])
    return [one for one in found if one.source == BY_MEMBER and one.outcome is None]


def wish(consignment_id: int, what: Wish, *, via: SaidVia = SaidVia.page, by: str) -> bool:
    """Open a case for the branch; False if it is open already."""
    with writing(by) as session:
        asked = _heard(session, consignment_id)
        words = case_words(what.reason, consignment=consignment_number(asked.campaign.code, asked.consignment.number))
        opened = cases.open_case(
            session,
            campaign_id=asked.campaign.key,
            consignment_id=consignment_id,
            reason=what.reason,
            sentence=words.sentence,
            next_step=words.next_step,
            owner=asked.campaign.owner,
            at=now(),
        )
        if what is Wish.call_me:
            address_answers.note(session, consignment_id=consignment_id, said=AddressSaid.unsure, via=via)
        return opened is not None


def withdraw(consignment_id: int, what: Wish, *, by: str) -> bool:
    """The member does not ask for it any more; False if nothing was open."""
    with writing(by) as session:
        _heard(session, consignment_id)
        found = cases.open_cases(session, consignment_ids=[consignment_id])
        ids = [one.key for one in found if one.reason is what.reason]
        return bool(cases.resolve_cases(session, ids=ids, outcome=CaseOutcome.withdrawn, by=by, at=now()))


def moved(
    consignment_id: int, *, address: str, since: str, as_it_is: bool, via: SaidVia = SaidVia.page, by: str
) -> bool:
    """A member's new address: a report that waits for the host's or for a person. False if it was said already."""
    home = new_home(address, since, today=today(), as_it_is=as_it_is)
    with writing(by) as session:
        member = _member(session, consignment_id)
        _heard(session, consignment_id)
        address_answers.note(session, consignment_id=consignment_id, said=AddressSaid.moved, via=via)
        report = by_member(session, member, written=home.written, moved_on=home.moved_on, by=by)
        if report is None:
            return False
        session.refresh(report)
        if report.outcome is None:
            open_cases(session, [report], CaseReason.has_moved)
        return True


def not_moved(consignment_id: int, *, by: str) -> bool:
    """The member did not move after all; False if nothing of theirs waits."""
    with writing(by) as session:
        member = _member(session, consignment_id)
        _heard(session, consignment_id)
        waiting = [one.key for one in _told(session, member.key)]
        if waiting:
            address_answers.note(session, consignment_id=consignment_id, said=None, via=SaidVia.page)
    withdrawn = [reports.dismiss(one, by=by) for one in waiting]
    return any(withdrawn)


def _heard(session: Session, consignment_id: int) -> rows.Asked:
    asked = rows.locked(session, consignment_id=consignment_id)
    sent = was_sent(rows.lines(session, consignment_id=consignment_id))
    if standing(asked.campaign.state, asked.consignment.state, sent=sent) not in HEARD:
        raise RuleBroken(TOO_LATE, consignment_id=consignment_id)
    return asked


def _member(session: Session, consignment_id: int) -> Member:
    """Whose it is, locked before the consignment as everywhere; of a record merged into another one, that one."""
    id_ = rows.member_of(session, consignment_id=consignment_id)
    found = members.lock(session, ids=[id_]).get(id_) if id_ is not None else None
    if found is not None and found.merged_into_id is not None:
        found = members.lock(session, ids=[found.merged_into_id]).get(found.merged_into_id)
    if found is None:
        raise RuleBroken(TOO_LATE, consignment_id=consignment_id)
    return found
