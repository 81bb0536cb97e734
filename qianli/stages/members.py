"""Looking at members."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import AddressStatus, Member, Residence
from qianli.ledger.phones import masked
from qianli.stages.unit import reading, today
from qianli.store import members, organisations, residences


@dataclass(frozen=True)
class MemberLine:
    """One member of a list; the phone is masked, of the address only the division is shown."""

    id: int
    name: str
    organisation: str
    phone: str | None
    lives_in: str | None
    address_status: AddressStatus | None
    reported_on: date | None
    away_since: date | None
    occupation: str | None


def list_members(*, organisation: str | None = None) -> list[MemberLine]:
    """The members of an organisation and of everything below it, or all; with where they live today."""
    with reading() as session:
        names = organisations.names(session)
        ids = list(names)
        if organisation is not None:
            ids = organisations.tree_ids(session, root_id=organisations.by_name(session, name=organisation).key)
        found = members.in_organisations(session, ids=ids)
        homes = _homes(session, [member.key for member in found])
        return [_line(member, names[member.organisation_id], homes.get(member.key)) for member in found]


def _homes(session: Session, member_ids: list[int]) -> dict[int, Residence]:
    """Where each lives today; of those who live nowhere yet, where they will live first."""
    homes = residences.in_force(session, member_ids=member_ids, on=today())
    later = residences.mains(session, member_ids=[id_ for id_ in member_ids if id_ not in homes])
    coming = {id_: [one for one in known if one.since and one.since > today()] for id_, known in later.items()}
    return homes | {id_: known[0] for id_, known in coming.items() if known}


def _line(member: Member, organisation: str, home: Residence | None) -> MemberLine:
    parts = dict.fromkeys(part for part in (home.province, home.city, home.district) if part) if home else {}
    return MemberLine(
        id=member.key,
        name=member.name,
        organisation=organisation,
        phone=masked(member.phone) if member.phone else None,
        lives_in="".join(parts) or None,
        address_status=home.status if home else None,
        reported_on=home.reported_on if home else None,
        away_since=member.away_since,
        occupation=member.occupation,
    )
