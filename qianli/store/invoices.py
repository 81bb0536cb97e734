"""Couriers' invoices and their lines, and parcels beside what was billed for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, Charge, Invoice, InvoiceLine, Member, Parcel, ParcelStage, Snapshot
from qianli.store.among import among
from qianli.store.journal import actor_of


def accounts(session: Session) -> dict[str, str]:
    """Every account that a parcel of ours went or goes under → its courier."""
    query = sa.select(col(Parcel.account), sa.func.min(col(Parcel.courier))).group_by(col(Parcel.account))
    return dict(session.execute(query.order_by(col(Parcel.account))).tuples().all())


def lines_of(session: Session, *, parcel_ids: Iterable[int]) -> dict[tuple[int, Charge], InvoiceLine]:
    """(parcel id, head) → what is billed already."""
    query = select(InvoiceLine).where(among(InvoiceLine.parcel_id, parcel_ids))
    return {(one.parcel_id, one.charge): one for one in session.exec(query)}


def add_lines(
    session: Session, *, account: str, courier: str, sha256: str, lines: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Lines of one file; what comes later of the same file joins its invoice."""
    query = select(Invoice).where(Invoice.account == account, Invoice.sha256 == sha256)
    invoice = session.exec(query).first()
    if invoice is None:
        by = actor_of(session)
        invoice = Invoice(account=account, courier=courier, sha256=sha256, imported_at=at, imported_by=by)
        session.add(invoice)
        session.flush()
    insert = sa.insert(InvoiceLine).execution_options(render_nulls=True)
    session.execute(insert, [{"invoice_id": invoice.key, **line} for line in lines])


@dataclass(frozen=True)
class Beside:
    """A parcel, its campaign's code, its consignee's home (the campaign's where that is gone), what is billed."""

    parcel: Parcel
    campaign: str
    organisation_id: int
    billed_fen: int | None
    billed_weight_g: int | None


def _per_parcel() -> Any:
    return (
        sa.select(
            col(InvoiceLine.parcel_id),
            sa.func.sum(col(InvoiceLine.billed_fen)).label("fen"),
            sa.func.max(col(InvoiceLine.billed_weight_g)).label("weight_g"),
        )
        .group_by(col(InvoiceLine.parcel_id))
        .subquery()
    )


def compared(session: Session, *, campaign_id: int | None = None, account: str | None = None) -> list[Beside]:
    """Parcels that left the house or are billed, by campaign and sequence, with what is billed for each."""
    billed = _per_parcel()
    query = (
        sa.select(
            Parcel, col(Campaign.code), sa.func.coalesce(col(Member.organisation_id), col(Campaign.organisation_id)),
            billed.c.fen, billed.c.weight_g,
        )
        .join(Campaign, col(Campaign.id) == col(Parcel.campaign_id))
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .outerjoin(Member, col(Member.id) == col(Snapshot.member_id))
        .outerjoin(billed, billed.c.parcel_id == col(Parcel.id))
        .where(sa.or_(col(Parcel.handed_over_at).is_not(None), billed.c.fen.is_not(None)))
        .order_by(col(Campaign.id), col(Parcel.sequence))
    )  # fmt: skip
    if campaign_id is not None:
        query = query.where(col(Parcel.campaign_id) == campaign_id)
    if account is not None:
        query = query.where(col(Parcel.account) == account)
    return [Beside(*row) for row in session.execute(query)]


def of_campaign(session: Session, *, campaign_id: int) -> tuple[int, int, int]:
    """How many parcels are billed, for how many fen, and what was planned for them; for void ones nothing was."""
    billed = _per_parcel()
    planned = sa.case((col(Parcel.stage) == ParcelStage.voided, 0), else_=col(Parcel.postage_fen))
    query = (
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(billed.c.fen), 0),
            sa.func.coalesce(sa.func.sum(planned), 0),
        )
        .select_from(Parcel)
        .join(billed, billed.c.parcel_id == col(Parcel.id))
        .where(col(Parcel.campaign_id) == campaign_id)
    )
    parcels, fen, planned_fen = session.execute(query).one()
    return int(parcels), int(fen), int(planned_fen)
