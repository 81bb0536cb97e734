"""Members who say nothing, and the steps of their campaign's ladder that were taken for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models import (
    Campaign,
    CampaignState,
    Case,
    CaseReason,
    Consignment,
    ConsignmentState,
    FollowUp,
    FollowUpDo,
    Member,
    Message,
    Parcel,
    ParcelLine,
    Subject,
    Tracking,
)
from qianli.campaigns.sending import WEEK
from qianli.store import journal, told
from qianli.store.members import may_be_called
from qianli.store.messages import WAITING


@dataclass(frozen=True)
class Waiting:
    """A consignment that is there, of which the member says nothing. `in_hand`: a case of it is open.

    `delivered_at` is as the courier says, or the channel of a message; `account` is the one the member was told
    through, empty for what came by post. `taken` is step → when; a case of silence that was opened once counts as
    taken whatever its step.
    """

    consignment_id: int
    number: int
    member_id: int
    organisation_id: int
    delivered_at: datetime
    in_hand: bool
    account: str = ""
    taken: Mapping[int, datetime] = field(default_factory=dict)


def _silent() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Campaign.state) != CampaignState.closed,
        col(Consignment.state) == ConsignmentState.under_way,
        col(ParcelLine.voided_at).is_(None),
        col(Parcel.tracking) == Tracking.delivered,
        col(Parcel.delivered_at).is_not(None),
        may_be_called(),
    )


def _delivered(*columns: Any) -> Any:
    return (
        sa.select(*columns)
        .select_from(Consignment)
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(ParcelLine, col(ParcelLine.consignment_id) == col(Consignment.id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(*_silent())
    )


def campaigns_with_silence(session: Session) -> list[int]:
    """Campaigns in which somebody has not said whether it is there, the parcel or the message."""
    both = sa.union(_delivered(col(Consignment.campaign_id)), told.silent(col(Consignment.campaign_id)))
    return sorted(session.execute(both).scalars())


def waiting(session: Session, *, campaign_id: int) -> list[Waiting]:
    """Those of a campaign, by number. Of one whose silence was a case already nothing is left to do but calls."""
    case = sa.exists().where(col(Case.consignment_id) == col(Consignment.id))
    in_hand = case.where(sa.or_(col(Case.resolved_at).is_(None), col(Case.reason) == CaseReason.no_answer))
    whose = (col(Consignment.id), col(Consignment.number), col(Consignment.member_id), col(Member.organisation_id))
    delivered = (
        _delivered(*whose, sa.func.min(col(Parcel.delivered_at)), in_hand, sa.literal(""))
        .where(col(Consignment.campaign_id) == campaign_id)
        .group_by(*whose)
    )
    by_message = told.silent(*whose, told.told_at(), in_hand, col(Message.channel)).where(
        col(Consignment.campaign_id) == campaign_id
    )
    steps = _taken(session, campaign_id)
    found = [
        Waiting(id_, number, member, organisation, at, bool(busy), account, steps.get(id_, {}))
        for query in (delivered, by_message)
        for id_, number, member, organisation, at, busy, account in session.execute(query)
    ]
    return sorted(found, key=lambda one: one.number)


def _taken(session: Session, campaign_id: int) -> dict[int, dict[int, datetime]]:
    query = (
        sa.select(col(FollowUp.consignment_id), col(FollowUp.step), col(FollowUp.taken_at))
        .join(Consignment, col(Consignment.id) == col(FollowUp.consignment_id))
        .where(col(Consignment.campaign_id) == campaign_id)
    )
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    for consignment, step, at in session.execute(query):
        found[consignment][step] = at
    return dict(found)


def taken_by_number(session: Session, *, campaign_id: int) -> dict[int, set[int]]:
    """Number of a consignment → the calls of the ladder that were put on the list."""
    query = (
        sa.select(col(Consignment.number), col(FollowUp.step))
        .join(FollowUp, col(FollowUp.consignment_id) == col(Consignment.id))
        .where(col(Consignment.campaign_id) == campaign_id, col(FollowUp.does) == FollowUpDo.call)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for number, step in session.execute(query):
        found[number].add(step)
    return dict(found)


def had_messages(session: Session, *, campaign_id: int, at: datetime) -> dict[int, list[datetime]]:
    """Member of a campaign → when messages of any campaign were asked for in the week before `at`, or will be.

    One that failed or was cancelled is not counted; one that waits goes when it is due, or now.
    """
    members = sa.select(col(Consignment.member_id)).where(
        col(Consignment.campaign_id) == campaign_id, col(Consignment.state) == ConsignmentState.under_way
    )
    query = sa.select(col(Message.member_id), col(Message.asked_at), col(Message.due_at)).where(
        sa.or_(col(Message.asked_at) > at - WEEK, sa.and_(col(Message.asked_at).is_(None), *WAITING)),
        col(Message.failed_at).is_(None),
        col(Message.member_id).in_(members),
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for member, asked_at, due_at in session.execute(query):
        found[member].append(asked_at or max(due_at, at))
    return dict(found)


def take(session: Session, *, rows: Sequence[Mapping[str, Any]], at: datetime) -> set[tuple[int, int]]:
    """Note steps as taken, each once whoever takes them; the answer is (consignment, step) of the new ones."""
    if not rows:
        return set()
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = (
        insert(FollowUp)
        .on_conflict_do_nothing(index_elements=["consignment_id", "step"])
        .returning(col(FollowUp.consignment_id), col(FollowUp.step))
    )
    new = {
        (consignment, step) for consignment, step in session.execute(adding, [{**row, "taken_at": at} for row in rows])
    }
    for deed in FollowUpDo:
        ids = [
            row["consignment_id"] for row in rows
            if row["does"] == deed and not row["passed_over"] and (row["consignment_id"], row["step"]) in new
        ]  # fmt: skip
        journal.note(session, subject=Subject.consignment, ids=ids, what=f"followed up {deed}")
    return new
