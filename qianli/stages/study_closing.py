"""Closing a programme's months: a week after its end a month's numbers are written down, and change no more.

Else a report of last winter would count whoever is in the ledger today.
"""

from dataclasses import asdict
from datetime import date

from sqlmodel import Session

from models import Programme, Subject
from qianli.programmes.schedule import over
from qianli.stages import study_months
from qianli.stages.unit import SYSTEM, day_of, now, reading, today, writing
from qianli.store import closed_months as store
from qianli.store import journal


def shards(_campaign_id: int = 0) -> list[int]:
    """Programmes with a month that is over."""
    with reading() as session:
        return sorted(_due(session))


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - a month's row is the only lock
    """Close what is over of one programme."""
    with reading() as session:
        months = _due(session).get(shard_id, [])
    for first in months:
        _close(shard_id, first)


def close() -> None:
    """The same of all programmes."""
    for id_ in shards():
        run(id_)


def _due(session: Session) -> dict[int, list[date]]:
    found = {id_: over(day_of(began), closed, today=today()) for id_, (began, closed) in store.begun(session).items()}
    return {id_: months for id_, months in found.items() if months}


def _close(programme_id: int, first: date) -> None:
    with writing(SYSTEM) as session:
        programme = session.get_one(Programme, programme_id)
        found = study_months.count(session, programme, first)
        row = {
            "programme_id": programme_id, "begins_on": first, "published": found.published,
            "openings": found.openings, "branches": [asdict(one) for one in found.branches], "closed_at": now(),
        }  # fmt: skip
        if store.close(session, row=row):
            ids, why = [programme_id], f"{first.year}年{first.month}月"
            journal.note(session, subject=Subject.programme, ids=ids, what="month closed", why=why)
