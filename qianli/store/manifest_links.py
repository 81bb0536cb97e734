"""Links by which couriers reach their manifests."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Manifest, ManifestLink, ManifestState

OPEN = (ManifestState.sealed, ManifestState.handed_over)


def live(session: Session, *, manifest_id: int) -> ManifestLink | None:
    """The link that is not revoked; it may be over."""
    query = select(ManifestLink).where(ManifestLink.manifest_id == manifest_id, col(ManifestLink.revoked_at).is_(None))
    return session.exec(query).first()


def next_generation(session: Session, *, manifest_id: int) -> int:
    """Which link of this manifest the next one is, from 1."""
    last = sa.select(sa.func.max(col(ManifestLink.generation))).where(col(ManifestLink.manifest_id) == manifest_id)
    return int(session.execute(last).scalar() or 0) + 1


def add(session: Session, *, link: ManifestLink) -> None:
    """One more link."""
    session.add(link)
    session.flush()


def behind(session: Session, *, hashes: Sequence[str], at: datetime) -> Manifest | None:
    """The manifest that a link leads to, if neither link nor manifest is over."""
    query = (
        select(Manifest)
        .join(ManifestLink, col(ManifestLink.manifest_id) == col(Manifest.id))
        .where(
            col(ManifestLink.token_hash).in_(list(hashes)),
            col(ManifestLink.revoked_at).is_(None),
            sa.or_(col(ManifestLink.expires_at).is_(None), col(ManifestLink.expires_at) > at),
            col(Manifest.state).in_(OPEN),
        )
    )
    return session.exec(query).first()


def end(
    session: Session, *, link: ManifestLink, revoked_at: datetime | None = None, at: datetime | None = None
) -> None:
    """It ends: now, because it was revoked, or at some later moment."""
    link.revoked_at = revoked_at or link.revoked_at
    link.expires_at = at or link.expires_at
    session.add(link)
