"""What a kept record takes over of where the other one lives, and gives back when the merge is undone."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Member
from qianli.ledger.member_row import MemberRow
from qianli.stages.moves import Addresses, Moves, known_on, shown_of
from qianli.stages.unit import now, today
from qianli.store import residences

SOURCE = "合并记录"


def take_over(session: Session, kept: Member, gone: Member) -> dict[str, Any]:
    """The other record's address of today as a report of its own date; the answer says by id what that changed."""
    mains = residences.mains(session, member_ids=[kept.key, gone.key])
    known, home = mains.get(kept.key, []), shown_of(mains.get(gone.key, []), today())
    before = {one.key: one.verified_at for one in known}
    moves = Moves(Addresses(), source=SOURCE, today=today(), at=now())
    if home is not None:
        row = MemberRow("", gone.key, address=home.written, address_on=known_on(home), postcode=home.postcode)
        moves.report(kept.key, row, known)
        moves.write(session)
    standing = [one.key for one in residences.mains(session, member_ids=[kept.key]).get(kept.key, [])]
    return {
        "added": [id_ for id_ in standing if id_ not in before],
        "superseded": moves.superseded,
        "confirmed": {str(id_): _written(before[id_]) for id_ in moves.confirmed},
        "standing": standing,
    }


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def give_back(session: Session, kept_id: int, taken: dict[str, Any]) -> bool:
    """The kept record's addresses as they were; False, and nothing happens, where somebody reported anything since."""
    standing = [one.key for one in residences.mains(session, member_ids=[kept_id]).get(kept_id, [])]
    if standing != taken["standing"]:
        return False
    residences.supersede(session, ids=taken["added"], at=now())
    residences.count_again(session, ids=taken["superseded"])
    confirmed = {int(id_): datetime.fromisoformat(at) if at else None for id_, at in taken["confirmed"].items()}
    residences.confirm_all(session, verified_at=confirmed)
    return True
