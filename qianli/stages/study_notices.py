"""Telling groups and members of what a programme published: messages, each item to everybody once.

They are queued in the transaction that publishes, so that neither is without the other. What waits still is not sent
twice over: it tells of more items. A group is told through its robot, a member who wants to be through the
programme's account; where there is none, nobody is told.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Message, MessageEnd, MessagePurpose, Programme, StudyGroup
from qianli.programmes.notices import PAUSE, due_at, nearest, sending_key
from qianli.store import messages, organisations, study
from qianli.store import study_notices as store

TEXT = "study_items"


def tell(session: Session, programme: Programme, item_ids: Collection[int], at: datetime) -> int:
    """Queue notices of what is published now; the answer is how many messages tell of it."""
    if not item_ids:
        return 0
    groups = study.live_groups(session, programme_id=programme.key)
    waits = {(one.member_id, one.organisation_id if one.member_id is None else None): one
             for one in store.waiting(session, programme_id=programme.key)}  # fmt: skip
    rows = [_to_group(programme, group, item_ids, at) for group in groups if group.channel]
    rows += _to_members(session, programme, groups, item_ids, at)
    new, more = list[dict[str, Any]](), list[dict[str, Any]]()
    for row in rows:
        member = row.get("member_id")
        known = waits.get((member, None if member else row["organisation_id"]))
        if known is None:
            new.append(row)
        else:
            more.append({"id": known.key, "details": _with_more(known, item_ids)})
    messages.queue(session, rows=new, at=at)
    store.say_anew(session, rows=more)
    return len(rows)


def _with_more(waiting: Message, item_ids: Collection[int]) -> dict[str, Any]:
    told, items = waiting.details, waiting.details.get("items", [])
    return {**told, "count": int(told["count"]) + len(item_ids), "items": [*items, *sorted(item_ids)]}


def forget_item(session: Session, programme: Programme, item_id: int, at: datetime) -> None:
    """An item was withdrawn: what waits tells of one less, and what told of nothing else is not sent."""
    about = [
        one for one in store.waiting(session, programme_id=programme.key) if item_id in one.details.get("items", [])
    ]
    empty = [one.key for one in about if int(one.details["count"]) <= 1]
    fewer = [{"id": one.key, "details": _without(one, item_id)} for one in about if one.key not in empty]
    store.say_anew(session, rows=fewer)
    messages.cancel(session, message_ids=empty, reason=MessageEnd.withdrawn, at=at)


def _without(waiting: Message, item_id: int) -> dict[str, Any]:
    told = waiting.details
    return {**told, "count": int(told["count"]) - 1, "items": [one for one in told["items"] if one != item_id]}


def _to_group(programme: Programme, group: StudyGroup, item_ids: Collection[int], at: datetime) -> dict[str, Any]:
    return {
        "sending_key": sending_key(programme.key, max(item_ids), f"g{group.key}"),
        "organisation_id": group.organisation_id, "channel": group.channel, "due_at": at,
        **_said(programme, group.generation, group.key_id, item_ids),
    }  # fmt: skip


def _to_members(
    session: Session, programme: Programme, groups: list[StudyGroup], item_ids: Collection[int], at: datetime
) -> list[dict[str, Any]]:
    """Those who want to be told, and whose page is open."""
    if not programme.channel:
        return []
    trees = {one.organisation_id: organisations.tree_ids(session, root_id=one.organisation_id) for one in groups}
    pages = nearest(trees)
    people = [
        one
        for one in store.wanting(session, programme_id=programme.key)
        if one.organisation_id in pages or one.host_organisation_id in pages
    ]
    last = store.last_told(session, member_ids=[one.member_id for one in people], since=at - PAUSE)
    return [
        {
            "sending_key": sending_key(programme.key, max(item_ids), f"m{one.member_id}"),
            "organisation_id": one.organisation_id, "member_id": one.member_id, "channel": programme.channel,
            "due_at": due_at(at, last.get(one.member_id)),
            **_said(programme, one.generation, one.key_id, item_ids),
        }
        for one in people
    ]  # fmt: skip


def _said(programme: Programme, generation: int, key_id: str, item_ids: Collection[int]) -> dict[str, Any]:
    told = {"count": len(item_ids), "items": sorted(item_ids)}
    details = {**told, "programme": programme.key, "generation": generation, "key": key_id}
    return {"purpose": MessagePurpose.study, "text_code": TEXT, "details": details}
