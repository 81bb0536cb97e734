"""Moved since: between prepare and hand-over somebody lives elsewhere. Leave it, hold it, or redirect it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import Campaign, CampaignState, ConsignmentState, HoldReason, ParcelStage, Residence, Snapshot, Subject
from qianli.campaigns.holds import WORDS
from qianli.campaigns.references import consignment_number
from qianli.errors import RuleBroken
from qianli.receipts.names import masked
from qianli.stages import typed
from qianli.stages.address_history import HIDDEN, division
from qianli.stages.judging import hold_row, look_at, take_snapshots
from qianli.stages.unit import now, reading, today, writing
from qianli.stages.voiding import still_owed, void_parcels
from qianli.store import campaigns, consignments, holds, journal, moved, stock, transitions, voiding
from qianli.store.moved import Elsewhere

C = ConsignmentState
EVERYONE = "all"
DECIDABLE = {CampaignState.prepared, CampaignState.approved, CampaignState.under_way}
WHY_HELD = WORDS[HoldReason.moved_since].sentence
WHY_REDIRECTED = "住址有变，改寄新地址"
WITH_COURIER = (
    "{number} 的包裹 {parcels} 已经交给快递公司，只能请快递公司改址；"
    "改不了的，等退回后用“parcel take-back”收回，再寄新地址。"
)


@dataclass(frozen=True)
class Moved:
    """One consignment whose member lives elsewhere by now; `left`: somebody decided to leave it as it is."""

    number: str
    member_id: int | None
    member: str
    stage: ParcelStage | None
    with_courier: bool
    left: bool
    was: str
    now: str | None
    since: date | None


@dataclass(frozen=True)
class Decided:
    """What was done, by number; what fell with the parcels, and waybills to be cancelled with the courier by hand.

    `held` lists whom the new address itself holds as well. `already`: nothing was left to decide.
    """

    code: str
    left: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    redirected: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    waybills: tuple[str, ...] = ()


def list_moved(code: str, *, whole: bool = False) -> list[Moved]:
    """Everyone whose residence for the planned date changed since prepare, old beside new; masked unless `whole`."""
    with reading() as session:
        campaign = campaigns.by_code(session, code=code)
        return [_seen(campaign, one, whole=whole) for one in _elsewhere(session, campaign)]


def _elsewhere(session: Session, campaign: Campaign) -> list[Elsewhere]:
    return moved.elsewhere(session, campaign_id=campaign.key, on=max(campaign.planned_delivery_on, today()))


def _seen(campaign: Campaign, one: Elsewhere, *, whole: bool) -> Moved:
    name = one.snapshot.name
    return Moved(
        number=consignment_number(campaign.code, one.number),
        member_id=one.snapshot.member_id,
        member=name if whole else masked(name),
        stage=one.stage,
        with_courier=one.out,
        left=not one.is_open and not one.out,
        was=_address(one.snapshot, whole=whole),
        now=_address(one.residence, whole=whole) if one.residence else None,
        since=one.residence.since if one.residence else None,
    )


def _address(where: Snapshot | Residence, *, whole: bool) -> str:
    return division(where) + (where.detail if whole else HIDDEN)


def decide(
    code: str,
    *,
    leave: Collection[str] = (),
    hold: Collection[str] = (),
    redirect: Collection[str] = (),
    by: str,
) -> Decided:
    """Decide about consignments by number, or about everyone still open (`all`); one transaction, twice is once."""
    with writing(by) as session:
        campaign = campaigns.lock(session, campaign_id=campaigns.by_code(session, code=code).key)
        if campaign.state not in DECIDABLE or campaign.stopped_at is not None:
            raise RuleBroken(f"活动 {code} 没有可以改寄的：还没有准备，或者已经结束、取消、叫停。", code=code)
        found = {one.consignment_id: one for one in _elsewhere(session, campaign)}
        asked = [_asked(session, campaign, words, found) for words in (leave, hold, redirect)]
        if twice := set(asked[0]) & {*asked[1], *asked[2]} | set(asked[1]) & set(asked[2]):
            numbers = [consignment_number(code, n) for n in sorted({*_numbers(session, twice)})]
            raise RuleBroken(f"{'、'.join(numbers)} 同时写了两种办法，请只留一种。", code=code)
        return _Deciding(session, campaign, found).all(*asked)


def _asked(session: Session, campaign: Campaign, words: Iterable[str], found: dict[int, Elsewhere]) -> list[int]:
    """Ids of the consignments that are named; RuleBroken for what a courier has."""
    ids = [id_ for id_, one in found.items() if one.is_open] if EVERYONE in words else []
    for word in words:
        if word == EVERYONE:
            continue
        number, consignment = typed.consignment(session, word)
        if consignment.campaign_id != campaign.key:
            raise RuleBroken(f"{number} 不是活动 {campaign.code} 的。", number=number)
        if references := voiding.handed_over_references(session, consignment_id=consignment.key):
            raise RuleBroken(WITH_COURIER.format(number=number, parcels="、".join(references)), number=number)
        ids.append(consignment.key)
    return list(dict.fromkeys(ids))


def _numbers(session: Session, ids: Iterable[int]) -> list[int]:
    return [one.consignment.number for one in consignments.prepared(session, ids=ids).values()]


@dataclass
class _Deciding:
    """One transaction of decisions."""

    session: Session
    campaign: Campaign
    found: dict[int, Elsewhere]

    def all(self, leave: Sequence[int], hold: Sequence[int], redirect: Sequence[int]) -> Decided:
        waiting = self._waiting(redirect)
        left = self._leave([id_ for id_ in leave if self._is_open(id_)])
        to_hold = [id_ for id_ in hold if id_ in self.found and id_ not in waiting]
        going = [id_ for id_ in redirect if id_ in self.found or id_ in waiting]
        fell = void_parcels(
            self.session,
            parcel_ids=voiding.in_the_house(self.session, consignment_ids=[*to_hold, *going]),
            why="准备之后住址有变",
        )
        not_going = self._redirect(going, waiting)
        self._hold(to_hold)
        others = still_owed(self.session, fell, without={*to_hold, *going}, why="同寄的人住址有变")
        done = {*left, *to_hold, *going}
        return Decided(
            code=self.campaign.code,
            left=self._named(left),
            held=self._named([*to_hold, *not_going]),
            redirected=self._named([id_ for id_ in going if id_ not in not_going]),
            already=self._named([id_ for id_ in (*leave, *hold, *redirect) if id_ not in done]),
            others=tuple(consignment_number(self.campaign.code, one.number) for one in others),
            parcels=fell.parcels,
            manifests=fell.manifests,
            waybills=fell.waybills,
        )

    def _named(self, ids: Sequence[int]) -> tuple[str, ...]:
        return tuple(consignment_number(self.campaign.code, number) for number in sorted(_numbers(self.session, ids)))

    def _is_open(self, id_: int) -> bool:
        return id_ in self.found and self.found[id_].is_open

    def _waiting(self, ids: Sequence[int]) -> dict[int, int]:
        """Consignment id → its open hold for having moved."""
        open_holds = holds.open_holds(self.session, consignment_ids=ids)
        return {one.consignment_id: one.key for one in open_holds if one.reason is HoldReason.moved_since}

    def _leave(self, ids: Sequence[int]) -> list[int]:
        """They go where they were prepared for; asked again only if they move once more."""
        nowhere = [id_ for id_ in ids if self.found[id_].residence is None]
        if nowhere:
            numbers = "、".join(self._named(nowhere))
            raise RuleBroken(f"{numbers} 现在没有住址：先登记新住址，或者用 --hold 暂缓。", code=self.campaign.code)
        there = {id_: residence.key for id_ in ids if (residence := self.found[id_].residence)}
        moved.pass_over(self.session, residences=there)
        journal.note(self.session, subject=Subject.consignment, ids=there, what="moved left", why="")
        return list(ids)

    def _hold(self, ids: Sequence[int]) -> None:
        """They wait until somebody vouched for the new address."""
        there = holds.reasons(self.session, consignment_ids=ids)
        new = [id_ for id_ in ids if HoldReason.moved_since not in there.get(id_, set())]
        at = now()
        holds.add(self.session, rows=[hold_row(id_, HoldReason.moved_since, at) for id_ in new])
        transitions.consignments(self.session, ids, C.held, why=WHY_HELD)
        stock.release(self.session, consignment_ids=ids, reason=WHY_HELD)

    def _redirect(self, ids: Sequence[int], waiting: dict[int, int]) -> list[int]:
        """New snapshots in the transaction that voids; the answer is whom the new address itself holds.

        Who is held stays held: what holds them is looked at again by `prepare`.
        """
        holds.clear(self.session, hold_ids=waiting.values(), at=now())
        rows = consignments.of_ids_with_members(self.session, ids=ids)
        looks = look_at(self.session, self.campaign, rows, {})
        take_snapshots(self.session, [consignment for consignment, _ in rows], looks)
        journal.note(self.session, subject=Subject.consignment, ids=ids, what="moved redirected", why="")
        were_held = {consignment.key for consignment, _ in rows if consignment.state is C.held}
        stopped = {id_: look for id_, look in looks.items() if look.reasons and id_ not in were_held}
        at = now()
        holds.add(
            self.session,
            rows=[
                hold_row(id_, reason, at, look.said(reason)) for id_, look in stopped.items() for reason in look.reasons
            ],
        )
        transitions.consignments(self.session, stopped, C.held, why=WHY_REDIRECTED)
        stock.release(self.session, consignment_ids=list(stopped), reason=WHY_REDIRECTED)
        return sorted({*were_held, *stopped})
