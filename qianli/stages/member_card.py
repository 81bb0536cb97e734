"""One member on one card: what the ledger knows, what it lacks, and who looks after them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import Member, Residence, Subject, TookPart
from qianli.errors import NotFound, RuleBroken
from qianli.ledger.facts import named
from qianli.ledger.phones import display
from qianli.ledger.phones import masked as masked_phone
from qianli.receipts.names import masked
from qianli.stages.unit import reading, today, writing
from qianli.store import facts, journal, members, organisations, participation, residences


@dataclass(frozen=True)
class TookPartIn:
    """An activity one took part in."""

    activity: str
    held_on: date
    how: TookPart


@dataclass(frozen=True)
class MemberCard:
    """What is known of one member; name, phone and address are masked unless asked for whole."""

    id: int
    version: int
    name: str
    home: str
    host: str | None
    born: str | None
    joined_on: date | None
    phone: str | None
    lives_in: str | None
    away_since: date | None
    occupation: str | None
    dues_paid_until: date | None
    certificate_number: str | None
    certificate_issued_on: date | None
    certificate_checked_on: date | None
    missing: str
    took_part: list[TookPartIn]


def card(member_id: int, *, whole: bool = False) -> MemberCard:
    """One member's card; NotFound if there is none of this number."""
    with reading() as session:
        member = _member(session, member_id)
        paths = organisations.paths(session)
        home = residences.in_force(session, member_ids=[member_id], on=today()).get(member_id)
        known = facts.of_member(session, member=member, on=today())
        took_part = participation.of_member(session, member_id=member_id)
        return MemberCard(
            id=member_id,
            version=member.version,
            name=member.name if whole else masked(member.name),
            home=paths[member.organisation_id],
            host=paths[member.host_organisation_id] if member.host_organisation_id else None,
            born=_born(member, whole=whole),
            joined_on=member.joined_on,
            phone=_phone(member, whole=whole),
            lives_in=_place(home, whole=whole) if home else None,
            away_since=member.away_since,
            occupation=member.occupation,
            dues_paid_until=member.dues_paid_until,
            certificate_number=member.certificate_number if whole else None,
            certificate_issued_on=member.certificate_issued_on,
            certificate_checked_on=member.certificate_checked_on,
            missing=named({name: not is_known for name, is_known in known.items()}),
            took_part=[TookPartIn(one.activity, one.held_on, one.how) for one in took_part],
        )


def host(member_id: int, *, organisation: str | None, by: str) -> bool:
    """Say which organisation looks after a member beside the home, or none; False if it is so already."""
    with writing(by) as session:
        member = _member(session, member_id)
        found = organisations.by_name(session, name=organisation).key if organisation is not None else None
        if found == member.organisation_id:
            raise RuleBroken("这是本人组织关系所在的组织，不能同时登记为流入地管理的组织。", member_id=member_id)
        if found == member.host_organisation_id:
            return False
        members.write(session, member=member, values={"host_organisation_id": found})
        if found:
            journal.note(session, subject=Subject.member, ids=[member_id], what="hosted")
        else:
            journal.note(session, subject=Subject.member, ids=[member_id], what="host_ended")
        return True


def _member(session: Session, member_id: int) -> Member:
    member = members.by_ids(session, ids=[member_id]).get(member_id)
    if member is None:
        raise NotFound(f"没有编号为 {member_id} 的党员，可用“member list”查看。", member_id=member_id)
    return member


def _born(member: Member, *, whole: bool) -> str | None:
    if member.born_on is None:
        return None
    return member.born_on.isoformat() if whole else f"{member.born_on.year} 年"


def _phone(member: Member, *, whole: bool) -> str | None:
    if whole:
        return display(member.phone) if member.phone else member.phone_written
    return masked_phone(member.phone) if member.phone else None


def _place(home: Residence, *, whole: bool) -> str:
    if whole:
        return home.written
    return "".join(dict.fromkeys(part for part in (home.province, home.city, home.district) if part))
