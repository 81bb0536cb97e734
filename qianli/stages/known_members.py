"""Whom the rows of a list may speak of, out of the ledger."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from models import Member
from qianli.ledger.matching import Known
from qianli.ledger.member_row import MemberRow
from qianli.store import members, organisations


def candidates(
    session: Session, rows: Sequence[MemberRow], *, root_id: int | None, hosted: bool = False
) -> list[Known]:
    """Namesakes of these rows, and members by their keys: of an organisation and all below it, or of all.

    With `hosted` those count whom it hosts, too.
    """
    tree = organisations.tree_ids(session, root_id=root_id) if root_id is not None else None
    names = {row.name for row in rows if row.name}
    keys = {row.key.member_id for row in rows if row.key}
    return _known(members.called(session, names=names, ids=keys, organisation_ids=tree, hosted=hosted))


def _known(found: Iterable[Member]) -> list[Known]:
    return [
        Known(
            id=one.key,
            name=one.name,
            version=one.version,
            born_on=one.born_on,
            joined_on=one.joined_on,
            phone=one.phone,
            phone_written=one.phone_written,
            organisation_id=one.organisation_id,
        )
        for one in found
    ]
