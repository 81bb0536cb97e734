"""Items are published when their day has come: a programme a shard, each in one transaction.

An item moves from planned to published once, whoever runs how often; cut off anywhere, what was not committed is due
again. Messages to groups and members are queued in the same transaction: neither is there without the other.
"""

from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session

from models import Programme, StudyState, Subject
from qianli.programmes.schedule import ColumnRule, Planned, due
from qianli.stages import study_notices
from qianli.stages.calendar import calendar
from qianli.stages.unit import SYSTEM, now, reading, today, writing
from qianli.store import journal, transitions
from qianli.store import programmes as store


@dataclass(frozen=True)
class Published:
    """How many items of a programme were published, how many of them are to be made known, and by how many messages."""

    code: str
    items: int
    announced: int
    notices: int = 0


def shards(_campaign_id: int = 0) -> list[int]:
    """Programmes with something due."""
    with reading() as session:
        return store.with_due(session, on=today())


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - the items' rows are the only lock
    """Publish what is due of one programme."""
    _publish(shard_id, SYSTEM)


def publish(*, by: str) -> list[Published]:
    """The same of all programmes, one after the other."""
    return [_publish(id_, by) for id_ in shards()]


def _publish(programme_id: int, by: str) -> Published:
    with writing(by) as session:
        programme = session.get_one(Programme, programme_id)
        there = store.items(session, programme_id=programme_id, states=[StudyState.planned])
        rules = {
            one.key: ColumnRule(one.holidays, one.at_once) for one in store.columns(session, programme_id=programme_id)
        }
        planned = [Planned(one.item.key, one.column.key, one.item.planned_on) for one in there]
        now_due = due(planned, rules, today=today(), calendar=calendar())
        moved = set(transitions.study_items(session, [*now_due.silent, *now_due.told], StudyState.published))
        told = moved.intersection(now_due.told)
        store.note_published(session, ids=moved, told=told, at=now())
        _note(session, programme, Counter(one.column.name for one in there if one.item.key in moved))
        notices = study_notices.tell(session, programme, sorted(told), now())
        return Published(programme.code, len(moved), len(told), notices)


def _note(session: Session, programme: Programme, counts: Counter[str]) -> None:
    if counts:
        why = "，".join(f"{name} {count} 篇" for name, count in counts.items())[:300]
        journal.note(session, subject=Subject.programme, ids=[programme.key], what="published", why=why)
