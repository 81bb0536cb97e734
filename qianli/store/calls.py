"""What came of calls to members, as the journal tells it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Campaign, Consignment, JournalEntry, Member, Subject
from qianli.store.scope import Scope

Tried = dict[int, list[tuple[str, datetime, int]]]
NOBODY, WRONG = "nobody answered", "wrong number"


def tried(session: Session, *, campaign_id: int) -> Tried:
    """Number of a consignment → what came of calling in vain, when last, and how often."""
    query = (
        sa.select(col(Consignment.number), col(JournalEntry.what), sa.func.max(col(JournalEntry.at)), sa.func.count())
        .join(JournalEntry, col(JournalEntry.subject_id) == col(Consignment.id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(JournalEntry.subject) == Subject.consignment,
            col(JournalEntry.what).in_((NOBODY, WRONG)),
        )
        .group_by(col(Consignment.number), col(JournalEntry.what))
    )
    found: Tried = {}
    for number, what, at, count in session.execute(query):
        found.setdefault(number, []).append((what, at, count))
    return found


def whom(session: Session, scope: Scope, *, code: str, number: int) -> tuple[int, int | None] | None:
    """Consignment and member behind a number of a campaign of these organisations."""
    query = (
        sa.select(col(Consignment.id), col(Member.id))
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .outerjoin(Member, col(Member.id) == col(Consignment.member_id))
        .where(col(Campaign.code) == code, col(Consignment.number) == number, scope.covers(Campaign.organisation_id))
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None
