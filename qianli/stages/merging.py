"""Two records of one person put together by a person, and taken apart again just as they were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Consignment, ConsignmentState, HoldReason, Member, Subject
from qianli.campaigns.holds import MERGED
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.merging import LEARNT, forgotten, learnt
from qianli.stages import typed
from qianli.stages.member_marks import withhold_of
from qianli.stages.merged_addresses import give_back, take_over
from qianli.stages.study_telling import carry_wishes
from qianli.stages.unit import now, writing
from qianli.stages.withholding import Withheld, withhold
from qianli.store import consignments, holds, journal, members, transitions, voiding
from qianli.store import duplicates as store

C = ConsignmentState
#: How far a consignment has come; of two of one campaign the further one stays the person's.
RANK = {C.cancelled: 0, C.not_sent: 0, C.planned: 1, C.held: 1, C.ready: 2, C.under_way: 3, C.unconfirmed: 4}
SENT, ANSWERED = 4, 5


@dataclass(frozen=True)
class Merged:
    """Which record is kept, what it learnt from the other, and what is not sent twice."""

    kept: int
    gone: int
    name: str
    already: bool = False
    learnt: tuple[str, ...] = ()
    address: bool = False
    consignments: int = 0
    both_sent: int = 0
    withheld: Withheld = field(default_factory=Withheld)


@dataclass(frozen=True)
class Unmerged:
    """The two records again; `address` is False where the kept one's was changed since, and stays as it is."""

    kept: int
    gone: int
    name: str
    address: bool


def merge(keep: str, gone: str, *, by: str) -> Merged:
    """The second record is the same person as the first: it leads there from now on, and keeps its row.

    The kept record learns what it did not know; the newer address counts; whatever was sent is the kept one's. Where
    both are owed something in one campaign, what has come further stays and the other is held: nobody gets two.
    """
    with writing(by) as session:
        kept, other = typed.members_of(session, [keep, gone])
        if other.merged_into_id == kept.key:
            return Merged(kept.key, other.key, kept.name, already=True)
        _may_merge(session, kept, other)
        at = now()
        new = learnt(kept, other)
        changed: dict[str, Any] = {
            "learnt": [name for name in new if name != "details"],
            "details": sorted(other.details.keys() - kept.details.keys()),
            "merged": store.merged_into(session, member_id=other.key),
        }
        changed["address"] = take_over(session, kept, other)
        members.write(session, member=kept, values=new)
        members.write(session, member=other, values={"merged_into_id": kept.key})
        store.point_merged(session, ids=changed["merged"], to=kept.key)
        owned, losing, both_sent = _share(session, kept.key, other.key)
        changed["consignments"] = {str(id_): was for id_, (was, _) in owned.items()}
        store.give_consignments(session, owners={id_: becomes for id_, (_, becomes) in owned.items()})
        changed["snapshots"] = store.give_snapshots(session, of=other.key, to=kept.key)
        changed["participations"] = store.give_participations(session, of=other.key, to=kept.key)
        changed["contributions"] = store.give_contributions(session, of=other.key, to=kept.key)
        carry_wishes(session, other, kept)
        changed["movements"] = store.give_movements(session, of=other.key, to=kept.key)
        withheld = _withhold(session, losing, at)
        _stop(session, kept.key, new)
        store.add_merge(session, kept_id=kept.key, gone_id=other.key, changed=changed, by=by, at=at)
        journal.note(session, subject=Subject.member, ids=[kept.key], what="merged", why=f"编号 {other.key}")
        journal.note(session, subject=Subject.member, ids=[other.key], what="merged away", why=f"编号 {kept.key}")
        return Merged(
            kept=kept.key,
            gone=other.key,
            name=kept.name,
            learnt=tuple(dict.fromkeys(word for name, word in LEARNT.items() if name in new)),
            address=bool(changed["address"]["added"]),
            consignments=sum(becomes == kept.key for _, becomes in owned.values()),
            both_sent=both_sent,
            withheld=withheld,
        )


def _may_merge(session: Session, kept: Member, gone: Member) -> None:
    if kept.key == gone.key:
        raise BadInput("请写两个不同的党员编号：先写保留的，再写并入的。")
    for one in (kept, gone):
        if one.merged_into_id is not None:
            raise RuleBroken(
                f"编号 {one.key} 已经并入编号 {one.merged_into_id}；并错了的，先用“member unmerge {one.key}”撤销。",
                member_id=one.key,
            )
    first, second = sorted((kept.key, gone.key))
    if store.is_distinct(session, first_id=first, second_id=second):
        raise RuleBroken(
            f"编号 {first} 和 {second} 已经注明是两个人；弄错了的，先运行“member distinct {first} {second} --undo”。",
            member_ids=[first, second],
        )


def _share(session: Session, kept_id: int, gone_id: int) -> tuple[dict[int, tuple[int, int]], list[int], int]:
    """Consignment id → whose it was and becomes; those that must not go as well; of how many campaigns both went."""
    mine: dict[int, dict[int, Consignment]] = {}
    for one in consignments.of_members(session, member_ids=[kept_id, gone_id]):
        mine.setdefault(one.campaign_id, {})[one.member_id] = one
    here = voiding.still_here(session, consignment_ids=[one.key for both in mine.values() for one in both.values()])
    owned: dict[int, tuple[int, int]] = {}
    losing, both_sent = list[int](), 0
    for both in mine.values():
        ours, theirs = both.get(kept_id), both.get(gone_id)
        if theirs is None:
            continue
        if ours is None:
            owned[theirs.key] = (gone_id, kept_id)
            continue
        loser, winner = sorted((theirs, ours), key=lambda one: (_rank(one, here), one.member_id == kept_id))
        if winner is theirs:
            owned |= {theirs.key: (gone_id, kept_id), ours.key: (kept_id, gone_id)}
        if loser.key in here:
            losing.append(loser.key)
        elif _rank(loser, here) >= SENT:
            both_sent += 1
    return owned, losing, both_sent


def _rank(one: Consignment, here: dict[int, int]) -> int:
    if one.state in transitions.ANSWERED:
        return ANSWERED
    if one.state is C.under_way and one.key not in here:
        return SENT
    return RANK[one.state]


def _withhold(session: Session, losing: Sequence[int], at: datetime) -> Withheld:
    """In words of their own, also where they were held before because somebody suspected it."""
    _clear_suspicion(session, losing, at)
    return withhold(session, consignment_ids=losing, reason=HoldReason.duplicate_person, words=MERGED)


def _stop(session: Session, kept_id: int, new: dict[str, Any]) -> None:
    """The other record knew that nothing may be sent."""
    for name, reason in ((("deceased_on"), HoldReason.deceased), ("do_not_contact", HoldReason.do_not_contact)):
        if name in new:
            withhold_of(session, [kept_id], reason)


def _clear_suspicion(session: Session, consignment_ids: Sequence[int], at: datetime) -> None:
    standing = holds.open_holds(session, consignment_ids=consignment_ids)
    holds.clear(session, hold_ids=[one.key for one in standing if one.reason is HoldReason.duplicate_person], at=at)


def unmerge(gone: str, *, by: str) -> Unmerged:
    """They are two people after all: everything is again as it was before the merge, but what was changed since.

    What was held because of it is looked at again by the next `prepare`.
    """
    with writing(by) as session:
        other = typed.member(session, gone)
        done = store.merge_of(session, gone_id=other.key)
        if done is None:
            raise NotFound(f"编号 {other.key} 没有并入别的记录，不用撤销。", member_id=other.key)
        kept = members.lock(session, ids=[done.kept_id])[done.kept_id]
        if kept.merged_into_id is not None:
            raise RuleBroken(
                f"编号 {kept.key} 后来又并入了编号 {kept.merged_into_id}，先用“member unmerge {kept.key}”撤销那一次。",
                member_id=kept.key,
            )
        changed = dict(done.changed)
        address = give_back(session, kept.key, changed["address"])
        members.write(session, member=kept, values=forgotten(kept, other, changed["learnt"], changed["details"]))
        members.write(session, member=other, values={"merged_into_id": None})
        store.point_merged(session, ids=changed["merged"], to=other.key)
        _give_back(session, kept.key, other.key, changed)
        done.undone_at = now()
        session.add(done)
        journal.note(session, subject=Subject.member, ids=[kept.key], what="unmerged", why=f"编号 {other.key}")
        journal.note(session, subject=Subject.member, ids=[other.key], what="unmerged", why=f"编号 {kept.key}")
        return Unmerged(kept.key, other.key, other.name, address=address)


def _give_back(session: Session, kept_id: int, gone_id: int, changed: dict[str, Any]) -> None:
    before = {int(id_): owner for id_, owner in changed["consignments"].items()}
    there = {one.key for one in consignments.of_members(session, member_ids=[kept_id, gone_id])}
    store.give_consignments(session, owners={id_: owner for id_, owner in before.items() if id_ in there})
    store.give_snapshots(session, of=kept_id, to=gone_id, only=changed["snapshots"])
    store.give_participations(session, of=kept_id, to=gone_id, only=changed["participations"])
    store.give_contributions(session, of=kept_id, to=gone_id, only=changed.get("contributions", ()))
    store.give_movements(session, of=kept_id, to=gone_id, only=changed.get("movements", ()))
    both = consignments.of_members(session, member_ids=[kept_id, gone_id])
    _clear_suspicion(session, [one.key for one in both], now())
