"""Rounds that ask members whether they still live there, and what they said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    AddressAnswer,
    AddressRound,
    AddressSaid,
    Campaign,
    CampaignState,
    Consignment,
    Hold,
    HoldReason,
    Member,
    Organisation,
    RoundRule,
    SaidVia,
    Snapshot,
    Subject,
)
from qianli.campaigns.address_round import ANSWERS, ASKABLE, KEY
from qianli.store import journal
from qianli.store.among import among
from qianli.store.members import may_be_called
from qianli.store.messages import live


def of_campaign(session: Session, *, campaign_id: int) -> AddressRound | None:
    """The campaign's round, open or over."""
    return session.exec(select(AddressRound).where(AddressRound.campaign_id == campaign_id)).first()


def is_open(session: Session, *, campaign_id: int) -> AddressRound | None:
    """The campaign's round, unless it is over."""
    found = of_campaign(session, campaign_id=campaign_id)
    return found if found is not None and found.closed_at is None else None


def open_one(session: Session, *, campaign_id: int, cut_off_on: date, rule: RoundRule, by: str) -> AddressRound:
    """A new round; its members are added by `ask`."""
    row = AddressRound(
        campaign_id=campaign_id, opened_at=journal.moment_of(session), opened_by=by, cut_off_on=cut_off_on, rule=rule
    )
    session.add(row)
    session.flush()
    journal.note(session, subject=Subject.campaign, ids=[campaign_id], what="address round opened")
    return row


def change(session: Session, *, row: AddressRound, cut_off_on: date, rule: RoundRule) -> None:
    """Another last day, or another rule."""
    if (row.cut_off_on, row.rule) != (cut_off_on, rule):
        row.cut_off_on, row.rule = cut_off_on, rule
        session.add(row)
        journal.note(session, subject=Subject.campaign, ids=[row.campaign_id], what="address round changed")


def ask(session: Session, *, row: AddressRound) -> list[int]:
    """Ask whoever is prepared, was not asked yet and may be called; consignment ids of these."""
    asked = sa.select(col(AddressAnswer.consignment_id)).where(col(AddressAnswer.round_id) == row.key)
    new = (
        sa.select(sa.literal(row.key), col(Consignment.id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(
            col(Consignment.campaign_id) == row.campaign_id,
            col(Consignment.state).in_(ASKABLE),
            col(Consignment.id).not_in(asked),
            col(Snapshot.residence_id).is_not(None),
            may_be_called(),
        )
    )
    newest = session.execute(
        sa.select(sa.func.max(col(AddressAnswer.id))).where(col(AddressAnswer.round_id) == row.key)
    ).scalar()
    columns = ["round_id", "consignment_id"]
    session.execute(sa.insert(AddressAnswer).from_select(columns, new, include_defaults=False))
    added = sa.select(col(AddressAnswer.consignment_id)).where(
        col(AddressAnswer.round_id) == row.key, col(AddressAnswer.id) > (newest or 0)
    )
    ids = sorted(session.execute(added).scalars())
    journal.note(session, subject=Subject.consignment, ids=ids, what="address asked")
    return ids


def close(session: Session, *, row: AddressRound) -> None:
    """No more answers are taken on the page."""
    row.closed_at = journal.moment_of(session)
    session.add(row)
    journal.note(session, subject=Subject.campaign, ids=[row.campaign_id], what="address round closed")


def over(session: Session, *, today: date) -> list[int]:
    """Campaigns whose open rounds are past their cut-off."""
    query = sa.select(col(AddressRound.campaign_id)).where(
        col(AddressRound.closed_at).is_(None), col(AddressRound.cut_off_on) < today
    )
    return sorted(session.execute(query).scalars())


def question(session: Session, *, consignment_id: int) -> tuple[AddressAnswer, AddressRound] | None:
    """What one member was asked, and in which round, open or over."""
    query = (
        select(AddressAnswer, AddressRound)
        .join(AddressRound, col(AddressRound.id) == col(AddressAnswer.round_id))
        .where(AddressAnswer.consignment_id == consignment_id)
    )
    return session.exec(query).first()


def answer(session: Session, *, row: AddressAnswer, said: AddressSaid | None, via: SaidVia) -> bool:
    """What the member says now; None takes it back. False if they said so already."""
    if row.said is said:
        return False
    by, at = journal.actor_of(session), journal.moment_of(session)
    row.said, row.said_via = said, via if said else None
    row.answered_at, row.recorded_by = (at, by) if said else (None, None)
    session.add(row)
    ids = [row.consignment_id]
    if said is None:
        journal.note(session, subject=Subject.consignment, ids=ids, what="address answer withdrawn", why=via)
    else:
        journal.note(session, subject=Subject.consignment, ids=ids, what=f"address {said}", why=via)
    return True


def counts(session: Session, *, round_id: int) -> dict[tuple[AddressSaid | None, SaidVia | None], int]:
    """(what, how) → how many; (None, None) said nothing."""
    query = (
        sa.select(col(AddressAnswer.said), col(AddressAnswer.said_via), sa.func.count())
        .where(col(AddressAnswer.round_id) == round_id)
        .group_by(col(AddressAnswer.said), col(AddressAnswer.said_via))
    )
    return {(said, via): count for said, via, count in session.execute(query)}


def unanswered(session: Session, *, round_id: int) -> dict[str, list[int]]:
    """Name of the branch where the member lives (the host's, or home) → consignments that can still be held."""
    where = sa.func.coalesce(col(Member.host_organisation_id), col(Member.organisation_id))
    query = (
        sa.select(col(Organisation.name), col(Consignment.id))
        .select_from(AddressAnswer)
        .join(Consignment, col(Consignment.id) == col(AddressAnswer.consignment_id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Organisation, col(Organisation.id) == where)
        .where(
            col(AddressAnswer.round_id) == round_id,
            sa.or_(col(AddressAnswer.said).is_(None), col(AddressAnswer.said).not_in(ANSWERS)),
            col(Consignment.state).in_(ASKABLE),
        )
        .order_by(col(Organisation.name), col(Consignment.id))
    )
    found: dict[str, list[int]] = {}
    for branch, consignment in session.execute(query):
        found.setdefault(branch, []).append(consignment)
    return found


@dataclass(frozen=True)
class ToAsk:
    """Somebody who was asked and gave no address yet, with all that a caller or a message needs.

    `by_message`: a message asks, and nobody has to call.
    """

    consignment_id: int
    number: int
    generation: int
    key_id: str
    member_id: int
    name: str
    phone: str | None
    province: str | None
    city: str | None
    district: str | None
    detail: str
    opened_at: datetime
    cut_off_on: date
    round_id: int
    said: AddressSaid | None
    by_message: bool


def _held() -> sa.ColumnElement[bool]:
    """Of a consignment: it waits because its member said nothing."""
    return sa.exists().where(
        col(Hold.consignment_id) == col(Consignment.id),
        col(Hold.reason) == HoldReason.address_unanswered,
        col(Hold.cleared_at).is_(None),
    )


IS_OPEN = col(AddressRound.closed_at).is_(None)
UNHEARD = (
    sa.or_(col(AddressAnswer.said).is_(None), col(AddressAnswer.said).not_in(ANSWERS)),
    col(Consignment.state).in_(ASKABLE),
)


def _by_message() -> sa.ColumnElement[bool]:
    """Of an answer: a message asks, the round is open, and the member has not said that they are unsure."""
    key = (
        sa.literal(KEY)
        .concat(sa.cast(col(AddressAnswer.consignment_id), sa.String))
        .concat("-")
        .concat(sa.cast(col(AddressAnswer.round_id), sa.String))
    )
    return sa.and_(IS_OPEN, col(AddressAnswer.said).is_(None), live(key))


def is_to_be_called() -> sa.ColumnElement[bool]:
    """Of a consignment: its member has to be called about where they live, as a condition."""
    asked = (
        sa.select(col(AddressAnswer.id))
        .join(AddressRound, col(AddressRound.id) == col(AddressAnswer.round_id))
        .where(
            col(AddressAnswer.consignment_id) == col(Consignment.id),
            sa.or_(IS_OPEN, _held()),
            *UNHEARD,
            sa.not_(_by_message()),
        )
    )
    return asked.correlate(Consignment).exists()


def where_asked(session: Session, *, consignment_ids: Iterable[int]) -> dict[int, Snapshot]:
    """Consignment → the snapshot with the address that its member is asked about."""
    query = (
        sa.select(col(Consignment.id), Snapshot)
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(among(Consignment.id, consignment_ids))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def to_ask(session: Session, *, campaign_id: int, late: bool) -> list[ToAsk]:
    """Whom an open round still has to ask, by number; `late`: after it as well whoever is held for silence."""
    query = (
        sa.select(
            col(Consignment.id), col(Consignment.number), col(Consignment.code_generation),
            col(Consignment.code_key_id), col(Member.id), col(Snapshot.name), col(Snapshot.phone),
            col(Snapshot.province), col(Snapshot.city), col(Snapshot.district), col(Snapshot.detail),
            col(AddressRound.opened_at), col(AddressRound.cut_off_on), col(AddressRound.id), col(AddressAnswer.said),
            _by_message(),
        )
        .select_from(AddressAnswer)
        .join(AddressRound, col(AddressRound.id) == col(AddressAnswer.round_id))
        .join(Consignment, col(Consignment.id) == col(AddressAnswer.consignment_id))
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(
            col(AddressRound.campaign_id) == campaign_id,
            sa.or_(IS_OPEN, _held()) if late else IS_OPEN,
            *UNHEARD,
            col(Campaign.state).in_((CampaignState.prepared, CampaignState.approved, CampaignState.under_way)),
            may_be_called(),
        )
        .order_by(col(Consignment.number))
    )  # fmt: skip
    return [ToAsk(*row) for row in session.execute(query)]


def answered(session: Session, *, campaign_id: int) -> dict[int, bool]:
    """Number of each consignment that was asked → whether its member answered."""
    query = (
        sa.select(col(Consignment.number), sa.func.coalesce(col(AddressAnswer.said).in_(ANSWERS), sa.false()))
        .join(Consignment, col(Consignment.id) == col(AddressAnswer.consignment_id))
        .where(col(Consignment.campaign_id) == campaign_id)
    )
    return {number: bool(said) for number, said in session.execute(query)}
