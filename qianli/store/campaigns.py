"""Campaigns, their letter texts and approvals."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Approval, Campaign, Kit, LetterText, Subject
from qianli.errors import NotFound
from qianli.store import journal


def by_code(session: Session, *, code: str) -> Campaign:
    """One campaign; NotFound says where to look."""
    found = session.exec(select(Campaign).where(Campaign.code == code)).first()
    if found is None:
        raise NotFound(f"没有代码为“{code}”的活动，可用“campaign list”查看。", code=code)
    return found


def by_id(session: Session, *, campaign_id: int) -> Campaign:
    """One campaign that is known to exist."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        raise NotFound(f"没有编号为 {campaign_id} 的活动。", campaign_id=campaign_id)
    return found


def lock(session: Session, *, campaign_id: int) -> Campaign:
    """The same, held against others until the transaction ends (SQLite holds the whole database anyway)."""
    query = select(Campaign).where(Campaign.id == campaign_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def share(session: Session, *, campaign_id: int) -> Campaign:
    """The same, but others may share it: nobody changes the campaign until the transaction ends."""
    query = select(Campaign).where(Campaign.id == campaign_id).with_for_update(read=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


def everything(session: Session) -> list[Campaign]:
    """All campaigns, oldest first."""
    return list(session.exec(select(Campaign).order_by(col(Campaign.id))))


def letter_text(session: Session, *, campaign: Campaign) -> LetterText:
    """The text version the campaign uses."""
    return session.get_one(LetterText, campaign.letter_text_id)


def kit(session: Session, *, campaign: Campaign) -> Kit | None:
    """The kit version the campaign sends; None where nothing is sent by post."""
    return session.get_one(Kit, campaign.kit_id) if campaign.kit_id else None


def live_approval(session: Session, *, campaign_id: int) -> Approval | None:
    """The approval in force."""
    query = select(Approval).where(Approval.campaign_id == campaign_id, col(Approval.voided_at).is_(None))
    return session.exec(query).first()


def newest_approval(session: Session, *, campaign_id: int) -> Approval | None:
    """The last approval given, in force or not."""
    query = select(Approval).where(Approval.campaign_id == campaign_id).order_by(col(Approval.id).desc())
    return session.exec(query).first()


def void_approval(session: Session, *, campaign_id: int, reason: str, at: datetime) -> None:
    """No approval is in force any more."""
    update = sa.update(Approval).where(col(Approval.campaign_id) == campaign_id, col(Approval.voided_at).is_(None))
    voided = update.values(voided_at=at, void_reason=reason).returning(col(Approval.campaign_id))
    if session.execute(voided).first() is not None:
        journal.note(session, subject=Subject.campaign, ids=[campaign_id], what="approval voided", why=reason)
    session.flush()
