"""Looking at members, and correcting by hand what the ledger says of one."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import AddressStatus, Member, Residence, Subject
from qianli.errors import BadInput, NotFound
from qianli.folding import HIGHEST_ID, fold
from qianli.ledger.phones import masked, read_phone
from qianli.stages.unit import reading, today, writing
from qianli.store import journal, lists, members, organisations, residences
from qianli.store.scope import Scope

LONGEST_NAME = 50
OUTSIDE = "没有这个人，或者不在您的组织以内。"


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


def require(scope: Scope, member_id: int) -> None:
    """NotFound unless this member's home belongs to the tree."""
    with reading() as session:
        if not 0 < member_id <= HIGHEST_ID or not lists.in_scope(session, scope, member_id=member_id):
            raise NotFound(OUTSIDE)


def require_of_movement(scope: Scope, movement_id: int) -> None:
    """The same of whom a report of a move speaks."""
    with reading() as session:
        whose = lists.member_of(session, movement_id=movement_id)
    require(scope, whose or 0)


def change(member_id: int, *, name: str, phone: str, version: int, by: str) -> bool:
    """Another name or telephone, an empty one for none; False if nothing differs, Conflict if it was changed since."""
    new = fold(name)
    if not new or len(new) > LONGEST_NAME:
        raise BadInput(f"姓名不能为空，不超过 {LONGEST_NAME} 个字。")
    dialled = read_phone(phone) if phone.strip() else None
    with writing(by) as session:
        member = members.lock(session, ids=[member_id]).get(member_id)
        if member is None or member.merged_into_id is not None:
            raise NotFound(OUTSIDE)
        members.require_version(member, version)
        if (member.name, member.phone) == (new, dialled):
            return False
        members.write(session, member=member, values={"name": new, "phone": dialled, "phone_written": None})
        journal.note(session, subject=Subject.member, ids=[member_id], what="changed", why="在工作台更正")
        return True
