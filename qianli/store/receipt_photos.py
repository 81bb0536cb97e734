"""Pictures that go with what members said."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Artefact, ReceiptPhoto, Subject
from qianli.store import journal


def there(session: Session, *, consignment_id: int) -> list[tuple[ReceiptPhoto, Artefact]]:
    """Those of a consignment that were not taken back, in the order they came."""
    query = (
        sa.select(ReceiptPhoto, Artefact)
        .join(Artefact, col(Artefact.id) == col(ReceiptPhoto.artefact_id))
        .where(col(ReceiptPhoto.consignment_id) == consignment_id, col(ReceiptPhoto.removed_at).is_(None))
        .order_by(col(ReceiptPhoto.id))
    )
    return [(photo, artefact) for photo, artefact in session.execute(query)]


def add(session: Session, *, consignment_id: int, artefact_id: int, at: datetime) -> None:
    """One more; a picture that was taken back and is sent again is there again."""
    found = session.exec(select(ReceiptPhoto).where(ReceiptPhoto.artefact_id == artefact_id)).first()
    if found is None:
        session.add(ReceiptPhoto(consignment_id=consignment_id, artefact_id=artefact_id, added_at=at))
    else:
        found.removed_at = None
    journal.note(session, subject=Subject.consignment, ids=[consignment_id], what="photo added")


def remove(session: Session, *, ids: Iterable[int], consignment_id: int, at: datetime) -> None:
    """They do not count any more."""
    update = sa.update(ReceiptPhoto).where(col(ReceiptPhoto.id).in_(list(ids))).values(removed_at=at)
    session.execute(update.execution_options(synchronize_session=False))
    journal.note(session, subject=Subject.consignment, ids=[consignment_id], what="photo removed")
