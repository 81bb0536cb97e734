"""Rows of published files."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Artefact, ArtefactKind, PrintRun
from qianli.store.among import among


def find_or_add(session: Session, *, kind: ArtefactKind, path: str, campaign_id: int | None, at: datetime) -> Artefact:
    """The row of `path`, added if it is new."""
    found = session.exec(select(Artefact).where(Artefact.path == path)).first()
    if found is None:
        found = Artefact(kind=kind, path=path, campaign_id=campaign_id, created_at=at)
        session.add(found)
        session.flush()
    return found


def find_or_add_all(
    session: Session, *, kind: ArtefactKind, paths: Sequence[str], campaign_id: int | None, at: datetime
) -> dict[str, int]:
    """Path → the id of its row, added if it is new; a constant number of statements."""
    query = sa.select(col(Artefact.path), col(Artefact.id)).where(among(Artefact.path, paths))
    there = {path for path, _ in session.execute(query)}
    entry = {"kind": kind, "campaign_id": campaign_id, "created_at": at}
    if new := [{**entry, "path": path} for path in paths if path not in there]:
        session.execute(sa.insert(Artefact), new)
    return {path: int(id_) for path, id_ in session.execute(query)}


def unpublished(session: Session, *, paths: Sequence[str]) -> dict[str, int]:
    """Path → id of the rows among these whose file is not there yet."""
    query = sa.select(col(Artefact.path), col(Artefact.id)).where(
        among(Artefact.path, paths), col(Artefact.published_at).is_(None)
    )
    return dict(session.execute(query).tuples().all())


def record_all(session: Session, *, published: Sequence[tuple[int, str, int]], at: datetime) -> None:
    """What was published under these rows: id, SHA-256 and pages of each."""
    anew = {"published_at": at, "purge_id": None, "deleted_at": None}
    session.execute(
        sa.update(Artefact), [{"id": id_, "sha256": sha256, "pages": pages, **anew} for id_, sha256, pages in published]
    )


def by_id(session: Session, *, artefact_id: int) -> Artefact:
    """One row; it exists, since its id was handed out with it."""
    return session.get_one(Artefact, artefact_id)


def record(session: Session, *, artefact_id: int, sha256: str, pages: int | None, at: datetime) -> None:
    """What was published under this row; a file that was erased once is there again."""
    values = {"sha256": sha256, "pages": pages, "published_at": at, "purge_id": None, "deleted_at": None}
    session.execute(sa.update(Artefact).where(col(Artefact.id) == artefact_id).values(**values))


def of_campaign(session: Session, *, campaign_id: int) -> list[tuple[Artefact, PrintRun | None]]:
    """Every file of a campaign with its print run, in the order they were declared."""
    query = (
        sa.select(Artefact, PrintRun)
        .join(PrintRun, col(PrintRun.artefact_id) == col(Artefact.id), isouter=True)
        .where(col(Artefact.campaign_id) == campaign_id)
        .order_by(col(Artefact.id))
    )
    return [(artefact, run) for artefact, run in session.execute(query)]


def in_store(session: Session) -> list[tuple[str, str]]:
    """Path and SHA-256 of every file that was published and not erased, by path."""
    query = (
        select(Artefact.path, Artefact.sha256)
        .where(col(Artefact.published_at).is_not(None), col(Artefact.deleted_at).is_(None))
        .order_by(col(Artefact.path))
    )
    return [(path, sha256) for path, sha256 in session.exec(query) if sha256]


def note_erased(session: Session, *, ids: Iterable[int], at: datetime) -> None:
    """Files that were taken away at a person's wish; their rows stay."""
    update = sa.update(Artefact).where(among(Artefact.id, ids), col(Artefact.deleted_at).is_(None))
    session.execute(update.values(deleted_at=at).execution_options(synchronize_session=False))


def unerased(session: Session, *, beginning: str, before: datetime) -> list[Artefact]:
    """Files whose path begins so, that were declared before then and not erased since."""
    query = select(Artefact).where(
        col(Artefact.path).startswith(beginning, autoescape=True),
        col(Artefact.created_at) < before,
        col(Artefact.deleted_at).is_(None),
    )
    return list(session.exec(query.order_by(col(Artefact.id))))
